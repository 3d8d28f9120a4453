"""Proposals and the agendas to which they belong.

A link stays with the agenda in which it was made, also when that one is merged into another: what an agenda holds is
derived from its own links and from those of everything merged into it. So undoing merges in any order loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once

from ..models import Agenda, AgendaLink, AuthorObjection
from ..rules import AgendaState, Relation, may_object

Linked = TypeVar("Linked", AgendaLink, sa.Row[Any])


@dataclass(frozen=True, slots=True)
class Belonging:
    """An agenda that everybody may read, and what a proposal is to it."""

    slug: str
    question: str
    state: AgendaState
    relation: Relation
    why: str
    link_id: int
    is_open_to_objection: bool
    """Whether the author may still object to it, and has not."""


def family_of(agenda_id: int | sa.ColumnElement[int]) -> sa.CTE:
    """Ids of an agenda and of what was merged into it, directly or through others."""
    family = sa.select(Agenda.id).where(Agenda.id == agenda_id).cte("agenda_family", recursive=True)
    return family.union(sa.select(Agenda.id).where(Agenda.merged_into_id == family.c.id))


def carriers() -> sa.CTE:
    """`id` → `top_id`: which agenda carries on what was merged; of those that stand by themselves their own."""
    carriers = sa.select(Agenda.id, Agenda.id.label("top_id")).where(Agenda.merged_into_id.is_(None)).cte(
        "carriers", recursive=True)
    return carriers.union(sa.select(Agenda.id, carriers.c.top_id).where(Agenda.merged_into_id == carriers.c.id))


def carrier(agenda: Agenda) -> int:
    """Id of the agenda that carries this one on now."""
    top_id, above = agenda.id, agenda.merged_into_id
    while above is not None:
        top_id, above = above, db.session.scalar(sa.select(Agenda.merged_into_id).filter_by(id=above))
    return top_id


def standing(agenda_id: int) -> list[AgendaLink]:
    """Every link of the family that stands, in order, with its proposal; two where two agendas held the same one."""
    statement = (sa.select(AgendaLink).options(joinedload(AgendaLink.proposal))
                 .where(AgendaLink.agenda_id.in_(sa.select(family_of(agenda_id).c.id)), AgendaLink.ended_at.is_(None)))
    return list(db.session.scalars(statement.order_by(AgendaLink.position, AgendaLink.id)))


def open_of(agenda_id: int) -> list[AgendaLink]:
    """One link for each proposal that an agenda holds, in their order."""
    return shown(standing(agenda_id))


def shown(links: Sequence[Linked]) -> list[Linked]:
    """Links, or rows of them. Each proposal once: as core where it is core, else as it was said last."""
    best = {link.proposal_id: link for link in sorted(
        links, key=lambda link: (link.relation is Relation.CORE, link.id))}
    return [link for link in links if best[link.proposal_id] is link]


def proposals_in(agenda_id: int) -> sa.Select:
    """SELECT of the ids of the proposals that an agenda holds."""
    return sa.select(AgendaLink.proposal_id).where(
        AgendaLink.agenda_id.in_(sa.select(family_of(agenda_id).c.id)), AgendaLink.ended_at.is_(None)).distinct()


def core_elsewhere(proposal_ids: Sequence[int]) -> list[int]:
    """Those of these proposals that are core in some agenda."""
    return list(db.session.scalars(sa.select(AgendaLink.proposal_id).where(
        AgendaLink.proposal_id.in_(proposal_ids), AgendaLink.ended_at.is_(None),
        AgendaLink.relation == Relation.CORE).order_by(AgendaLink.proposal_id)))


def is_grouped(proposal_id: int) -> bool:
    return db.session.scalar(sa.select(AgendaLink.id).filter_by(
        proposal_id=proposal_id, ended_at=None).limit(1)) is not None


def climb_of(proposal_id: int | sa.ColumnElement[int]) -> sa.CTE:
    """`link_id`, `id`: the agendas in which a proposal stands, and what they were merged into, by which link."""
    climb = (sa.select(AgendaLink.id.label("link_id"), AgendaLink.agenda_id.label("id"))
             .where(AgendaLink.proposal_id == proposal_id, AgendaLink.ended_at.is_(None)).cte("climb", recursive=True))
    return climb.union(sa.select(climb.c.link_id, Agenda.merged_into_id).where(
        Agenda.id == climb.c.id, Agenda.merged_into_id.is_not(None)))


@made_once
def _of_proposal() -> sa.Select:
    climb = climb_of(sa.bindparam("proposal", type_=AgendaLink.proposal_id.type))
    objected = sa.exists().where(AuthorObjection.link_id == AgendaLink.id)
    return (sa.select(Agenda.id, Agenda.slug, Agenda.question, Agenda.state, AgendaLink.relation, AgendaLink.why,
                      AgendaLink.id.label("link_id"), AgendaLink.told_at, objected.label("objected"))
            .select_from(climb).join(Agenda, Agenda.id == climb.c.id).join(AgendaLink, AgendaLink.id == climb.c.link_id)
            .where(Agenda.merged_into_id.is_(None), Agenda.published_at.is_not(None))
            .order_by(AgendaLink.relation != Relation.CORE, AgendaLink.id.desc()))


def of_proposal(proposal_id: int) -> list[Belonging]:
    """The agendas that everybody may read in which a proposal stands, each once, by the link that says what it is to
    it: those merged into others by what carries them on."""
    by_agenda: dict[int, Belonging] = {}
    for agenda_id, *columns, told_at, objected in db.session.execute(_of_proposal(), {"proposal": proposal_id}):
        is_open = told_at is not None and not objected and may_object(told_at, clock.now())
        by_agenda.setdefault(agenda_id, Belonging(*columns, is_open))
    return [by_agenda[agenda_id] for agenda_id in sorted(by_agenda)]


def grouping(proposal_id: int) -> tuple[datetime | None, str] | None:
    """Since when the first public agenda with this proposal at its core is public, and its address."""
    row = db.session.execute(
        sa.select(Agenda.published_at, Agenda.slug).join(AgendaLink, AgendaLink.agenda_id == Agenda.id)
        .where(AgendaLink.proposal_id == proposal_id, AgendaLink.ended_at.is_(None),
               AgendaLink.relation == Relation.CORE, Agenda.published_at.is_not(None))
        .order_by(Agenda.published_at).limit(1)).one_or_none()
    return (row.published_at, f"/agendas/{row.slug}") if row else None
