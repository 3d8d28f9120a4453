"""Steps of a forum in the lives of what it is about."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from civic_forum.agendas.queries import links, records as agendas
from civic_forum.journeys import operations as journeys
from civic_forum.proposals.queries import records as proposals

from .models import Forum, ForumCall
from .queries import proposals_of


def add_step(session, forum: Forum, step: str, *, of_proposals: str | None = None, **says: Any) -> set[int]:
    """A public step of its agenda and of every proposal that stands in it, or of its proposal, and of those of a
    workshop: `of_proposals`, where those call it otherwise. The ids of those proposals, which are locked."""
    agenda_id, proposal_id = forum.about_one("agenda"), forum.about_one("proposal")
    agenda = agendas.locked(agenda_id) if agenda_id else None
    held = {link.proposal_id for link in links.standing(agenda.id)} if agenda else {proposal_id} - {None}
    held.update(session.scalars(proposals_of(forum.id)))
    for number in sorted(held):
        journey_id = proposals.locked(number).journey_id
        if journey_id is not None:
            journeys.add(session, journey_id, of_proposals or step, **says)
    if agenda is not None:
        journeys.add(session, agenda.journey_id, step, **says)
    return held


def end_calls(session, proposal_ids: Collection[int], at: datetime) -> None:
    """A forum about these proposals is owed no longer."""
    session.execute(sa.update(ForumCall).where(
        ForumCall.proposal_id.in_(proposal_ids), ForumCall.ended_at.is_(None)).values(ended_at=at))
