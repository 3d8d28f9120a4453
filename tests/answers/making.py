"""Proposals on the table of a department, ready-made."""

import sqlalchemy as sa

from civic_forum.answers.models import Answer, Duty
from civic_forum.answers.rules import AnswerKind, AnswerOutcome, AnswerText, Disclosure
from civic_forum.answers.services import cases, texts
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from civic_forum.proposals.services import supports as proposals

TEXT = "정류장 4곳 가운데 보도가 넓은 3곳에 의자를 놓아요."


def text(**facts) -> AnswerText:
    return AnswerText(**{
        "kind": AnswerKind.FINAL, "outcome": AnswerOutcome.ACCEPTED, "text": TEXT, "by_when": "2031-03",
        "cost": 7_400_000, "reason": None, "document_number": "교통행정과-4121", "dated_on": local(clock.now()).date(),
        "team": "교통시설팀", "phone": "02-000-0001", "disclosure": Disclosure.OPEN} | facts)


def declined(**facts) -> AnswerText:
    return text(**{"outcome": AnswerOutcome.DECLINED, "reason": "보도가 좁아 놓을 자리가 없어요.", "by_when": None,
                   "cost": None} | facts)


def owed(town, **facts):
    """A proposal that has just reached its threshold."""
    proposal = town.proposal(threshold=1, **facts)
    proposals.support(proposal.id, by=town.resident())
    return proposal


def on_the_table(town, official, **facts):
    """The same, taken by the department of this official."""
    proposal = owed(town, **facts)
    cases.take(proposal.id, by=official)
    return proposal


def published(proposal, official, second, given=None, *, seen=0):
    """The answer of this department, approved by a second official."""
    written = texts.submit(proposal.id, given or text(), seen=seen, by=official)
    return texts.approve(proposal.id, seen=written.version, by=second)


def in_words(answer, words: str) -> None:
    """Let an answer say by when as an older site let it."""
    db.session.execute(sa.update(Answer).where(Answer.id == answer.id).values(by_when=words))
    db.session.commit()


def published_in_words(proposal, official, second, words: str, monkeypatch):
    """An answer of an older site, which took any words for a day."""
    written = texts.submit(proposal.id, text(), seen=0, by=official)
    in_words(written, words)
    with monkeypatch.context() as older:
        older.setattr(texts, "_refuse_words", lambda _answer: None)
        return texts.approve(proposal.id, seen=written.version, by=second)


def duty_of(proposal) -> Duty | None:
    return db.session.query(Duty).filter_by(proposal_id=proposal.id).order_by(Duty.id.desc()).first()
