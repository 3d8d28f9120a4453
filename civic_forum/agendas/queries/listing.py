"""Lists of agendas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from civic_forum.district.models import Department
from civic_forum.kernel import paging
from civic_forum.kernel.base import db
from civic_forum.kernel.statements import made_once

from .. import labels
from ..models import Agenda, AgendaLink, AgendaVersion, AuthorObjection, agenda_neighbourhood
from ..rules import AgendaState
from . import links

PAGE = 20
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

    @property
    def state_label(self) -> str:
        return str(labels.STATE[self.state])

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
    return (sa.select(Agenda.id, Agenda.slug, Agenda.question, Agenda.state, Agenda.published_at, Department.name,
                      counted.label("proposals"), Agenda.merged_into_id.is_not(None))
            .outerjoin(Department, Department.id == Agenda.lead_department_id))


def listed(state: AgendaState | None = None, neighbourhood_id: int | None = None, after: str | None = None,
           limit: int = PAGE) -> paging.Page[AgendaCard]:
    """A page of what everybody may read, newest first. Raises Invalid for an `after` that is no token."""
    last = paging.parts(after, int, int)
    bound = {"state": state, "neighbourhood": neighbourhood_id, "rows": limit + 1} | (
        {"at": paging.moment(last[0]), "id": last[1]} if last else {})
    rows = db.session.execute(_newest(state is not None, neighbourhood_id is not None, last is not None), bound).all()
    return _page(rows, limit, lambda row: (paging.microseconds(row.published_at), row.id))


@made_once
def _newest(of_state: bool, of_neighbourhood: bool, beyond: bool) -> sa.Select:
    """The statement of `listed`, made once for each set of filters; it is given their values, the place and `rows`."""
    found = _cards().where(Agenda.published_at.is_not(None), Agenda.merged_into_id.is_(None))
    if of_state:
        found = found.where(Agenda.state == sa.bindparam("state"))
    if of_neighbourhood:
        found = found.where(sa.exists().where(
            agenda_neighbourhood.c.agenda_id == Agenda.id,
            agenda_neighbourhood.c.neighbourhood_id == sa.bindparam("neighbourhood")))
    if beyond:
        found = found.where(sa.tuple_(Agenda.published_at, Agenda.id) < sa.tuple_(
            sa.bindparam("at", type_=Agenda.published_at.type), sa.bindparam("id", type_=Agenda.id.type)))
    return found.order_by(Agenda.published_at.desc(), Agenda.id.desc()).limit(sa.bindparam("rows"))


def everything(after: str | None = None, limit: int = PAGE) -> paging.Page[AgendaCard]:
    """All agendas for those who make them, newest first."""
    found = _cards().order_by(Agenda.id.desc()).limit(limit + 1)
    if last := paging.parts(after, int):
        found = found.where(Agenda.id < last[0])
    return _page(db.session.execute(found).all(), limit, lambda row: (row.id,))


def _page(rows: Sequence[sa.Row], limit: int, key) -> paging.Page[AgendaCard]:
    page = paging.page_of(rows, limit, key)
    return paging.Page([AgendaCard(*row[1:]) for row in page.items], page.after)


def of_ids(agenda_ids: list[int]) -> dict[int, AgendaCard]:
    """Cards of these agendas that everybody may read, by id."""
    found = _cards().where(Agenda.id.in_(agenda_ids), Agenda.published_at.is_not(None))
    return {row.id: AgendaCard(*row[1:]) for row in db.session.execute(found)} if agenda_ids else {}


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
