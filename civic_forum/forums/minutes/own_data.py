"""Personal data in the record of forums: for the download, and for leaving."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from ..floor.models import SpeakingRequest, Turn
from ..models import Forum, ForumDuty
from ..record.models import Caption
from .models import Correction


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    """Duties, requests and turns, what captions have them say, and what they wanted corrected."""
    return {
        "duties": [{"forum": slug, "duty": one.duty.value, "topic": one.topic} for slug, one in _of(ForumDuty, user)],
        "requests": [{"forum": slug, "topic": one.topic, "for_group": one.for_group, "at": one.asked_at.isoformat(),
                      "state": one.state.value} for slug, one in _of(SpeakingRequest, user)],
        "turns": [{"forum": slug, "topic": one.topic, "about": one.about, "started_at": one.started_at.isoformat(),
                   "ended_at": one.ended_at and one.ended_at.isoformat()} for slug, one in _of(Turn, user)],
        "captions": [{"forum": slug, "text": one.text, "at": one.at.isoformat()} for slug, one in _of(Caption, user)],
        "corrections": [{"forum": slug, "place": one.place, "was": one.was, "becomes": one.becomes,
                         "at": one.at.isoformat(), "reply": one.reply} for slug, one in _of(Correction, user)],
    }


def _of(kind: type, user: User):
    return db.session.execute(sa.select(Forum.slug, kind).join(Forum, Forum.id == kind.forum_id)
                              .where(kind.user_id == user.id).order_by(kind.id))


def erase(user: User, session) -> None:
    """Erase somebody from forums. What was said in public stays, as of somebody who has left; what tells more about
    them goes: where they live and how old they are, and duties at forums to come."""
    session.execute(sa.update(Turn).where(Turn.user_id == user.id).values(about=None, neighbourhood_id=None,
                                                                          age_group=None))
    session.execute(sa.update(SpeakingRequest).where(SpeakingRequest.user_id == user.id).values(about=None))
    to_come = sa.select(Forum.id).where(Forum.opened_at.is_(None))
    session.execute(sa.delete(ForumDuty).where(ForumDuty.user_id == user.id, ForumDuty.forum_id.in_(to_come)))
