"""Answers on the public page of a proposal, in one statement."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager

from civic_forum.district.models import Department
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal

from ..models import (Answer, Assignment, Duty, DutyPause, FormalFiling, Referral, SecondReview, Understanding)
from ..rules import AnswerKind, AnswerState


@dataclass(frozen=True)
class PublicAnswer:
    proposal: Proposal
    duty: Duty | None
    department: str | None
    referral: Referral | None
    filing: FormalFiling | None
    review: SecondReview | None
    asked: str | None
    """What the author is asked to complete."""
    answers: list[Answer]
    judged: dict[int, bool]
    """Of the reader: answer id → understood."""

    @property
    def final(self) -> Answer | None:
        return next((one for one in reversed(self.answers) if one.kind is AnswerKind.FINAL), None)


def shown(proposal: Proposal, viewer_id: int | None) -> PublicAnswer:
    own, answering, lead = Proposal.id, aliased(Department), aliased(Department)
    each = aliased(Referral)
    last_referral = sa.select(sa.func.max(each.id)).where(each.proposal_id == own).scalar_subquery()
    rows = db.session.execute(
        sa.select(Duty, lead.name, Referral, FormalFiling, SecondReview, DutyPause.asked, Answer,
                  Understanding.understood)
        .select_from(Proposal)
        .outerjoin(Duty, sa.and_(Duty.proposal_id == own, Duty.ended_at.is_(None)))
        .outerjoin(DutyPause, sa.and_(DutyPause.duty_id == Duty.id, DutyPause.to_day.is_(None)))
        .outerjoin(Assignment, sa.and_(
            Assignment.proposal_id == own, Assignment.is_lead, Assignment.ended_at.is_(None)))
        .outerjoin(lead, lead.id == Assignment.department_id)
        .outerjoin(Referral, Referral.id == last_referral)
        .outerjoin(FormalFiling, FormalFiling.proposal_id == own)
        .outerjoin(SecondReview, SecondReview.proposal_id == own)
        .outerjoin(Answer, sa.and_(Answer.proposal_id == own, Answer.state == AnswerState.PUBLISHED))
        .outerjoin(answering, answering.id == Answer.department_id)
        .outerjoin(Understanding, sa.and_(Understanding.answer_id == Answer.id,
                                          Understanding.user_id == (viewer_id or 0)))
        .where(own == proposal.id).options(contains_eager(Answer.department.of_type(answering)))
        .order_by(Answer.published_at, Answer.id)).all()
    answers = [row[6] for row in rows if row[6] is not None]
    judged = {row[6].id: row[7] for row in rows if row[7] is not None}
    return PublicAnswer(proposal, *rows[0][:6], answers, judged)
