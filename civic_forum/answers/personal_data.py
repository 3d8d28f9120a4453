"""Personal data around answers: for the download, and for leaving."""

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal

from .models import Answer, Duty, DutyPause, FormalFiling, SecondReview, Understanding

CONTACT = "answers.contact"
"""The purpose under which names and contacts are sealed."""


def sealed(text: str) -> bytes:
    return keys.seal(CONTACT, text)


def unsealed(filing: FormalFiling) -> tuple[str, str]:
    return keys.unseal(CONTACT, filing.name_sealed), keys.unseal(CONTACT, filing.contact_sealed)


def _filings(user: User) -> sa.Select:
    return (sa.select(FormalFiling, Proposal.number).join(Proposal, Proposal.id == FormalFiling.proposal_id)
            .where(Proposal.author_id == user.id).order_by(Proposal.id))


def collect(user: User) -> dict[str, list[dict[str, object]]]:
    filed = []
    for filing, number in db.session.execute(_filings(user)):
        name, contact = unsealed(filing) if filing.name_sealed else (None, None)
        filed.append({"proposal": number, "name": name, "contact": contact, "at": filing.at.isoformat()})
    reviews = db.session.execute(
        sa.select(Proposal.number, SecondReview.reason, SecondReview.at)
        .join(SecondReview, SecondReview.proposal_id == Proposal.id)
        .where(Proposal.author_id == user.id).order_by(Proposal.id))
    completed = db.session.execute(
        sa.select(Proposal.number, DutyPause.asked, DutyPause.reply, DutyPause.to_day)
        .join(Duty, Duty.id == DutyPause.duty_id).join(Proposal, Proposal.id == Duty.proposal_id)
        .where(Proposal.author_id == user.id, DutyPause.reply.is_not(None)).order_by(DutyPause.id))
    judged = db.session.execute(
        sa.select(Proposal.number, Understanding.understood, Understanding.at)
        .join(Answer, Answer.id == Understanding.answer_id).join(Proposal, Proposal.id == Answer.proposal_id)
        .where(Understanding.user_id == user.id).order_by(Understanding.answer_id))
    return {
        "formal_proposals": filed,
        "completions": [{"proposal": number, "asked": asked, "reply": reply, "on": day and day.isoformat()}
                        for number, asked, reply, day in completed],
        "second_reviews": [{"proposal": number, "reason": reason, "at": at.isoformat()}
                           for number, reason, at in reviews],
        "understood_answers": [{"proposal": number, "understood": understood, "at": at.isoformat()}
                               for number, understood, at in judged],
    }


def erase(user: User, session) -> None:
    """Real name and contact go, and what was written for the office alone; that it was a formal proposal, was completed
    and reviewed stays, and so do counts."""
    own = sa.select(Proposal.id).where(Proposal.author_id == user.id)
    session.execute(sa.update(DutyPause).where(
        DutyPause.duty_id.in_(sa.select(Duty.id).where(Duty.proposal_id.in_(own))), DutyPause.reply.is_not(None))
        .values(reply=""))
    session.execute(sa.update(SecondReview).where(SecondReview.proposal_id.in_(own)).values(reason=""))
    for filing, _number in session.execute(_filings(user)).all():
        filing.name_sealed = filing.contact_sealed = None
