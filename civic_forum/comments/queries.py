"""Comments, and the sections of a page that show them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from secrets import token_hex
from types import MappingProxyType
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.blocks import kinds, sections
from civic_forum.district.models import Department
from civic_forum.platform import clock, paging
from civic_forum.platform.base import Instant, Number, db
from civic_forum.platform.errors import Invalid, NotFound
from civic_forum.platform.i18n import Language, _, language
from civic_forum.platform.rich_text import excerpt
from civic_forum.platform.statements import made_once

from . import rules
from .models import Comment, CommentSupport, Thread
from .policy import may_read, may_write, why_closed, why_not_take_part
from .rules import ON_A_PAGE, Order, REPLIES_SHOWN, Stance, UNFOLDED


def missing() -> NotFound:
    return NotFound(_("없는 댓글이에요. 주소를 다시 확인해 주세요."))


def thread(thread_id: int, viewer) -> Thread:
    """Raises NotFound also where the viewer may not read it."""
    return _readable(db.session.get(Thread, thread_id), viewer)


def locked_thread(thread_id: int, viewer) -> Thread:
    """The thread, read again and locked until this transaction ends."""
    thread = db.session.get(Thread, thread_id, with_for_update={"key_share": True}, populate_existing=True)
    return _readable(thread, viewer)


def comment(comment_id: int, viewer) -> Comment:
    """Raises NotFound also where the viewer may not read its thread."""
    comment = db.session.get(Comment, comment_id)
    if comment is None:
        raise missing()
    _readable(comment.thread, viewer)
    return comment


def locked(comment_id: int) -> Comment:
    """A comment that is known to be there, read again and locked until this transaction ends."""
    return db.session.get_one(Comment, comment_id, with_for_update={"key_share": True}, populate_existing=True)


def by_form_key(author: User, form_key: str | None) -> Comment | None:
    """Comment that the first click on the same form wrote."""
    if not form_key:
        return None
    return db.session.scalar(sa.select(Comment).filter_by(author_id=author.id, form_key=form_key))


def support_of(comment: Comment, user: User) -> CommentSupport | None:
    return db.session.get(CommentSupport, (comment.id, user.id))


def place(comment: Comment) -> str:
    """Address of the page on which this comment stands, with its anchor."""
    thread = comment.thread
    address = kinds.url(thread.kind, thread.owner_id)
    root = comment if comment.parent_id is None else db.session.get_one(Comment, comment.parent_id)
    older = sa.select(Comment.at, Comment.id).where(
        Comment.thread_id == thread.id, Comment.parent_id.is_(None),
        sa.tuple_(Comment.at, Comment.id) < sa.tuple_(root.at, root.id))
    total = sa.select(sa.func.count()).select_from(
        sa.select(Comment.id).where(Comment.thread_id == thread.id).limit(ON_A_PAGE + 1).subquery())
    if db.session.scalar(total) > ON_A_PAGE:
        before = db.session.execute(older.order_by(Comment.at.desc(), Comment.id.desc()).limit(1)).first()
        if before:
            address += f"?after={paging.token(before.at.isoformat(), before.id)}"
    else:
        address += f"?order={Order.OLDEST}"  # so that none is folded
    return f"{address}#comment-{comment.id}"


def written_by(user: User) -> list[Comment]:
    """The comments of this user whose text is still there, the oldest first."""
    return list(db.session.scalars(sa.select(Comment).order_by(Comment.id).where(
        Comment.author_id == user.id, Comment.deleted_at.is_(None))))


def newest_by(user: User, limit: int) -> tuple[list[Comment], int]:
    """The newest comments of this user whose text is still there, and how many there are."""
    own = Comment.author_id == user.id, Comment.deleted_at.is_(None)
    newest = list(db.session.scalars(sa.select(Comment).where(*own).order_by(Comment.id.desc()).limit(limit)))
    if len(newest) < limit:
        return newest, len(newest)
    return newest, db.session.scalar(sa.select(sa.func.count()).where(*own))


def shown_of(comment_ids: Collection[int]) -> Sequence[Comment]:
    """Those of these comments that are neither deleted nor hidden."""
    return db.session.scalars(sa.select(Comment).where(
        Comment.id.in_(comment_ids), Comment.deleted_at.is_(None), Comment.hidden_at.is_(None))).all()


def with_author(comment_id: int) -> Comment | None:
    """For whoever decides about one: hidden and deleted ones too."""
    return db.session.get(Comment, comment_id, options=[joinedload(Comment.author)])


def beside(comment: Comment, *, before: bool, most: int) -> list[Comment]:
    """The nearest of the same level, in the order in which they were written."""
    place, here = sa.tuple_(Comment.at, Comment.id), sa.tuple_(sa.literal(comment.at, Comment.at.type), comment.id)
    order = (Comment.at.desc(), Comment.id.desc()) if before else (Comment.at, Comment.id)
    near = db.session.scalars(
        sa.select(Comment).where(Comment.thread_id == comment.thread_id, Comment.parent_id == comment.parent_id
                                 if comment.parent_id else Comment.parent_id.is_(None),
                                 place < here if before else place > here)
        .options(joinedload(Comment.author), joinedload(Comment.department)).order_by(*order).limit(most)).all()
    return list(reversed(near)) if before else list(near)


def of_search(comment_ids: list[int]) -> Sequence[sa.Row]:
    """Facts beside a found comment; those deleted or hidden are left out."""
    return db.session.execute(
        sa.select(Comment.id, Thread.kind, Thread.owner_id, User.nickname, Department.name.label("department"))
        .join(Thread, Thread.id == Comment.thread_id).join(User, User.id == Comment.author_id)
        .outerjoin(Department, Department.id == Comment.department_id)
        .where(Comment.id.in_(comment_ids), Comment.deleted_at.is_(None), Comment.hidden_at.is_(None))).all()


def supported_by(user: User) -> Sequence[sa.Row]:
    return db.session.execute(sa.select(CommentSupport.comment_id, CommentSupport.at)
                              .filter_by(user_id=user.id).order_by(CommentSupport.at)).all()


def _readable(thread: Thread | None, viewer) -> Thread:
    if thread is None or may_read(viewer, thread):
        raise NotFound(_("없거나 지금은 볼 수 없는 글이에요."))
    return thread


EXCERPT = 140
"""Characters of a comment above all others."""
MOST_ROWS = ON_A_PAGE + REPLIES_SHOWN + ON_A_PAGE // REPLIES_SHOWN + 2
"""Enough to fill a page, to see which comments have more replies, and to see whether more comments follow."""


class CommentRow(NamedTuple):
    """A comment as `comments/one.html` says it to one reader."""

    id: int
    parent_id: int | None
    author_id: int
    stance: Stance | None
    html: str
    support_count: int
    as_moderator: bool
    at: datetime
    is_edited: bool
    is_deleted: bool
    is_hidden: bool
    hidden_rule: str | None
    nickname: str | None
    department: str | None
    supported: bool = False
    """By this reader."""


@dataclass(frozen=True)
class Discussed:
    """A comment of the first level, then its replies: all that `comments/one.html` says of them to one reader."""

    rows: tuple[CommentRow, ...]
    has_more: bool = False
    """Whether there are replies beyond those shown."""
    own: frozenset[int] = frozenset()
    """Those that this reader wrote,"""
    editable: frozenset[int] = frozenset()
    """and of them those that may still be changed."""

    @cached_property
    def _hash(self) -> int:
        return hash((self.rows, self.has_more, self.own, self.editable))

    def __hash__(self) -> int:
        """Reckoned once: what is the same for all readers is kept, and asked for by each."""
        return self._hash

    @staticmethod
    def rule_in_words(rule: str | None) -> str:
        return kinds.rule(rule) if rule else ""


class Strongest(NamedTuple):
    """The comment of a stance that most people support."""

    id: int
    stance: Stance
    support_count: int
    nickname: str | None
    said: str
    """Its beginning."""


@dataclass(frozen=True)
class ThreadPage:
    """Comments as a visitor sees them; what readers ask of all of them is reckoned once."""

    comments: tuple[Discussed, ...]
    has_more: bool

    @cached_property
    def places(self) -> dict[int, int]:
        """Of each comment and reply, where its comment stands."""
        return {row.id: place for place, discussed in enumerate(self.comments) for row in discussed.rows}

    @cached_property
    def places_of(self) -> dict[int, set[int]]:
        """Of each author, where their comments and replies stand."""
        places: dict[int, set[int]] = {}
        for place, discussed in enumerate(self.comments):
            for row in discussed.rows:
                places.setdefault(row.author_id, set()).add(place)
        return places

    @cached_property
    def strongest(self) -> tuple[Strongest, ...]:
        """The most supported for, and the most supported against; the older of two."""
        rows = [discussed.rows[0] for discussed in self.comments
                if not (discussed.rows[0].is_deleted or discussed.rows[0].is_hidden)]
        strongest = (max((row for row in rows if row.stance is stance and row.support_count),
                         key=lambda row: (row.support_count, -row.id), default=None)
                     for stance in (Stance.FOR, Stance.AGAINST))
        return tuple(Strongest(row.id, row.stance, row.support_count, row.nickname, excerpt(row.html, EXCERPT))
                     for row in strongest if row and row.stance)


@dataclass(frozen=True)
class CommentSection:
    """Content of `comments/section.html`."""

    thread: Thread
    url: str
    """Address of the page, without a query."""
    order: Order
    stance: Stance | None
    page: ThreadPage
    own: Mapping[int, Discussed]
    """Comments of the page, by their places, that this reader sees otherwise than a visitor."""
    after: str | None
    is_first_page: bool
    viewer_id: int | None
    why_not_write: str | None
    takes_support: bool
    """Whether this viewer may support comments here: somebody who is muted may, and writes nothing."""
    invites: bool
    """Whether signing in is all that a visitor needs to join in."""
    form_key: str
    """Only for somebody who is signed in: a visitor's page is the same for all."""
    strongest: tuple[Strongest, ...] = ()
    is_chosen: bool = True
    """Asked for in an order or from a place: everything is open. Else replies are folded, and many comments."""
    kept_as: tuple[int, Order, Stance | None] | None = None
    """The first page of a thread, that is kept."""

    @property
    def comments(self) -> list[Discussed]:
        return [self.own.get(place, discussed) for place, discussed in enumerate(self.page.comments)]

    @property
    def is_folded(self) -> bool:
        return not self.is_chosen and len(self.page.comments) > UNFOLDED

    @property
    def stance_count(self) -> int:
        return self.thread.for_count + self.thread.against_count + self.thread.note_count


