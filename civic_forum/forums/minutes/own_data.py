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
        "duties": [{"forum": slug, "duty": duty.duty.value, "topic": duty.topic}
                   for slug, duty in _of(ForumDuty, user)],
        "requests": [{"forum": slug, "topic": request.topic, "for_group": request.for_group,
                      "at": request.asked_at.isoformat(), "state": request.state.value}
                     for slug, request in _of(SpeakingRequest, user)],
        "turns": [{"forum": slug, "topic": turn.topic, "about": turn.about, "started_at": turn.started_at.isoformat(),
                   "ended_at": turn.ended_at and turn.ended_at.isoformat()} for slug, turn in _of(Turn, user)],
        "captions": [{"forum": slug, "text": caption.text, "at": caption.at.isoformat()}
                     for slug, caption in _of(Caption, user)],
        "corrections": [{"forum": slug, "place": correction.place, "was": correction.was, "becomes": correction.becomes,
                         "at": correction.at.isoformat(), "reply": correction.reply}
                        for slug, correction in _of(Correction, user)],
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
