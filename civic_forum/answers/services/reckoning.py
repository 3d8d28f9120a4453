"""Last days reckoned anew, after a day was declared a holiday (`HOLIDAYS`)."""

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.proposals import queries as proposals

from .. import queries, steps
from ..events import DutyChanged
from ..models import Duty


def reckon() -> int:
    """Bring the last day of every running clock in line with the holidays as they are known now; how many moved."""
    running = list(db.session.execute(sa.select(Duty.proposal_id).where(Duty.ended_at.is_(None)).order_by(Duty.id))
                   .scalars())
    return sum(_moved(proposal_id) for proposal_id in running)


def _moved(proposal_id: int) -> bool:
    with use_case(None) as work:
        proposal = proposals.locked(proposal_id)
        duty = queries.open_duty(proposal_id)
        if duty is None:
            return False
        before = duty.due_on
        steps.reckon(duty)
        if duty.due_on == before:
            return False
        work.record("answers.reckoned", proposal, before=before.isoformat(), due_on=duty.due_on.isoformat())
        work.emit(DutyChanged(proposal_id))
        return True
