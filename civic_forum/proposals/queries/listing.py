"""Lists of proposals: plain rows, no records, the same few statements however many there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache

import sqlalchemy as sa

from civic_forum.attachments.queries import first_picture
from civic_forum.blocks import listing
from civic_forum.blocks.kinds import Searched, SearchResult, having
from civic_forum.blocks.filters import Apart, Filter, NOW
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.district import queries as district
from civic_forum.district.filters import category, neighbourhood
from civic_forum.platform import clock, paging
from civic_forum.platform.base import Instant, db
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.statements import made_once
from civic_forum.search import queries as search

from .. import labels, rules
from ..models import Follow, Proposal, ProposalSerial, Support
from ..rules import PUBLIC, Sort, State
from .records import overdue_ids

COLUMNS = (Proposal.id, Proposal.number, Proposal.title, Proposal.excerpt, Proposal.state, Proposal.neighbourhood_id,
           Proposal.category, Proposal.support_count, Proposal.threshold, Proposal.comment_count,
           Proposal.gathering_ends_at, Proposal.published_at,
           first_picture(Proposal.attachment_set_id).label("picture"))
NEVER = datetime(1970, 1, 1, tzinfo=timezone.utc)


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
    category: str = "other"
    picture: str | None = None
    """Key of its first picture."""

    @property
    def is_gathering(self) -> bool:
        return self.days_left is not None


def years() -> dict[int, object]:
    """Years in which proposals were registered, the latest first, with their labels."""
    serial_years = db.session.scalars(sa.select(ProposalSerial.year).order_by(ProposalSerial.year.desc()))
    return {year: _("%(year)s년", year=year) for year in serial_years}


def public() -> sa.Select:
    """Condition of what everybody may read."""
    return sa.select(*COLUMNS).where(_later(Proposal.published_at, NEVER), Proposal.hidden_at.is_(None),
                                     Proposal.state.not_in((State.DRAFT, State.HELD)))


def _later(column, moment: datetime | sa.BindParameter) -> sa.ColumnElement[bool]:
    """Condition that it is set and after this moment; written so that SQLite does not take it for a range of an index
    and sort what it finds there."""
    return sa.func.coalesce(column, sa.literal(NEVER, Instant())) > (
        moment if isinstance(moment, sa.BindParameter) else sa.literal(moment, Instant()))


_GATHERING = sa.and_(Proposal.state == State.GATHERING, _later(Proposal.gathering_ends_at, NOW))
_OVERDUE = sa.and_(Proposal.state == State.GATHERING, Proposal.gathering_ends_at <= NOW)
"""Proposals that have just run out are not written down yet."""
_LAPSED = Proposal.state == State.LAPSED
PROPOSALS = listing.declare(Listing(
    "proposals", public, endpoint="proposals.index", card="proposals/card.html",
    filters=(
        Filter("state", _l("단계"), Proposal.state, {state: labels.STATE[state] for state in State if state in PUBLIC},
               _l("모든 단계"), {State.GATHERING: _GATHERING, State.LAPSED: Apart(
                   (_LAPSED, Proposal.id.in_(overdue_ids(NOW))), sa.or_(_LAPSED, _OVERDUE))}),
        neighbourhood(Proposal.neighbourhood_id, Proposal.neighbourhood_id.is_(None), _l("구 전체에 대한 제안")),
        category(Proposal.category),
        Filter("year", _l("연도"), Proposal.year, years, _l("모든 연도"))),
    orders=tuple(Order(sort.value, labels.SORT[sort], (column.desc(), Proposal.id.desc())) for sort, column in (
        (Sort.NEWEST, Proposal.published_at), (Sort.SUPPORTED, Proposal.support_count),
        (Sort.DISCUSSED, Proposal.comment_count)))))
_GATHERING_NOW = PROPOSALS.of({"state": State.GATHERING}, Sort.SUPPORTED)


def listed(wanted: Chosen, after: str | None = None, *, names: Mapping[int, str] | None = None,
           limit: int = 0) -> paging.Page[ProposalCard]:
    """A page of what everybody may read. `names` are the neighbourhoods' by id, if the caller has them.

    Raises Invalid for an `after` that is no token.
    """
    page = wanted.page(after, limit=limit)
    return paging.Page(cards(page.items, names), page.after)


def cards(rows, names: Mapping[int, str] | None = None) -> list[ProposalCard]:
    names = district.neighbourhood_names() if names is None else names
    now = clock.now()
    state_words = {state: str(labels.STATE[state]) for state in {row.state for row in rows} | {State.LAPSED}}
    category_words = district.category_names() if rows else {}
    return [_card(row, now, names, state_words, category_words) for row in rows]


def nearest(limit: int) -> list[ProposalCard]:
    """Proposals that gather support now: by turns the one nearest to its goal and the one nearest to its end."""
    names = district.neighbourhood_names()
    now = clock.now()
    supported = cards(_GATHERING_NOW.page(None, limit=limit, now=clock.plain(now)).items, names)
    if len(supported) < limit:
        ending = sorted(supported, key=lambda card: card.deadline or NEVER)
    else:
        rows = db.session.connection().execute(_ending(), {"now": clock.plain(now), "rows": limit})
        ending = cards(rows.all(), names)
    return list({card.number: card for pair in zip(supported, ending) for card in pair}.values())[:limit]


@made_once
def _ending() -> sa.Select:
    return public().where(_GATHERING).order_by(Proposal.gathering_ends_at, Proposal.id).limit(sa.bindparam("rows"))


def newest(limit: int) -> list[ProposalCard]:
    return list(listed(PROPOSALS.of(), limit=limit).items)


def in_neighbourhood(neighbourhood_id: int, limit: int) -> list[ProposalCard]:
    """Those that gather support for a neighbourhood, the most supported first, then its newest."""
    wanted = {"neighbourhood": neighbourhood_id}
    supported = PROPOSALS.of(wanted | {"state": State.GATHERING}, Sort.SUPPORTED)
    gathering = cards(supported.page(None, limit=limit, now=clock.plain(clock.now())).items)
    newest = listed(PROPOSALS.of(wanted), limit=limit).items if len(gathering) < limit else []
    return list({card.number: card for card in (*gathering, *newest)}.values())[:limit]


MOST_COUNTED = 1_000


def count(wanted: Chosen) -> int:
    """Number of what everybody may read under these filters, at most one more than MOST_COUNTED."""
    statement = public().with_only_columns(sa.literal(1)).where(*wanted.conditions()).limit(MOST_COUNTED + 1)
    return db.session.scalar(sa.select(sa.func.count()).select_from(statement.subquery()))


def of_ids(ids: list[int]) -> dict[int, ProposalCard]:
    """Cards of these proposals that everybody may read, by id."""
    rows = db.session.connection().execute(_of_ids(), {"ids": ids}).all() if ids else []
    return dict(zip((row.id for row in rows), cards(rows), strict=True))


@lru_cache(maxsize=1)
def _of_ids() -> sa.Select:
    return public().where(Proposal.id.in_(sa.bindparam("ids", expanding=True)))


def _card(row, now: datetime, names: Mapping[int, str], state_words: dict, category_words: dict) -> ProposalCard:
    state = rules.state_now(row.state, row.gathering_ends_at, now)
    gathering = state is State.GATHERING and row.gathering_ends_at is not None
    days_left = (local(row.gathering_ends_at).date() - local(now).date()).days if gathering else None
    return ProposalCard(row.number, row.title, row.excerpt, state, state_words[state], names.get(row.neighbourhood_id),
                category_words[row.category], row.support_count, row.threshold, row.comment_count, days_left,
                row.gathering_ends_at if gathering else None, row.published_at, f"{row.support_count:,}",
                _("%(count)s명", count=f"{row.threshold:,}"), _time_left(days_left),
                _("댓글 %(count)s", count=f"{row.comment_count:,}"), row.category, row.picture)


def _time_left(days: int | None) -> str:
    if days is None:
        return ""
    return _("오늘 마감") if days <= 0 else _("%(days)s일 남음", days=days)


MOST_OWN = 100


def of_author(user, names: dict[int, str] | None = None) -> list[ProposalCard]:
    """The user's own proposals but drafts, those held or hidden too, the newest first."""
    statement = sa.select(*COLUMNS).where(Proposal.author_id == user.id, Proposal.state != State.DRAFT)
    return cards(db.session.execute(statement.order_by(Proposal.id.desc()).limit(MOST_OWN)).all(), names)


