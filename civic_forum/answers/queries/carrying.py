"""Promises to answer one proposal that are kept by another one that carries it on."""

from collections.abc import Collection

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.i18n import _
from civic_forum.proposals.models import Proposal

from .. import rules
from ..models import Answer, Duty
from ..rules import AnswerKind, AnswerState
from .cases import open_duty


def refused(merged_id: int, others: Collection[int]) -> dict[int, str]:
    """Of these, which cannot carry it on, and why: it would be answered later than was promised, or not at all."""
    owed = open_duty(merged_id)
    if owed is None or not others:
        return {}
    promised = owed.kind, rules.awaited(owed.due_on, owed.paused_on)
    is_answered = sa.exists().where(Answer.proposal_id == Proposal.id, Answer.state == AnswerState.PUBLISHED,
                                    Answer.kind == AnswerKind.FINAL)
    rows = db.session.execute(
        sa.select(Proposal.id, Duty.due_on, Duty.paused_on, is_answered).select_from(Proposal)
        .outerjoin(Duty, sa.and_(Duty.proposal_id == Proposal.id, Duty.ended_at.is_(None)))
        .where(Proposal.id.in_(others)))
    return {one: _("먼저 답변하기로 약속한 제안이에요. 이 제안이 남도록 반대로 합쳐 주세요.")
            for one, due_on, paused_on, answered in rows
            if not rules.may_pass_on(promised, due_on and rules.awaited(due_on, paused_on), answered)}
