"""Every SELECT on proposals."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from civic_forum.accounts.models import User
from civic_forum.attachments.models import Attachment
from civic_forum.attachments.queries import first_picture
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Apart, Filter, NOW
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.comments.models import Thread
from civic_forum.district import labels as district_words
from civic_forum.district import queries as district
from civic_forum.district.filters import category, neighbourhood
from civic_forum.district.models import Audience, Neighbourhood
from civic_forum.district.rules import Category
from civic_forum.journeys import queries as journeys
from civic_forum.platform import clock, paging
from civic_forum.platform.base import Instant, db, is_sqlite
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import Language, _, _l, language, local
from civic_forum.platform.json_rows import beside, gathered, gathered_beside, instant, rows_of
from civic_forum.platform.statements import made_once
from civic_forum.search import queries as search

from . import extensions, labels, rules
from .models import (Follow, Proposal, ProposalSerial, ProposalTally, ProposalVersion, SimilarProposal, Support,
                     proposal_audience)
from .rules import PUBLIC, Sort, State


# Lists of proposals: plain rows, no records, the same few statements however many there are


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
    category: Category = Category.OTHER
    picture: str | None = None
    """Key of its first picture."""

    @property
    def is_gathering(self) -> bool:
        return self.days_left is not None


def overdue_ids(now: datetime, limit: int = 200) -> sa.Select:
    return (sa.select(Proposal.id).where(Proposal.state == State.GATHERING, Proposal.gathering_ends_at <= now)
            .order_by(Proposal.gathering_ends_at).limit(limit))


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
    category_words = {kind: str(district_words.CATEGORY[kind]) for kind in {row.category for row in rows}}
    return [_card(row, now, names, state_words, category_words) for row in rows]


def nearest(limit: int, names: Mapping[int, str] | None = None) -> list[ProposalCard]:
    """Proposals that gather support now: by turns the one nearest to its goal and the one nearest to its end.

    `names` are the neighbourhoods' by id, if the caller has them.
    """
    names = district.neighbourhood_names() if names is None else names
    supported = listed(_GATHERING_NOW, names=names, limit=limit).items
    if len(supported) < limit:
        ending = sorted(supported, key=lambda card: card.deadline or NEVER)
    else:
        ending = cards(db.session.execute(_ending(), {"now": clock.now(), "rows": limit}).all(), names)
    return list({card.number: card for pair in zip(supported, ending) for card in pair}.values())[:limit]


@made_once
def _ending() -> sa.Select:
    return public().where(_GATHERING).order_by(Proposal.gathering_ends_at, Proposal.id).limit(sa.bindparam("rows"))


def newest(limit: int) -> list[ProposalCard]:
    return list(listed(PROPOSALS.of(), limit=limit).items)


def in_neighbourhood(neighbourhood_id: int, limit: int) -> list[ProposalCard]:
    """Those that gather support for a neighbourhood, the most supported first, then its newest."""
    wanted = {"neighbourhood": neighbourhood_id}
    gathering = list(listed(PROPOSALS.of(wanted | {"state": State.GATHERING}, Sort.SUPPORTED), limit=limit).items)
    newest = listed(PROPOSALS.of(wanted), limit=limit).items if len(gathering) < limit else []
    return list({card.number: card for card in (*gathering, *newest)}.values())[:limit]


def by_neighbourhood(start: datetime, end: datetime) -> dict[int, int]:
    """Numbers of proposals for each neighbourhood between these moments."""
    return dict(db.session.execute(
        sa.select(Proposal.neighbourhood_id, sa.func.count()).where(
            Proposal.published_at >= start, Proposal.published_at < end, Proposal.neighbourhood_id.is_not(None),
            READABLE)
        .group_by(Proposal.neighbourhood_id)).all())


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


def titles(ids: list[int]) -> dict[int, str]:
    """Titles of these proposals that everybody may read, by id."""
    statement = public().with_only_columns(Proposal.id, Proposal.title).where(Proposal.id.in_(ids))
    return dict(db.session.execute(statement).all())


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


# Proposals and drafts as records: by number, locked, counted, similar, versions


READABLE = sa.and_(Proposal.state.in_(rules.PUBLIC), Proposal.published_at.is_not(None), Proposal.hidden_at.is_(None))
"""What everybody may read, as a condition; for the statements of other features too."""


def missing() -> NotFound:
    return NotFound(_("이런 제안은 없어요. 번호를 다시 확인하거나 검색으로 찾아보세요."))


def by_number(number: str) -> Proposal:
    """Raises NotFound."""
    proposal = numbered(number)
    if proposal is None:
        raise missing()
    return proposal


def numbered(number: str) -> Proposal | None:
    if not rules.NUMBER.fullmatch(number):
        return None
    return db.session.scalar(sa.select(Proposal).filter_by(number=number))


def readable(proposal_ids: Collection[int]) -> Sequence[Proposal]:
    """Those of these proposals that everybody may read."""
    return db.session.scalars(sa.select(Proposal).where(Proposal.id.in_(proposal_ids), READABLE)).all()


def locked(proposal_id: int) -> Proposal:
    """The proposal read again, and locked until this transaction ends. Raises NotFound.

    The lock leaves foreign keys to the row alone, so that rows which point to it are written beside.
    """
    statement = sa.select(Proposal).filter_by(id=proposal_id).with_for_update(key_share=True, of=Proposal)
    proposal = db.session.scalar(statement.execution_options(populate_existing=True))
    if proposal is None:
        raise missing()
    return proposal


def totals() -> dict[State, int]:
    """Numbers of proposals in each state, zero included."""
    kept = dict(db.session.execute(sa.select(ProposalTally.state, ProposalTally.total)).all())
    return {state: max(kept.get(state, 0), 0) for state in State}


MOST_OWN = 100


def of_author(user, names: dict[int, str] | None = None) -> list[ProposalCard]:
    """The user's own proposals but drafts, those held or hidden too, the newest first."""
    statement = sa.select(*COLUMNS).where(Proposal.author_id == user.id, Proposal.state != State.DRAFT)
    return cards(db.session.execute(statement.order_by(Proposal.id.desc()).limit(MOST_OWN)).all(), names)


