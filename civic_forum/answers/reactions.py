"""What starts and ends a duty, what answers mean to the rest of the site, and one's own data."""

import sqlalchemy as sa
from flask import current_app

from civic_forum.agendas.events import MergeUndone, ProposalMerged
from civic_forum.kernel import clock, hooks
from civic_forum.kernel.registries import PersonalData, registries
from civic_forum.proposals.events import ProposalWithdrawn, ThresholdReached
from civic_forum.proposals.models import Proposal

from . import personal_data, queries, steps
from .rules import DutyEnd, DutyKind


@hooks.on(ThresholdReached)
def oblige(fact: ThresholdReached, session) -> None:
    """The clock starts, with the setting of this day."""
    at = session.scalar(sa.select(Proposal.threshold_reached_at).filter_by(id=fact.proposal_id)) or clock.now()
    steps.begin_duty(session, fact.proposal_id, DutyKind.THRESHOLD, at=at, days=current_app.config["ANSWER_DAYS"],
                     working=current_app.config["ANSWER_WORKING_DAYS"])


@hooks.on(ProposalWithdrawn)
def let_go(fact: ProposalWithdrawn, session) -> None:
    _end(session, fact.proposal_id, DutyEnd.WITHDRAWN)


@hooks.on(ProposalMerged)
def rest(fact: ProposalMerged, session) -> None:
    """Whatever was owed to the merged proposal is owed to the one that carries it on, by its own clock."""
    steps.end_duty(session, fact.merged_id, DutyEnd.MERGED, at=clock.now())


@hooks.on(MergeUndone)
def go_on(fact: MergeUndone, session) -> None:
    steps.resume_duty(session, fact.merged_id, DutyEnd.MERGED)


def _end(session, proposal_id: int, how: DutyEnd) -> None:
    at = clock.now()
    steps.end_duty(session, proposal_id, how, at=at)
    case = queries.case(session.get_one(Proposal, proposal_id))
    if case.draft is not None:
        session.delete(case.draft)
    steps.end_assignments(session, case, at=at)


registries.personal_data["answers"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)