def section(thread_id: int, viewer, order: str | None = None, after: str | None = None,
            stance: str | None = None) -> CommentSection:
    """A page of a thread for this viewer; raises Invalid for an unknown order, stance or token.

    The caller has checked that the viewer may read the page.
    """
    chosen, stance = _known(Order, order), _known(Stance, stance)
    order = chosen or Order.OLDEST
    last = _last_shown(order, after)
    thread = db.session.get(Thread, thread_id)
    if thread is None:
        raise NotFound(_("없는 글이에요. 주소를 다시 확인해 주세요."))
    first = thread_id, order, stance
    # An address can name any place of a thread, and a page is long: only first ones are kept.
    page = _page(*first, last) if last else first_page(*first)
    is_chosen = bool(chosen or stance or last)
    supported = first_page(thread_id, Order.SUPPORTED, None) if page.has_more and not is_chosen else page
    return _section(thread, viewer, page, order=order, stance=stance, is_first_page=not last,
                    after=_token(order, page.comments[-1].rows[0]) if page.has_more else None,
                    strongest=() if is_chosen else supported.strongest, is_chosen=is_chosen,
                    kept_as=None if last else first)


def first_page(thread_id: int, order: Order, stance: Stance | None) -> ThreadPage:
    return sections.kept(_page, thread_id, order, stance)


