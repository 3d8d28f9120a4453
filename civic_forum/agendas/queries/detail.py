"""One agenda with all that its page shows, in as many statements however many proposals it has."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.accounts.models import User
from civic_forum.blocks import kinds, sections
from civic_forum.comments.models import Thread
from civic_forum.district.models import Audience, Department, Neighbourhood
from civic_forum.journeys import queries as journeys
from civic_forum.platform.base import db
from civic_forum.platform.statements import made_once
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from ..models import (Agenda, AgendaDescent, AgendaLink, AgendaNext, AuthorObjection, ProposalMerge, agenda_audience,
                      agenda_neighbourhood)
from ..rules import Descent, NextKind, Relation
from . import links, union
from .records import missing

MOST_COMING = 5


@dataclass(frozen=True, slots=True)
class Member:
    """A proposal of an agenda, with what its author said of it."""

    link_id: int
    proposal_id: int
    author_id: int
    relation: Relation
    why: str
    told_at: datetime | None
    ended: bool
    stands: bool
    """Whether the page shows the proposal by this link: not where another agenda of the family says what it is."""
    author_name: str | None
    number: str
    title: str
    state: State
    hidden: bool
    neighbourhood_name: str | None
    supporters: int
    took_up: tuple[str, ...]
    """Numbers of what was merged into it."""
    objection: AuthorObjection | None
    objector: str | None


def _coming() -> set[str]:
    return {coming.step for _kind, coming in kinds.having(kinds.Coming)}


@dataclass(frozen=True, slots=True)
class Coming:
    kind: NextKind
    slug: str | None
    note: str

    @property
    def url(self) -> str | None:
        """None where this site has no such pages."""
        places = {NextKind.POLL: "polls", NextKind.FORUM: "forums", NextKind.BUDGET: "budgets"}
        return f"/{places[self.kind]}/{self.slug}" if self.slug and self.kind in _coming() else None

    @property
    def ahead(self) -> kinds.Ahead | None:
        """Day and place, while it is still ahead."""
        days = [coming.days([self.slug]) for _kind, coming in kinds.having(kinds.Coming)
                if self.slug and coming.step == self.kind]
        return days[0].get(self.slug) if days else None


@dataclass(frozen=True, slots=True)
class Kin:
    """An agenda that this one was split off from, or merged into, or the other way round."""

    descent_id: int
    descent: Descent
    is_here: bool
    """Whether this agenda is where the other one came to."""
    slug: str
    question: str


@dataclass(frozen=True)
class Detail:
    agenda: Agenda
    thread: Thread | None
    """Held here so that its comments are read without asking for it again."""
    department_name: str | None
    neighbourhoods: list[str]
    audiences: list[str]
    entries: list[journeys.Entry]
    coming: list[Coming]
    kin: list[Kin]
    members: list[Member]
    """Those that stand."""
    objections: list[Member]
    """Members about whose grouping an author objected, those that left included; oldest first."""
    authors: list[str]
    """Names of those who proposed what stands, each once."""
    supporters: int


def detail(slug: str) -> Detail:
    """Raises NotFound. Whether the viewer may read it is for the caller to ask."""
    row = db.session.execute(_statement(), {"slug": slug}).one_or_none()
    if row is None:
        raise missing()
    agenda = row[0]
    everybody, standing, supporters = sections.kept(grouped, agenda.id)
    authors = sections.kept(_authors, agenda.id)
    return Detail(
        *row, *sections.kept(_surroundings, agenda.id, agenda.journey_id), members=standing, authors=authors,
        supporters=supporters, objections=sorted((member for member in everybody if member.objection),
                                                 key=lambda member: member.objection.id))


def _authors(agenda_id: int) -> list[str]:
    _everybody, standing, _supporters = sections.kept(grouped, agenda_id)
    return list(dict.fromkeys(member.author_name for member in standing if member.author_name and not member.hidden))


_AUTHOR = aliased(User)
_AGENDA = sa.bindparam("agenda", type_=Agenda.id.type)


def _surroundings(agenda_id: int, journey_id: int) -> tuple[list[str], list[str], list[journeys.Entry], list[Coming],
                                                            list[Kin]]:
    """The columns of `Detail` from its neighbourhoods on."""
    places, audiences, coming, kin = (db.session.execute(statement(), {"agenda": agenda_id})
                                      for statement in (_neighbourhoods, _audiences, _coming_next, _kin))
    return ([name for name, in places], [name for name, in audiences], journeys.entries(journey_id),
            [Coming(*row) for row in coming], [Kin(*row) for row in kin])


@made_once
def _statement() -> sa.Select:
    return (sa.select(Agenda, Thread, Department.name)
            .outerjoin(Thread, Thread.id == Agenda.thread_id)
            .outerjoin(Department, Department.id == Agenda.lead_department_id)
            .where(Agenda.slug == sa.bindparam("slug", type_=Agenda.slug.type)))


@made_once
def _neighbourhoods() -> sa.Select:
    return (sa.select(Neighbourhood.name)
            .join(agenda_neighbourhood, agenda_neighbourhood.c.neighbourhood_id == Neighbourhood.id)
            .where(agenda_neighbourhood.c.agenda_id == _AGENDA).order_by(Neighbourhood.position))


@made_once
def _audiences() -> sa.Select:
    return (sa.select(Audience.name).join(agenda_audience, agenda_audience.c.audience_id == Audience.id)
            .where(agenda_audience.c.agenda_id == _AGENDA).order_by(Audience.position))


@made_once
def _coming_next() -> sa.Select:
    return (sa.select(AgendaNext.kind, AgendaNext.slug, AgendaNext.note)
            .where(AgendaNext.agenda_id == _AGENDA, AgendaNext.done_at.is_(None))
            .order_by(AgendaNext.id.desc()).limit(MOST_COMING))


@made_once
def _kin() -> sa.Select:
    other = sa.case((AgendaDescent.to_id == _AGENDA, AgendaDescent.from_id), else_=AgendaDescent.to_id)
    return (sa.select(AgendaDescent.id, AgendaDescent.descent, AgendaDescent.to_id == _AGENDA, Agenda.slug,
                      Agenda.question).join(Agenda, Agenda.id == other)
            .where(sa.or_(AgendaDescent.from_id == _AGENDA, AgendaDescent.to_id == _AGENDA),
                   AgendaDescent.undone_at.is_(None), Agenda.published_at.is_not(None)).order_by(AgendaDescent.id))


def grouped(agenda_id: int) -> tuple[list[Member], list[Member], int]:
    """Members, those of them that stand, and the people who support any of these."""
    everybody = members(agenda_id)
    for member in everybody:
        if member.objection:
            db.session.expunge(member.objection)
    standing = [member for member in everybody if member.stands]
    return everybody, standing, union.count_of_all(member.proposal_id for member in standing) if standing else 0


def members(agenda_id: int) -> list[Member]:
    """Every link that stands, and every one that an author objected to; of what was merged into the agenda as well."""
    rows = db.session.execute(_members(), {"agenda": agenda_id}).all()
    standing = {row.id for row in links.shown([row for row in rows if row.ended_at is None])}
    took_up: dict[int, list[str]] = {}
    for into_id, merged in db.session.execute(_took_up(), {"agenda": agenda_id}):
        took_up.setdefault(into_id, []).append(merged)
    return [Member(link_id, proposal_id, author, relation, why, told_at, ended_at is not None, link_id in standing,
                   author_name, number, title, state, hidden is not None, place, supporters,
                   tuple(took_up.get(proposal_id, ())), objection, objector)
            for link_id, proposal_id, relation, why, told_at, ended_at, author, author_name, number, title, state,
            hidden, place, supporters, objection, objector in rows
            if objection or link_id in standing]


@made_once
def _members() -> sa.Select:
    """The statement of `members`, made once; it is given the id of the `agenda`."""
    return (
        sa.select(AgendaLink.id, AgendaLink.proposal_id, AgendaLink.relation, AgendaLink.why, AgendaLink.told_at,
                  AgendaLink.ended_at, Proposal.author_id, _AUTHOR.nickname, Proposal.number, Proposal.title,
                  Proposal.state, Proposal.hidden_at, Neighbourhood.name, Proposal.support_count, AuthorObjection,
                  User.nickname)
        .select_from(AgendaLink).join(Proposal, Proposal.id == AgendaLink.proposal_id)
        .outerjoin(_AUTHOR, sa.and_(_AUTHOR.id == Proposal.author_id, _AUTHOR.left_at.is_(None)))
        .outerjoin(Neighbourhood, Neighbourhood.id == Proposal.neighbourhood_id)
        .outerjoin(AuthorObjection, AuthorObjection.link_id == AgendaLink.id)
        .outerjoin(User, User.id == AuthorObjection.by_id)
        .where(AgendaLink.agenda_id.in_(sa.select(links.family_of(_AGENDA).c.id)),
               sa.or_(AgendaLink.ended_at.is_(None), AuthorObjection.id.is_not(None)))
        .order_by(AgendaLink.position, AgendaLink.id))


@made_once
def _took_up() -> sa.Select:
    """Numbers of what was merged into proposals that are linked with the `agenda`, beside the ids of these."""
    return (sa.select(ProposalMerge.into_id, Proposal.number).join(Proposal, Proposal.id == ProposalMerge.merged_id)
            .where(ProposalMerge.undone_at.is_(None), ProposalMerge.into_id.in_(sa.select(AgendaLink.proposal_id).where(
                AgendaLink.agenda_id.in_(sa.select(links.family_of(_AGENDA).c.id)))))
            .order_by(ProposalMerge.id))