def followed_by(user, names: dict[int, str] | None = None) -> list[ProposalCard]:
    """Proposals that the user gets news of and everybody may read, the latest first."""
    statement = public().join(Follow, Follow.proposal_id == Proposal.id).where(
        Follow.user_id == user.id, sa.or_(Proposal.author_id.is_(None), Proposal.author_id != user.id))
    return cards(db.session.execute(
        statement.order_by(Follow.at.desc(), Proposal.id.desc()).limit(MOST_OWN)).all(), names)


def supported_by(user, limit: int) -> list[ProposalCard]:
    """Proposals that the user supports and everybody may read, the latest support first."""
    statement = public().join(Support, Support.proposal_id == Proposal.id).where(Support.user_id == user.id)
    return cards(db.session.execute(statement.order_by(Support.at.desc(), Proposal.id.desc()).limit(limit)).all(), {})


def support_count(user) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Support).filter_by(user_id=user.id))


def draft_count(user) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).filter_by(
        author_id=user.id, state=State.DRAFT))


def carried_count(proposal_id: int) -> int:
    """Number of proposals that this one carries on."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Proposal).filter_by(merged_into_id=proposal_id))


MOST_DRAFTS = 50
MOST_HELD = 20


def draft(key: str, author_id: int) -> Proposal:
    """The author's own draft, or what became of it. Raises NotFound for anybody else."""
    proposal = rules.DRAFT_KEY.fullmatch(key) and db.session.scalar(sa.select(Proposal).filter_by(draft_key=key))
    if not proposal or proposal.author_id != author_id:
        raise missing()
    return proposal


def drafts_of(user) -> list[Proposal]:
    """The drafts of this user, the one touched last first; those given back carry a reason."""
    touched = sa.func.coalesce(Proposal.edited_at, Proposal.created_at)
    return list(db.session.scalars(
        sa.select(Proposal).filter_by(author_id=user.id, state=State.DRAFT)
        .order_by(touched.desc(), Proposal.id.desc()).limit(MOST_DRAFTS)))


def newest_draft(user) -> list[sa.Row]:
    """Key and title of the draft that was touched last, if there is one."""
    return list(db.session.connection().execute(_newest_draft(), {"user": user.id}))


