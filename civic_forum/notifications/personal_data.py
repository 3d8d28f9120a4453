"""Personal data around notices: for the download, and for leaving."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from . import labels
from .models import DeadAddress, Delivery, DigestRun, Notice, NoticePreference
from .queries import notices as subjects


def collect(user: User) -> dict[str, object]:
    notices = list(db.session.scalars(sa.select(Notice).filter_by(user_id=user.id).order_by(Notice.id)))
    titles = subjects.titles({one.about for one in notices}, user.id)
    chosen = db.session.scalars(sa.select(NoticePreference).filter_by(user_id=user.id).order_by(
        NoticePreference.kind, NoticePreference.channel))
    left = db.session.execute(
        sa.select(Delivery.channel, Delivery.frequency, Delivery.sent_at, Notice.at)
        .join(Notice, Notice.id == Delivery.notice_id).where(Delivery.user_id == user.id).order_by(Delivery.id))
    dead = db.session.get(DeadAddress, user.id)
    return {
        "notices": [{"at": one.at.isoformat(), "about": titles.get(one.about), "address": one.url,
                     "said": labels.sentence(one.step, one.details),
                     "read_at": one.read_at and one.read_at.isoformat()} for one in notices],
        "wanted": [{"kind": one.kind, "channel": one.channel, "how_often": one.frequency} for one in chosen],
        "sent": [{"channel": channel, "how_often": frequency, "at": at.isoformat(),
                  "sent_at": sent_at and sent_at.isoformat()} for channel, frequency, sent_at, at in left],
        "address_refused_since": dead and dead.since.isoformat(),
    }


def erase(user: User, session) -> None:
    """Nothing of it is of use to anybody else."""
    for table in (Delivery, Notice, NoticePreference, DigestRun, DeadAddress):
        session.execute(sa.delete(table).filter_by(user_id=user.id))