def followed_by(user, names: dict[int, str] | None = None) -> list[ProposalCard]:
    """Proposals that the user gets news of and everybody may read, the latest first."""
    query = public().join(Follow, Follow.proposal_id == Proposal.id).where(
        Follow.user_id == user.id, sa.or_(Proposal.author_id.is_(None), Proposal.author_id != user.id))
    return cards(db.session.execute(query.order_by(Follow.at.desc(), Proposal.id.desc()).limit(MOST_OWN)).all(), names)


def supported_by(user, limit: int) -> list[ProposalCard]:
    """Proposals that the user supports and everybody may read, the latest support first."""
    statement = public().join(Support, Support.proposal_id == Proposal.id).where(Support.user_id == user.id)
    return cards(db.session.execute(statement.order_by(Support.at.desc(), Proposal.id.desc()).limit(limit)).all(), {})


MOST_SIMILAR = 4
LONGEST = 100


def similar_to(title: str, exclude: int | None = None) -> list[ProposalCard]:
    """Public proposals that share what this title is about, the likest first."""
    hits = search.similar(title[:LONGEST], ("proposal",), MOST_SIMILAR, exclude=exclude)
    similar = of_ids([hit.ref_id for hit in hits])
    return [similar[hit.ref_id] for hit in hits if hit.ref_id in similar]