def _page(thread_id: int, order: Order, stance: Stance | None, last: Mapping[str, object] = MappingProxyType({})
          ) -> ThreadPage:
    statement = _statement(order, bool(last), stance is not None, language())
    parameters = {"thread": thread_id, "stance": stance, **last}
    return _grouped([CommentRow(*row) for row in db.session.execute(statement, parameters)])


def _supported_by(viewer_id: int, thread_id: int) -> list[int]:
    """Ids of comments."""
    return list(db.session.scalars(_supports(), {"viewer": viewer_id, "thread": thread_id}))


@made_once
def _supports() -> sa.Select:
    return (sa.select(CommentSupport.comment_id).join(Comment, Comment.id == CommentSupport.comment_id)
            .where(CommentSupport.user_id == sa.bindparam("viewer", type_=Number),
                   Comment.thread_id == sa.bindparam("thread", type_=Number)))


def replies(comment: Comment, viewer, after: str | None = None) -> CommentSection:
    """One comment of the first level and a page of its replies, in the order of their writing."""
    last = paging.parts(after, str, int)
    is_answer, written = Comment.parent_id == comment.id, sa.tuple_(Comment.at, Comment.id)
    if last:
        is_answer &= written > sa.tuple_(sa.literal(_moment(last[0]), Instant()), sa.literal(last[1], Number))
    statement = (_columns().where(sa.or_(Comment.id == comment.id, is_answer))
                 .order_by(Comment.parent_id.is_not(None), Comment.at, Comment.id).limit(ON_A_PAGE + 2))
    rows = [CommentRow(*row) for row in db.session.execute(statement)]
    page = paging.page_of(rows, ON_A_PAGE + 1, lambda row: (row.at.isoformat(), row.id))
    return _section(comment.thread, viewer, ThreadPage((Discussed(tuple(page.items)),), page.after is not None),
                    order=Order.OLDEST, stance=None, is_first_page=not last, after=page.after)


