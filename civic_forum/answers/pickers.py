"""Final answers as things to join to."""

import re

import sqlalchemy as sa

from civic_forum.blocks.pickers import Choice, Pickable, has_words, register
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l, day
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries.records import READABLE

from .models import Answer
from .rules import AnswerKind, AnswerState

NUMBER = re.compile(r"[1-9][0-9]{0,17}")
ADDRESS = re.compile(r"#answer-([1-9][0-9]{0,17})$")
FINAL = (sa.select(Answer).join(Proposal, Proposal.id == Answer.proposal_id)
         .where(READABLE, Answer.state == AnswerState.PUBLISHED, Answer.kind == AnswerKind.FINAL))


def _choice(answer: Answer) -> Choice:
    return Choice(str(answer.id), answer.proposal.title, f"{answer.proposal.number} · {day(answer.published_at)}")


def find(_actor, text: str, _within: str) -> Choice | None:
    """By its number, or by its address on the page of its proposal."""
    number = NUMBER.fullmatch(text) or ADDRESS.search(text)
    answer = db.session.scalar(FINAL.where(Answer.id == int(number[number.lastindex or 0]))) if number else None
    return _choice(answer) if answer is not None else None


def search(_actor, text: str, limit: int, _within: str) -> list[Choice]:
    statement = FINAL.where(has_words(text, Proposal.title, Proposal.number)).order_by(Answer.id.desc()).limit(limit)
    return [_choice(answer) for answer in db.session.scalars(statement)]


ANSWER = register(Pickable("answer", _l("부서 답변"), ("polls.make", "forums.prepare"), search, find, exact=NUMBER))
