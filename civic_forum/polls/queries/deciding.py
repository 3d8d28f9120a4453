"""Votes about agendas and proposals, and the departments that lead what they decide about."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.agendas.models import Agenda, AgendaNext
from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import NextKind
from civic_forum.platform.base import db

from ..models import Option, Poll, poll_proposal
from .linked import with_proposal

MOST_VOTES = 5
DECIDES_ABOUT = sa.or_(sa.and_(Poll.about_kind == "agenda", Poll.about_id == Agenda.id), sa.exists().where(
    AgendaNext.agenda_id == Agenda.id, AgendaNext.kind == NextKind.POLL.value,
    AgendaNext.slug == Poll.slug).correlate_except(AgendaNext))
"""Joins `Poll` and `Agenda`: the vote says that it decides about the agenda, or the agenda that the vote comes next."""


def about_agenda(agenda_id: int) -> list[Poll]:
    """Those that decide about it, or have it among their options; of everything merged into it too."""
    family = sa.select(links.family_of(agenda_id).c.id)
    return _votes(sa.or_(sa.exists().where(Agenda.id.in_(family), DECIDES_ABOUT).correlate_except(Agenda),
                         sa.exists().where(Option.poll_id == Poll.id, Option.agenda_id.in_(family))))


def about_proposal(proposal_id: int) -> list[Poll]:
    """Those that have it among their options, or are about it."""
    return _votes(with_proposal(proposal_id))


def _votes(about: sa.ColumnElement[bool]) -> list[Poll]:
    """Announced ones with their boxes, the newest first."""
    return list(db.session.scalars(
        sa.select(Poll).options(joinedload(Poll.box))
        .where(about, Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None))
        .order_by(Poll.closes_at.desc(), Poll.id.desc()).limit(MOST_VOTES)))


def department_of(poll: Poll) -> int | None:
    """The department that leads the agenda which it decides about."""
    return db.session.scalar(
        sa.select(Agenda.lead_department_id).join(Poll, DECIDES_ABOUT)
        .where(Poll.id == poll.id, Agenda.lead_department_id.is_not(None)).order_by(Agenda.id.desc()).limit(1))


def led_by() -> sa.ScalarSelect:
    """The same as SQL about `Poll`."""
    return (sa.select(Agenda.lead_department_id).where(DECIDES_ABOUT, Agenda.lead_department_id.is_not(None))
            .order_by(Agenda.id.desc()).limit(1).correlate(Poll).scalar_subquery())


def agenda_of(poll: Poll) -> tuple[datetime | None, str] | None:
    """Since when the first public agenda that it decides about is public, and its address."""
    row = db.session.execute(
        sa.select(Agenda.published_at, Agenda.slug).join(Poll, DECIDES_ABOUT)
        .where(Poll.id == poll.id, Agenda.published_at.is_not(None)).order_by(Agenda.published_at).limit(1)
    ).one_or_none()
    return (row.published_at, f"/agendas/{row.slug}") if row else None


def journeys_of(poll: Poll) -> list[int]:
    """Of the agendas that it decides about."""
    return list(db.session.scalars(sa.select(Agenda.journey_id).join(Poll, DECIDES_ABOUT)
                                   .where(Poll.id == poll.id, Agenda.published_at.is_not(None))))


def proposals_of(poll_id: int) -> sa.Select:
    """SELECT of the ids of the proposals that a poll is about, or that are among its options."""
    linked = sa.select(poll_proposal.c.proposal_id).where(poll_proposal.c.poll_id == poll_id)
    options = sa.select(Option.proposal_id).where(Option.poll_id == poll_id, Option.proposal_id.is_not(None))
    about = sa.select(Poll.about_id).where(Poll.id == poll_id, Poll.about_kind == "proposal")
    both = sa.union(linked, options, about).subquery("linked")
    return sa.select(both.c.proposal_id)