@made_once
def _newest_draft() -> sa.Select:
    touched = sa.func.coalesce(Proposal.edited_at, Proposal.created_at)
    return (sa.select(Proposal.draft_key, Proposal.title).where(
        Proposal.author_id == sa.bindparam("user"), Proposal.state == State.DRAFT).order_by(touched.desc()).limit(1))


def held(number: str | None = None) -> list[Proposal]:
    """Proposals that wait for a moderator, the oldest first; or the one with this number, if it does."""
    statement = (sa.select(Proposal).filter_by(state=State.HELD)
                 .options(joinedload(Proposal.author), joinedload(Proposal.neighbourhood))
                 .order_by(Proposal.edited_at, Proposal.id).limit(MOST_HELD))
    return list(db.session.scalars(statement if number is None else statement.filter_by(number=number)))


def held_due(staff) -> sa.Select:
    """For the desk: what waits for another moderator than its author, since it was handed in or edited."""
    held = sa.bindparam(None, State.HELD, type_=Proposal.state.type, literal_execute=True)
    return sa.select(Proposal.id, Proposal.edited_at, Proposal.number, Proposal.title, sa.null()).where(
        Proposal.state == held, Proposal.author_id != staff.id)


def untouched_since(moment: datetime, limit: int = 200) -> list[int]:
    touched = sa.func.coalesce(Proposal.edited_at, Proposal.created_at)
    return list(db.session.scalars(
        sa.select(Proposal.id).where(Proposal.state == State.DRAFT, touched < moment).limit(limit)))


def unmarked(limit: int, before: datetime) -> list[int]:
    """Ids of verified people who gave supports that have no mark, to what counts still; `before`: marks of what closed
    by then are gone for good."""
    return list(db.session.scalars(
        sa.select(User.id).distinct().join(Support, Support.user_id == User.id)
        .join(Proposal, Proposal.id == Support.proposal_id)
        .where(Support.person_mark.is_(None), User.person_id.is_not(None), Proposal.state.in_(rules.COUNTED_STILL),
               Proposal.id.not_in(closed_for_support(before))).limit(limit)))


def closed_for_support(before: datetime) -> sa.Select:
    """Ids of proposals whose time to gather support ended before, and that are not carried on by one that is open."""
    into = aliased(Proposal)
    carried_on = sa.exists().where(into.id == Proposal.merged_into_id, into.state.in_(rules.COUNTED_STILL))
    return sa.select(Proposal.id).where(Proposal.gathering_ends_at < before,
                                        Proposal.state.not_in(rules.TAKES_SUPPORT), ~carried_on)


def overdue(now: datetime) -> list[int]:
    """Ids of proposals that still gather support after their time, the longest overdue first."""
    return list(db.session.scalars(overdue_ids(now)))


MOST_SIMILAR = 4
LONGEST = 100


def similar_to(title: str, exclude: int | None = None) -> list[ProposalCard]:
    """Public proposals that have much in common with this title, the most similar first."""
    hits = search.similar(title[:LONGEST], "proposal", MOST_SIMILAR, exclude=exclude)
    similar = of_ids([hit.ref_id for hit in hits])
    return [similar[hit.ref_id] for hit in hits if hit.ref_id in similar]


MOST_VERSIONS = 100


def versions(proposal_id: int) -> list[sa.Row]:
    """Number and moment of the versions, the newest first."""
    return list(db.session.execute(
        sa.select(ProposalVersion.version, ProposalVersion.at).filter_by(proposal_id=proposal_id)
        .order_by(ProposalVersion.version.desc()).limit(MOST_VERSIONS)))


def version(proposal_id: int, number: int) -> ProposalVersion:
    """Raises NotFound."""
    version = db.session.get(ProposalVersion, (proposal_id, number))
    if version is None:
        raise NotFound(_("그런 판은 없어요. 목록에서 다시 골라 주세요."))
    return version


# One proposal with all that its page shows, in one statement


MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class File:
    key: str
    name: str
    is_picture: bool
    size: int
    description: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Similar:
    number: str
    title: str
    state: State
    support_count: int


