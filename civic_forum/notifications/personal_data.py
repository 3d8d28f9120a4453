"""Personal data around notices: for the download, and for leaving."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from . import labels
from .models import DeadAddress, Delivery, DigestRun, Notice, NoticePreference
from .queries import notices as subjects


def collect(user: User) -> dict[str, object]:
    notices = list(db.session.scalars(sa.select(Notice).filter_by(user_id=user.id).order_by(Notice.id)))
    titles = subjects.titles({notice.about for notice in notices}, user.id)
    chosen = db.session.scalars(sa.select(NoticePreference).filter_by(user_id=user.id).order_by(
        NoticePreference.kind, NoticePreference.channel))
    left = db.session.execute(
        sa.select(Delivery.channel, Delivery.frequency, Delivery.sent_at, Notice.at)
        .join(Notice, Notice.id == Delivery.notice_id).where(Delivery.user_id == user.id).order_by(Delivery.id))
    dead = db.session.get(DeadAddress, user.id)
    return {
        "notices": [{"at": notice.at.isoformat(), "about": titles.get(notice.about), "address": notice.url,
                     "said": labels.sentence(notice.step, notice.details),
                     "read_at": notice.read_at and notice.read_at.isoformat()} for notice in notices],
        "wanted": [{"kind": preference.kind, "channel": preference.channel, "how_often": preference.frequency}
                   for preference in chosen],
        "sent": [{"channel": channel, "how_often": frequency, "at": at.isoformat(),
                  "sent_at": sent_at and sent_at.isoformat()} for channel, frequency, sent_at, at in left],
        "address_refused_since": dead and dead.since.isoformat(),
    }


def erase(user: User, session) -> None:
    """Nothing of it is of use to anybody else."""
    for table in (Delivery, Notice, NoticePreference, DigestRun, DeadAddress):
        session.execute(sa.delete(table).filter_by(user_id=user.id))
