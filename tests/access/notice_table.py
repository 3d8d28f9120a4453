"""Rights to notices: one's own, and never those of another."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.notifications import operations
from civic_forum.notifications.models import Notice
from civic_forum.notifications.rules import NoticeKind

from .form import Form
from .things import Thing

NOTICES = """
                                                                 visi user resi auth mode offi cler cler admi obse
                                                                 tor       dent or   rato cial k    else nist rver
# Everybody has a box of notices, and nobody ever finds one of another's. Following a notice notes that it was read.
GET /me/notices
GET /me/notices/settings
    -                                                            in   200  200  200  200  200  200  200  200  200
GET /me/notices/<notice_id>
    notice_of_author                                             in   404  404  ok*  404  404  404  404  404  404
    no_notice                                                    in   404  404  404  404  404  404  404  404  404
POST /me/notices/settings
    -                                                            401  ok   ok   ok   ok   ok   ok   ok   ok   ok
POST /me/notices/reads
    notice_of_author                                             401  ok   ok   ok   ok   ok   ok   ok   ok   ok
    no_notice                                                    401  400  400  400  400  400  400  400  400  400
"""
ADDRESSES = ["/me/notices?after={}", "/me/notices?only={}", "/me/notices/{}"]


def add(scene) -> None:
    author = scene.people["author"]
    db.session.flush()
    operations.tell(db.session, sa.select(User.id).filter_by(id=author.id), kind=NoticeKind.SUPPORTED,
                    about="proposal:1", step="answered", title="", url="/proposals", once="access:1", at=clock.now())
    number = db.session.scalar(sa.select(Notice.id).filter_by(user_id=author.id, once="access:1"))
    scene.things["notice_of_author"] = Thing({"notice_id": number}, form={"up_to": str(number), "about": "proposal:1"})
    scene.things["no_notice"] = Thing({"notice_id": 999_999_999}, form={"up_to": "nothing"})


FORMS = [
    Form("/me/notices/reads", "up_to about only", about="notice_of_author"),
    Form("/me/notices/settings", "mail_reply mail_moderation site_supported",
         given={"mail_reply": "weekly", "site_vote": "never"}),
]