def _section(thread: Thread, viewer, page: ThreadPage, **place) -> CommentSection:
    viewer_id, why_not_write = _id(viewer), may_write(viewer, thread)
    return CommentSection(
        thread=thread, url=kinds.url(thread.kind, thread.owner_id),
        page=page, own={} if viewer_id is None else _own(viewer_id, thread.id, page, why_not_write),
        viewer_id=viewer_id, why_not_write=why_not_write,
        takes_support=viewer_id is not None and why_not_take_part(viewer, thread) is None,
        invites=viewer_id is None and why_closed(viewer, thread) is None,
        form_key=token_hex(16) if viewer_id else "", **place)


def _id(viewer) -> int | None:
    return viewer.id if viewer.is_authenticated else None


def _known(kind, word: str | None):
    if not word:
        return None
    try:
        return kind(word)
    except ValueError as unknown:
        raise Invalid(_("그런 순서나 분류는 없어요. 댓글의 처음부터 다시 봐 주세요.")) from unknown


def _last_shown(order: Order, after: str | None) -> dict[str, object]:
    """The values that `_statement` needs to go on after the last comment shown; none on the first page."""
    if order is Order.SUPPORTED:
        last = paging.parts(after, int, int)
        return {"last_supports": last[0], "last_id": last[1]} if last else {}
    last = paging.parts(after, str, int)
    return {"last_at": _moment(last[0]), "last_id": last[1]} if last else {}


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise Invalid(_("주소의 쪽 번호가 맞지 않아요. 목록의 처음부터 다시 봐 주세요.")) from wrong
    if moment.tzinfo is None or not 1971 < moment.year < 9000:
        raise Invalid(_("주소의 쪽 번호가 맞지 않아요. 목록의 처음부터 다시 봐 주세요."))
    return moment


def _token(order: Order, row: CommentRow) -> str:
    return paging.token(row.support_count if order is Order.SUPPORTED else row.at.isoformat(), row.id)


@lru_cache(maxsize=64)
def _statement(order: Order, goes_on: bool, filtered: bool, _words: Language) -> sa.Select:
    """First-level comments in this order, each followed by its first replies; made once for each language."""
    top = _top(order, goes_on, filtered).cte("top")
    root = (top.c.id.label("root_id"), top.c.at.label("root_at"), top.c.support_count.label("root_supports"))
    nth = sa.func.row_number().over(partition_by=Comment.parent_id, order_by=(Comment.at, Comment.id))
    answers = (sa.select(Comment.id, *root, nth.label("nth"))
               .select_from(top).join(Comment, Comment.parent_id == top.c.id).subquery("answers"))
    shown = sa.union_all(
        sa.select(top.c.id, *root, sa.literal(0).label("nth")),
        sa.select(*answers.c).where(answers.c.nth <= REPLIES_SHOWN + 1),
    ).subquery("shown")
    root_id, root_at = shown.c.root_id, shown.c.root_at
    keys = {Order.OLDEST: (root_at, root_id), Order.NEWEST: (root_at.desc(), root_id.desc()),
            Order.SUPPORTED: (shown.c.root_supports.desc(), root_id)}[order]
    return (_columns().join(shown, shown.c.id == Comment.id)
            .order_by(*keys, shown.c.nth).limit(MOST_ROWS))


