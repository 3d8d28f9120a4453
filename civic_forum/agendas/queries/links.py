"""Which proposals belong to which agenda."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.kernel.base import db

from ..models import Agenda, AgendaLink
from ..rules import Relation


def open_of(agenda_id: int) -> list[AgendaLink]:
    """Links of this agenda that stand, in their order, with their proposals."""
    found = sa.select(AgendaLink).filter_by(agenda_id=agenda_id, ended_at=None).options(joinedload(AgendaLink.proposal))
    return list(db.session.scalars(found.order_by(AgendaLink.position, AgendaLink.id)))


def core_elsewhere(proposal_ids: Sequence[int]) -> list[int]:
    """Which of these proposals are core in some agenda."""
    return list(db.session.scalars(sa.select(AgendaLink.proposal_id).where(
        AgendaLink.proposal_id.in_(proposal_ids), AgendaLink.ended_at.is_(None),
        AgendaLink.relation == Relation.CORE).order_by(AgendaLink.proposal_id)))


def is_grouped(proposal_id: int) -> bool:
    return db.session.scalar(sa.select(AgendaLink.id).filter_by(
        proposal_id=proposal_id, ended_at=None).limit(1)) is not None


def public_of_proposal(proposal_id: int) -> list[AgendaLink]:
    """Links of a proposal to agendas that everybody may read, those that stand."""
    found = (sa.select(AgendaLink).join(AgendaLink.agenda).options(joinedload(AgendaLink.agenda))
             .where(AgendaLink.proposal_id == proposal_id, AgendaLink.ended_at.is_(None),
                    Agenda.published_at.is_not(None)))
    return list(db.session.scalars(found.order_by(AgendaLink.id)))