ALIKE = ("proposal", "commitment", "consultation", "outcome")
SAME_CATEGORY, OTHER_CATEGORY, SAME_PLACE = 1.3, 0.75, 1.05
"""By these the likeness of a proposal to one that is being written is multiplied."""


@dataclass(frozen=True)
class Alike:
    """Texts that are there already of what somebody is about to propose."""

    cards: list[ProposalCard]
    others: list[tuple[str, SearchResult]]
    """Commitments, consultations and outcomes, with their titles."""


def alike(title: str, exclude: int | None = None, category: str = "", neighbourhood: str = "") -> Alike:
    known: dict[int, ProposalCard] = {}

    def fits(hits: list[search.Hit]) -> dict[tuple[str, int], float]:
        known.update(of_ids([hit.ref_id for hit in hits if hit.kind == "proposal"]))
        return {("proposal", id_): _nearness(card, category, neighbourhood) for id_, card in known.items()}

    there = {kind.name: searched for kind, searched in having(Searched)}
    hits = search.similar(title[:LONGEST], [kind for kind in ALIKE if kind in there], MOST_SIMILAR, exclude=exclude,
                          fits=fits)
    results = {kind: there[kind].results([hit.ref_id for hit in hits if hit.kind == kind])
               for kind in {hit.kind for hit in hits} - {"proposal"}}
    return Alike([known[hit.ref_id] for hit in hits if hit.kind == "proposal" and hit.ref_id in known],
                 [(hit.title, results[hit.kind][hit.ref_id]) for hit in hits
                  if hit.ref_id in results.get(hit.kind, ())])


def _nearness(card: ProposalCard, category: str, neighbourhood: str) -> float:
    of_category = SAME_CATEGORY if card.category == category else OTHER_CATEGORY if category else 1.0
    return of_category * (SAME_PLACE if neighbourhood and card.neighbourhood_name == neighbourhood else 1.0)
