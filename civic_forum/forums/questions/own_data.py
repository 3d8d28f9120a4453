"""Personal data in questions, pulses, chat and mutes: for the download, and for leaving."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform.base import db

from ..chat.models import ChatMessage, ForumMute
from ..models import Forum
from ..pulses.models import Pulse, PulseResponse
from .models import Question, QuestionSupport


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    return {
        "questions": [{"forum": row.slug, "text": row.Question.text, "at": row.Question.asked_at.isoformat(),
                       "typed_for": row.Question.name} for row in _of(Question, Question.author_id, user)],
        "supported_questions": [{"question": support.question_id, "at": support.at.isoformat()}
                                for support in db.session.scalars(sa.select(QuestionSupport).filter_by(user_id=user.id)
                                                                  .order_by(QuestionSupport.question_id))],
        "chat": [{"forum": row.slug, "text": row.ChatMessage.text, "at": row.ChatMessage.at.isoformat()}
                 for row in _of(ChatMessage, ChatMessage.user_id, user)],
        "open_pulses": [{"question": row.text, "answer": row.PulseResponse.value} for row in db.session.execute(
            sa.select(PulseResponse, Pulse.text).join(Pulse, Pulse.id == PulseResponse.pulse_id)
            .where(PulseResponse.user_id == user.id))],
        "silenced": [{"forum": row.slug, "reason": row.ForumMute.reason, "at": row.ForumMute.at.isoformat()}
                     for row in _of(ForumMute, ForumMute.user_id, user)],
    }


def _of(table, whose, user: User):
    return db.session.execute(sa.select(table, Forum.slug).join(Forum, Forum.id == table.forum_id)
                              .where(whose == user.id).order_by(table.id))


def erase(user: User, session) -> None:
    """Questions stay, as of somebody who has left; what was said in the chat goes, and answers that are not counted
    for good yet."""
    for table in (ChatMessage, PulseResponse):
        session.execute(sa.delete(table).where(table.user_id == user.id))
    session.execute(sa.update(ForumMute).where(ForumMute.user_id == user.id).values(reason=""))
