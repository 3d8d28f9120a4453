"""Lists of proposals: plain rows, no records, the same few statements however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache

import sqlalchemy as sa

from civic_forum.district import queries as district
from civic_forum.district import labels as district_words
from civic_forum.district.models import Neighbourhood
from civic_forum.district.rules import Category
from civic_forum.kernel import clock, paging
from civic_forum.kernel.base import Instant, db, is_sqlite
from civic_forum.kernel.json_rows import beside, gathered_beside
from civic_forum.kernel.i18n import Language, _, language, local
from civic_forum.kernel.registries import registries

from .. import rules, labels
from ..models import Proposal, ProposalSerial, ProposalTally
from ..rules import Sort, State
from . import counts
from .drafts import overdue_ids

PAGE = 20
EVERYWHERE = 0
"""The neighbourhood of proposals for the whole district, as filters say it."""
COLUMNS = (Proposal.id, Proposal.number, Proposal.title, Proposal.excerpt, Proposal.state, Proposal.neighbourhood_id,
           Proposal.category, Proposal.support_count, Proposal.threshold, Proposal.comment_count,
           Proposal.gathering_ends_at, Proposal.published_at)
NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)
KEY = {Sort.NEWEST: Proposal.published_at, Sort.SUPPORTED: Proposal.support_count,
       Sort.DISCUSSED: Proposal.comment_count}


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """A proposal as `templates/parts/proposal.html` shows it in a list."""

    number: str
    title: str
    summary: str
    state: State
    state_label: str
    neighbourhood_name: str | None
    category_label: str
    support_count: int
    threshold: int
    comment_count: int
    days_left: int | None
    deadline: datetime | None
    published_at: datetime | None
    supports: str
    goal: str
    time_left: str
    comments: str
    """The numbers in words, so that a page of cards only shows them."""


@dataclass(frozen=True)
class ProposalFilter:
    """The filters of a list; None leaves one out."""

    state: State | None = None
    neighbourhood_id: int | None = None
    category: Category | None = None
    year: int | None = None
    sort: Sort = Sort.NEWEST

    @property
    def narrowed(self) -> bool:
        return any(one is not None for one in (self.state, self.neighbourhood_id, self.category, self.year))


def listed(wanted: ProposalFilter, after: str | None = None, *, names: dict[int, str] | None = None,
           limit: int = PAGE) -> paging.Page[ProposalCard]:
    """A page of what everybody may read. `names` are the neighbourhoods' by id, if the caller has them.

    Raises Invalid for an `after` that is no token.
    """
    rows = _rows(wanted, after, limit + 1)
    page = paging.page_of(rows, limit, lambda row: _place(wanted.sort, row))
    return paging.Page(cards(page.items, names), page.after)


def cards(rows, names: dict[int, str] | None = None) -> list[ProposalCard]:
    names = district.neighbourhood_names() if names is None else names
    now = clock.now()
    state_words = {state: str(labels.STATE[state]) for state in {row.state for row in rows} | {State.LAPSED}}
    category_words = {kind: str(district_words.CATEGORY[kind]) for kind in {row.category for row in rows}}
    return [_card(row, now, names, state_words, category_words) for row in rows]


TOTALS = "totals"
HOME, BESIDE = "home", "beside "


def standing_out(limit: int) -> tuple[list[ProposalCard], list[ProposalCard], dict[State, int],
                                      dict[str, Sequence[list]]]:
    """Proposals that gather support now, the most supported first, the newest of all, the numbers in each state, and
    what features above asked to be read with the first page (`registries.beside["home"]`); in one statement."""
    found = db.session.connection().execute(
        _standing_out(language(), is_sqlite()), {"now": clock.now(), "rows": limit}).all()
    asked = {row.list: row.place for row in found if row.list.startswith(BESIDE)}
    rows = [row for row in found if row.list not in asked]
    names = {row.neighbourhood_id: row.place for row in rows}
    gathering, newest = (
        cards(sorted((row for row in rows if row.list == sort), key=lambda row: _place(sort, row), reverse=True),
              names) for sort in (Sort.SUPPORTED, Sort.NEWEST))
    totals = counts.of_rows((row.state, row.support_count) for row in rows if row.list == TOTALS)
    return gathering, newest, totals, beside(HOME, [asked[BESIDE + name] for name in registries.beside.get(HOME, {})])


@lru_cache(maxsize=4)
def _standing_out(spoken: Language, _on_sqlite: bool) -> sa.CompoundSelect:
    """The statement of `standing_out` for one database, whose words those of features above are in."""
    lists = ((Sort.SUPPORTED, _statement("gathering", Sort.SUPPORTED, None, False, False, False).subquery()),
             (Sort.NEWEST, _statement(None, Sort.NEWEST, None, False, False, False).subquery()))
    name = Neighbourhood.name_ko if spoken is Language.KO else Neighbourhood.name_en
    kept = {"state": ProposalTally.state, "support_count": ProposalTally.total}
    totals = sa.select(sa.literal(TOTALS).label("list"), *(
        kept.get(column.name, sa.cast(sa.null(), column.type)).label(column.name) for column in lists[0][1].c),
        sa.cast(sa.null(), sa.String).label("place"))
    nulls = [sa.cast(sa.null(), column.type).label(column.name) for column in lists[0][1].c]
    asked = (sa.select(sa.literal(BESIDE + name).label("list"), *nulls, sa.cast(rows, sa.String).label("place"))
             for name, rows in zip(registries.beside.get(HOME, {}), gathered_beside(HOME, sa.null(), Proposal),
                                   strict=True))
    placed = (sa.select(sa.literal(sort.value).label("list"), *found.c, name.label("place"))
              .outerjoin(Neighbourhood, Neighbourhood.id == found.c.neighbourhood_id) for sort, found in lists)
    return sa.union_all(*placed, totals, *asked)


def of_ids(ids: list[int]) -> dict[int, ProposalCard]:
    """Cards of these proposals that everybody may read, by id."""
    rows = db.session.connection().execute(_of_ids(), {"ids": ids}).all() if ids else []
    return dict(zip((row.id for row in rows), cards(rows), strict=True))


@lru_cache(maxsize=1)
def _of_ids() -> sa.Select:
    return public().where(Proposal.id.in_(sa.bindparam("ids", expanding=True)))


def titles(ids: list[int]) -> dict[int, str]:
    """Titles of these proposals that everybody may read, by id."""
    found = public().with_only_columns(Proposal.id, Proposal.title).where(Proposal.id.in_(ids))
    return dict(db.session.execute(found).all())


_years = sa.select(ProposalSerial.year).order_by(ProposalSerial.year.desc())


def years() -> list[int]:
    """Years in which proposals were registered, the latest first."""
    return [row.year for row in db.session.connection().execute(_years)]


def public() -> sa.Select:
    """Condition of what everybody may read."""
    return sa.select(*COLUMNS).where(_later(Proposal.published_at, NEVER), Proposal.hidden_at.is_(None),
                                     Proposal.state.not_in((State.DRAFT, State.HELD)))


def _later(column, moment: datetime | sa.BindParameter) -> sa.ColumnElement[bool]:
    """Condition that it is set and after this moment; written so that SQLite does not take it for a range of an index
    and sort what it finds there."""
    return sa.func.coalesce(column, sa.literal(NEVER, Instant())) > (
        moment if isinstance(moment, sa.BindParameter) else sa.literal(moment, Instant()))


def _rows(wanted: ProposalFilter, after: str | None, limit: int) -> list[sa.Row]:
    bound = paging.parts(after, int, int)
    values = {"now": clock.now(), "state": wanted.state, "neighbourhood": wanted.neighbourhood_id,
              "category": wanted.category, "year": wanted.year, "rows": limit}
    if bound:
        values |= {"place": paging.moment(bound[0]) if wanted.sort is Sort.NEWEST else bound[0], "id": bound[1]}
    somewhere = None if wanted.neighbourhood_id is None else wanted.neighbourhood_id != EVERYWHERE
    shape = (wanted.sort, somewhere, wanted.category is not None, wanted.year is not None, bound is not None)
    if wanted.state is not State.LAPSED:
        part = wanted.state and ("gathering" if wanted.state is State.GATHERING else "state")
        return _found(part, shape, values)
    # Two statements, each along an index; what has just run out is not written down yet.
    rows = [*_found("state", shape, values), *_found("overdue", shape, values)]
    return sorted(rows, key=lambda row: _place(wanted.sort, row), reverse=True)[:limit]


def _found(part: str | None, shape: tuple, values: dict[str, object]) -> list[sa.Row]:
    """Rows of a statement that is made once for all who ask alike; it takes of the values what it names."""
    return list(db.session.connection().execute(_statement(part, *shape), values))


@lru_cache(maxsize=256)
def _statement(part: str | None, sort: Sort, somewhere: bool | None, in_category: bool, in_year: bool,
               further: bool) -> sa.Select:
    """A page of the list. `somewhere`: None anywhere, True one neighbourhood, False what is for the whole district."""
    key = KEY[sort]
    found = public().order_by(key.desc(), Proposal.id.desc()).limit(sa.bindparam("rows"))
    if part == "gathering":
        found = found.where(Proposal.state == State.GATHERING, _later(Proposal.gathering_ends_at, _bound("now")))
    elif part == "overdue":
        found = found.where(Proposal.id.in_(overdue_ids(_bound("now"))))
    elif part:
        found = found.where(Proposal.state == sa.bindparam("state", type_=Proposal.state.type))
    if somewhere is not None:
        found = found.where(Proposal.neighbourhood_id == sa.bindparam("neighbourhood") if somewhere
                            else Proposal.neighbourhood_id.is_(None))
    if in_category:
        found = found.where(Proposal.category == sa.bindparam("category", type_=Proposal.category.type))
    if in_year:
        found = found.where(Proposal.year == sa.bindparam("year"))
    if further:
        found = found.where(sa.tuple_(key, Proposal.id) < sa.tuple_(
            sa.bindparam("place", type_=key.type), sa.bindparam("id", type_=Proposal.id.type)))
    return found


def _bound(name: str) -> sa.BindParameter:
    return sa.bindparam(name, type_=Instant())


def conditions(wanted: ProposalFilter) -> list[sa.ColumnElement[bool]]:
    """Every filter as a condition on `Proposal`, the state as it is at this moment."""
    late = sa.and_(Proposal.state == State.GATHERING, Proposal.gathering_ends_at <= clock.now())
    if wanted.state is State.LAPSED:
        return [sa.or_(Proposal.state == State.LAPSED, late), *_but_state(wanted)]
    if wanted.state is None:
        return _but_state(wanted)
    return [Proposal.state == wanted.state, ~late, *_but_state(wanted)]


def _but_state(wanted: ProposalFilter) -> list[sa.ColumnElement[bool]]:
    found = []
    if wanted.neighbourhood_id is not None:
        found.append(Proposal.neighbourhood_id == (wanted.neighbourhood_id or None))
    if wanted.category is not None:
        found.append(Proposal.category == wanted.category)
    if wanted.year is not None:
        found.append(Proposal.year == wanted.year)
    return found


def _place(sort: Sort, row: sa.Row) -> tuple[int, int]:
    """Parts of the token of a row: the value it is sorted by, and its id."""
    if sort is Sort.NEWEST:
        return paging.microseconds(row.published_at), row.id
    return (row.support_count if sort is Sort.SUPPORTED else row.comment_count), row.id


def _card(row, now: datetime, names: dict[int, str], state_words: dict, category_words: dict) -> ProposalCard:
    state = rules.state_now(row.state, row.gathering_ends_at, now)
    gathering = state is State.GATHERING and row.gathering_ends_at is not None
    days_left = (local(row.gathering_ends_at).date() - local(now).date()).days if gathering else None
    return ProposalCard(row.number, row.title, row.excerpt, state, state_words[state], names.get(row.neighbourhood_id),
                category_words[row.category], row.support_count, row.threshold, row.comment_count, days_left,
                row.gathering_ends_at if gathering else None, row.published_at, f"{row.support_count:,}",
                _("%(count)s명", count=f"{row.threshold:,}"), _time_left(days_left),
                _("댓글 %(count)s", count=f"{row.comment_count:,}"))


def _time_left(days: int | None) -> str:
    if days is None:
        return ""
    return _("오늘 마감") if days <= 0 else _("D-%(days)s", days=days)
