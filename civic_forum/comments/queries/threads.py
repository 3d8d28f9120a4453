"""A page of the comments of a thread, as every visitor sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import NamedTuple

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.blocks import moderated, sections
from civic_forum.district.models import Department
from civic_forum.platform.base import Instant, Number, db
from civic_forum.platform.i18n import Language, language
from civic_forum.platform.rich_text import excerpt

from ..models import Comment
from ..rules import ON_A_PAGE, REPLIES_SHOWN, Order, Stance

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
        return moderated.rule(rule) if rule else ""


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


def first_page(thread_id: int, order: Order, stance: Stance | None) -> ThreadPage:
    return sections.kept(page, thread_id, order, stance)


def page(thread_id: int, order: Order, stance: Stance | None, last: Mapping[str, object] = MappingProxyType({})
          ) -> ThreadPage:
    statement = _statement(order, bool(last), stance is not None, language())
    parameters = {"thread": thread_id, "stance": stance, **last}
    rows = [CommentRow(*row) for row in db.session.execute(statement, parameters)]
    sections.measures(sum([len(row.html) for row in rows]))
    return _grouped(rows)


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
    return columns().join(shown, shown.c.id == Comment.id).order_by(*keys, shown.c.nth).limit(MOST_ROWS)


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


def columns() -> sa.Select:
    return (sa.select(Comment.id, Comment.parent_id, Comment.author_id, Comment.stance, Comment.html,
                      Comment.support_count, Comment.as_moderator, Comment.at,
                      Comment.edited_at.is_not(None).label("is_edited"),
                      Comment.deleted_at.is_not(None).label("is_deleted"),
                      Comment.hidden_at.is_not(None).label("is_hidden"),
                      Comment.hidden_rule, User.nickname, Department.name.label("department"))
            .select_from(Comment).join(User, User.id == Comment.author_id)
            .outerjoin(Department, Department.id == Comment.department_id))


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
