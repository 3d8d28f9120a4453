"""What happens inside one transaction of this feature: turns, locks, counts."""

from datetime import datetime

import sqlalchemy as sa

from civic_forum.journeys import steps as journeys
from civic_forum.kernel import clock
from civic_forum.kernel.base import db, is_sqlite
from civic_forum.proposals import queries as proposals
from civic_forum.proposals import steps as proposal_steps
from civic_forum.proposals.models import Proposal

from . import words
from .models import Agenda
from .queries import union
from .rules import AgendaState

MERGES = 0x6D657267
"""The advisory lock under which merges are made, undone and opted out of, one after the other; it says `merg`."""


def take_turn(session) -> datetime:
    """Wait for every other change of a merge; returns the moment at which it is ours.

    On SQLite whoever writes is alone already.
    """
    if not is_sqlite():
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(MERGES)))
    return clock.now()


def locked(proposal_ids) -> dict[int, Proposal]:
    """These proposals, locked in one order so that two who want the same ones never wait for each other.

    One statement however many they are. Raises NotFound.
    """
    wanted = set(proposal_ids)
    found = (sa.select(Proposal).where(Proposal.id.in_(wanted)).order_by(Proposal.id)
             .with_for_update(key_share=True, of=Proposal).execution_options(populate_existing=True))
    held = {one.id: one for one in db.session.scalars(found)}
    if len(held) != len(wanted):
        raise proposals.missing()
    return held


def move(session, agenda: Agenda, state: AgendaState, *, at: datetime, evidence: str | None = None,
         link: str | None = None) -> None:
    """Bring an agenda into another state and write the public step. The caller holds its lock and tells AgendaMoved."""
    agenda.state = state
    journeys.add(session, agenda.journey_id, words.JOURNEY_STEP[state], at=at, evidence=evidence, link=link)


def count_again(session, proposal: Proposal) -> None:
    """Note how many people support this one or what was merged into it. The caller holds its lock."""
    session.flush()
    found = union.counted(proposal.id)
    proposal.support_count, proposal.resident_support_count = found.people, found.residents
    proposal.merged_support_count = found.people - found.own


def lead_back(session, proposal: Proposal, *, merged: datetime, at: datetime, evidence: str | None) -> bool:
    """Count again after a merge made at `merged` was undone; whether it fell below its threshold by that."""
    count_again(session, proposal)
    return proposal_steps.lose_threshold(session, proposal, merged=merged, at=at, evidence=evidence)