@dataclass(frozen=True)
class Detail:
    """A proposal with what stands around it on its page."""

    proposal: Proposal
    thread: Thread | None
    """Held here so that its comments are read without asking for it again."""
    author_name: str | None
    neighbourhood_name: str | None
    merged_number: str | None
    merged_title: str | None
    """Its number where it is hidden."""
    is_supported: bool
    is_followed: bool
    audiences: list[str]
    entries: list[journeys.Entry]
    files: list[File]
    similar: list[Similar]
    beside: dict[str, Sequence[list]]
    """Rows that features above asked to be read with it (`extensions.reads`)."""

    @property
    def steps_taken(self) -> set[str]:
        return {entry.step for entry in self.entries}

    @property
    def pictures(self) -> list[File]:
        return [file for file in self.files if file.is_picture]

    @property
    def documents(self) -> list[File]:
        return [file for file in self.files if not file.is_picture]


def detail(number: str, viewer_id: int | None = None) -> Detail:
    """Raises NotFound. Whether the viewer may read it is for the caller to ask."""
    if not rules.NUMBER.fullmatch(number):
        raise missing()
    statement = _statement(viewer_id is not None, language(), is_sqlite())
    row = db.session.execute(statement, {"number": number, "viewer": viewer_id}).one_or_none()
    if row is None:
        raise missing()
    proposal, thread, author, neighbourhood, merged_number, merged_title, supported, followed, *columns = row
    audiences, entries, files, similar = map(rows_of, columns[:4])
    return Detail(
        proposal, thread, author, neighbourhood, merged_number, merged_title, bool(supported), bool(followed),
        audiences=[name for name, in audiences],
        entries=[journeys.Entry(step, instant(at), text, url) for step, at, text, url in entries],
        files=[File(key, name, bool(is_picture), *rest) for key, name, is_picture, *rest in files],
        similar=[Similar(other, title, State(state), count) for other, title, state, count in similar],
        beside=beside(extensions.reads(), columns[4:]))


@lru_cache(maxsize=16)
def _statement(signed_in: bool, _words: Language, _for_sqlite: bool) -> sa.Select:
    """Made once for each language and database: making it takes longer than carrying it out."""
    target, this = aliased(Proposal), aliased(Proposal)
    own = sa.select(this.id).where(this.number == sa.bindparam("number")).scalar_subquery()
    return (
        sa.select(Proposal, Thread, User.nickname, Neighbourhood.name, target.number,
                  sa.case((target.hidden_at.is_(None), target.title), else_=target.number),
                  _has(Support, signed_in), _has(Follow, signed_in),
                  *(gathered(rows, Proposal) for rows in (_audiences(), _journey(), _files(), _similar())),
                  *gathered_beside(extensions.reads(), own, Proposal))
        .join(User, User.id == Proposal.author_id)
        .outerjoin(Thread, Thread.id == Proposal.thread_id)
        .outerjoin(Neighbourhood, Neighbourhood.id == Proposal.neighbourhood_id)
        .outerjoin(target, target.id == Proposal.merged_into_id)
        .where(Proposal.number == sa.bindparam("number")))


def _has(kind: type[Support] | type[Follow], signed_in: bool) -> sa.ColumnElement[bool]:
    if not signed_in:
        return sa.false()
    return sa.exists().where(kind.proposal_id == Proposal.id, kind.user_id == sa.bindparam("viewer"))


def _audiences() -> sa.Select:
    return (sa.select(Audience.name).join(proposal_audience, proposal_audience.c.audience_id == Audience.id)
            .where(proposal_audience.c.proposal_id == Proposal.id).order_by(Audience.position))


def _journey() -> sa.Select:
    return journeys.steps_of(Proposal.journey_id).limit(MOST_STEPS)


def _files() -> sa.Select:
    return (sa.select(Attachment.key, Attachment.name, Attachment.is_picture, Attachment.size,
                      Attachment.description, Attachment.width, Attachment.height)
            .where(Attachment.set_id == Proposal.attachment_set_id).order_by(Attachment.position, Attachment.id))


def _similar() -> sa.Select:
    other = aliased(Proposal)
    return (sa.select(other.number, other.title, other.state, other.support_count)
            .join(SimilarProposal, SimilarProposal.other_id == other.id)
            .where(SimilarProposal.proposal_id == Proposal.id, other.hidden_at.is_(None),
                   other.published_at.is_not(None), other.state.not_in((State.WITHDRAWN, State.MERGED)))
            .order_by(SimilarProposal.place, other.id).limit(MOST_SIMILAR))