def _top(order: Order, goes_on: bool, filtered: bool) -> sa.Select:
    statement = (sa.select(Comment.id, Comment.at, Comment.support_count)
                 .where(Comment.thread_id == sa.bindparam("thread"), Comment.parent_id.is_(None))
                 .limit(ON_A_PAGE + 1))
    if filtered:
        statement = statement.where(Comment.stance == sa.bindparam("stance"), Comment.deleted_at.is_(None),
                                    Comment.hidden_at.is_(None))
    last_id = sa.bindparam("last_id", type_=Number)
    if order is Order.SUPPORTED:
        last = sa.bindparam("last_supports", type_=Number)
        beyond = sa.or_(Comment.support_count < last, sa.and_(Comment.support_count == last, Comment.id > last_id))
        statement = statement.order_by(Comment.support_count.desc(), Comment.id)
    else:
        here, there = sa.tuple_(Comment.at, Comment.id), sa.tuple_(sa.bindparam("last_at", type_=Instant()), last_id)
        beyond = here > there if order is Order.OLDEST else here < there
        keys = (Comment.at, Comment.id) if order is Order.OLDEST else (Comment.at.desc(), Comment.id.desc())
        statement = statement.order_by(*keys)
    return statement.where(beyond) if goes_on else statement


def _columns() -> sa.Select:
    return (sa.select(Comment.id, Comment.parent_id, Comment.author_id, Comment.stance, Comment.html,
                      Comment.support_count, Comment.as_moderator, Comment.at,
                      *_given(edited=Comment.edited_at, deleted=Comment.deleted_at, hidden=Comment.hidden_at),
                      Comment.hidden_rule, User.nickname,
                      Department.name.label("department"))
            .select_from(Comment).join(User, User.id == Comment.author_id)
            .outerjoin(Department, Department.id == Comment.department_id))


def _given(**columns) -> list[sa.Label]:
    """True if there is something in these columns."""
    return [column.is_not(None).label(f"is_{name}") for name, column in columns.items()]


def _grouped(rows: Sequence[CommentRow]) -> ThreadPage:
    """Comments with their replies, as many as fit on a page."""
    discussed: list[Discussed] = []
    count = 0
    for row in rows:
        if row.parent_id is None:
            if count >= ON_A_PAGE:
                return ThreadPage(tuple(discussed), True)
            discussed.append(Discussed((row,)))
        elif len(discussed[-1].rows) <= REPLIES_SHOWN:
            discussed[-1] = Discussed((*discussed[-1].rows, row))
        else:
            discussed[-1] = replace(discussed[-1], has_more=True)
            continue
        count += 1
    return ThreadPage(tuple(discussed), False)


def _own(viewer_id: int, thread_id: int, page: ThreadPage, why_not_write: str | None) -> dict[int, Discussed]:
    """Comments that this reader supports or wrote, by their places."""
    supported = page.places.keys() & sections.kept_for_one(_supported_by, viewer_id, thread_id)
    own = {}
    for place in {page.places[comment_id] for comment_id in supported}:
        own[place] = replace(page.comments[place], rows=tuple(
            row._replace(supported=True) if row.id in supported else row for row in page.comments[place].rows))
    for place in page.places_of.get(viewer_id, ()):
        own[place] = _to_author(own.get(place, page.comments[place]), viewer_id, why_not_write)
    return own


def _to_author(discussed: Discussed, viewer_id: int, why_not_write: str | None) -> Discussed:
    own = [row for row in discussed.rows if row.author_id == viewer_id]
    now = clock.now()
    return replace(discussed, own=frozenset(row.id for row in own), editable=frozenset(
        row.id for row in own if why_not_write is None and not row.is_deleted and not row.is_hidden
        and rules.still_editable(row.at, now)))
