"""Lists of agendas, and what waits at the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import kinds, listing
from civic_forum.blocks.filters import Filter
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.district.filters import neighbourhood
from civic_forum.district.models import Department
from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.statements import made_once
from civic_forum.platform.waiting import DeskLine, Waiting
from civic_forum.proposals.models import Proposal

from .. import labels
from ..models import Agenda, AgendaLink, AgendaNext, AgendaVersion, AuthorObjection, agenda_neighbourhood
from ..rules import AgendaState, NextKind
from . import links, union

MOST_VERSIONS = 200


@dataclass(frozen=True, slots=True)
class AgendaCard:
    slug: str
    question: str
    state: AgendaState
    published_at: datetime | None
    department_name: str | None
    proposals: int
    is_merged: bool
    """Whether another agenda carries it on."""
    category: str | None = None
    """Of its proposal with the most supports."""
    people: int = 0
    """Supporters of its proposals, each once; of the list alone, as what comes next."""
    coming: NextKind | None = None
    coming_day: str | None = None
    """In words, where that has a page with a day."""

    @property
    def state_label(self) -> str:
        return str(labels.STATE[self.state])

    @property
    def coming_label(self) -> str:
        return str(labels.NEXT[self.coming]) if self.coming else ""

    @property
    def tone(self) -> str:
        return labels.TONE[self.state]


@made_once
def _cards() -> sa.Select:
    """Columns of a card, made once."""
    carried = links.carriers()
    counted = (sa.select(sa.func.count(AgendaLink.proposal_id.distinct())).correlate(Agenda)
               .join(carried, carried.c.id == AgendaLink.agenda_id)
               .where(carried.c.top_id == Agenda.id, AgendaLink.ended_at.is_(None)).scalar_subquery())
    category = (sa.select(Proposal.category).join(AgendaLink, AgendaLink.proposal_id == Proposal.id).correlate(Agenda)
                .where(AgendaLink.agenda_id == Agenda.id, AgendaLink.ended_at.is_(None))
                .order_by(Proposal.support_count.desc(), Proposal.id).limit(1).scalar_subquery())
    return (sa.select(Agenda.id, Agenda.slug, Agenda.question, Agenda.state, Agenda.published_at, Department.name,
                      counted.label("proposals"), Agenda.merged_into_id.is_not(None), category.label("category"))
            .outerjoin(Department, Department.id == Agenda.lead_department_id))


AGENDAS = listing.declare(Listing(
    "agendas", lambda: _cards().where(Agenda.published_at.is_not(None), Agenda.merged_into_id.is_(None)),
    endpoint="agendas.index", card="agendas/card.html", unknown=_l("그런 단계나 동은 없어요. 의제 목록의 처음부터 다시 봐 주세요."),
    filters=(Filter("state", _l("단계"), Agenda.state, labels.STATE, _l("모든 단계")),
             neighbourhood(lambda place: sa.exists().where(
                 agenda_neighbourhood.c.agenda_id == Agenda.id, agenda_neighbourhood.c.neighbourhood_id == place))),
    orders=(Order("newest", None, (Agenda.published_at.desc(), Agenda.id.desc())),)))
EVERYTHING = listing.declare(Listing("desk agendas", _cards, (Order("newest", None, (Agenda.id.desc(),)),)))
"""All agendas, for those who make them."""


def listed(wanted: Chosen, after: str | None = None, limit: int = 0) -> paging.Page[AgendaCard]:
    """A page of agendas, newest first. Raises Invalid for an `after` that is no token."""
    page = wanted.page(after, limit=limit)
    ids = [row.id for row in page.items]
    people, ahead = (union.counts_of_agendas(ids), _ahead(ids)) if ids else ({}, {})
    return paging.Page([AgendaCard(*row[1:], people.get(row.id, 0), *ahead.get(row.id, ())) for row in page.items],
                       page.after)


def plain(wanted: Chosen, limit: int) -> list[AgendaCard]:
    """The newest agendas, without what only the list says of them."""
    return [AgendaCard(*row[1:]) for row in wanted.page(None, limit=limit).items]


@made_once
def _coming() -> sa.Select:
    """The next steps of the `agendas` whose ids it is given, made once."""
    these = sa.bindparam("agendas", expanding=True, type_=AgendaNext.agenda_id.type)
    return sa.select(AgendaNext.agenda_id, AgendaNext.kind, AgendaNext.slug).where(
        AgendaNext.agenda_id.in_(these), AgendaNext.done_at.is_(None)).order_by(AgendaNext.id)


def _ahead(agenda_ids: list[int]) -> dict[int, tuple[NextKind, str | None]]:
    """Of these agendas the last of what comes next, and its day."""
    rows = db.session.execute(_coming(), {"agendas": agenda_ids}).all()
    steps = {agenda_id: (kind, slug) for agenda_id, kind, slug in rows}
    days = {(coming.step, slug): ahead.words for _kind, coming in kinds.having(kinds.Coming)
            if (slugs := {slug for kind, slug in steps.values() if kind == coming.step and slug})
            for slug, ahead in coming.days(slugs).items()}
    return {agenda_id: (NextKind(kind), days.get((kind, slug))) for agenda_id, (kind, slug) in steps.items()}


def of_ids(agenda_ids: list[int]) -> dict[int, AgendaCard]:
    """Cards of these agendas that everybody may read, by id."""
    statement = _cards().where(Agenda.id.in_(agenda_ids), Agenda.published_at.is_not(None))
    return {row.id: AgendaCard(*row[1:]) for row in db.session.execute(statement)} if agenda_ids else {}


def versions(agenda_id: int) -> list[AgendaVersion]:
    """Versions of the agenda, the newest first, without those before it was published."""
    first = (sa.select(sa.func.max(AgendaVersion.version)).join(Agenda, Agenda.id == AgendaVersion.agenda_id)
             .where(AgendaVersion.agenda_id == agenda_id, AgendaVersion.at <= Agenda.published_at).scalar_subquery())
    return list(db.session.scalars(sa.select(AgendaVersion).filter_by(agenda_id=agenda_id)
                                   .where(AgendaVersion.version >= sa.func.coalesce(first, 0))
                                   .order_by(AgendaVersion.version.desc()).limit(MOST_VERSIONS)))


def waiting_objections() -> list[AuthorObjection]:
    """Objections that nobody has answered, the oldest first."""
    return list(db.session.scalars(sa.select(AuthorObjection).where(AuthorObjection.answered_at.is_(None))
                                   .order_by(AuthorObjection.at, AuthorObjection.id).limit(100)))


ANSWERED_WITHIN = timedelta(days=7)
MOST_OF_TEXT = 120


def objections(user: User) -> sa.Select:
    """Those without an answer; whoever objected answers no own objection."""
    agenda = (sa.select(Agenda.question).join(AgendaLink, AgendaLink.agenda_id == Agenda.id)
              .where(AgendaLink.id == AuthorObjection.link_id).correlate(AuthorObjection).scalar_subquery())
    return sa.select(AuthorObjection.id, AuthorObjection.at, sa.cast(AuthorObjection.id, sa.Text), agenda,
                     sa.func.substr(AuthorObjection.text, 1, MOST_OF_TEXT)).where(
        AuthorObjection.answered_at.is_(None), AuthorObjection.by_id != user.id)


def objection_lines(waiting: list[Waiting]) -> list[DeskLine]:
    return [DeskLine(f"/desk/author-objections/{case.ref}",
                     _("“%(agenda)s” 의제에서 빼 달라는 요청", agenda=case.title) if case.title else
                     _("합치지 말아 달라는 요청"), (), case.note) for case in waiting]
