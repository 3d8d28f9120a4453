"""Sections of a page that show comments, for one reader."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from secrets import token_hex

import sqlalchemy as sa

from civic_forum.blocks import kinds
from civic_forum.blocks.sections import kept_for_one
from civic_forum.platform import clock, paging
from civic_forum.platform.base import Instant, Number, db
from civic_forum.platform.errors import Invalid, NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.statements import made_once

from .. import rules
from ..models import Comment, CommentSupport, Thread
from ..policy import may_write, why_closed, why_not_take_part
from ..rules import ON_A_PAGE, UNFOLDED, Order, Stance
from . import threads
from .threads import CommentRow, Discussed, Strongest, ThreadPage


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
    thread = existing(db.session.get(Thread, thread_id), lambda: NotFound(_("없는 글이에요. 주소를 다시 확인해 주세요.")))
    first = thread_id, order, stance
    # An address can name any place of a thread, and a page is long: only first ones are kept.
    page = threads.page(*first, last) if last else threads.first_page(*first)
    is_chosen = bool(chosen or stance or last)
    supported = threads.first_page(thread_id, Order.SUPPORTED, None) if page.has_more and not is_chosen else page
    return _section(thread, viewer, page, order=order, stance=stance, is_first_page=not last,
                    after=_token(order, page.comments[-1].rows[0]) if page.has_more else None,
                    strongest=() if is_chosen else supported.strongest, is_chosen=is_chosen,
                    kept_as=None if last else first)


def replies(comment: Comment, viewer, after: str | None = None) -> CommentSection:
    """One comment of the first level and a page of its replies, in the order of their writing."""
    last = paging.parts(after, str, int)
    is_answer, written = Comment.parent_id == comment.id, sa.tuple_(Comment.at, Comment.id)
    if last:
        is_answer &= written > sa.tuple_(sa.literal(_moment(last[0]), Instant()), sa.literal(last[1], Number))
    statement = (threads.columns().where(sa.or_(Comment.id == comment.id, is_answer))
                 .order_by(Comment.parent_id.is_not(None), Comment.at, Comment.id).limit(ON_A_PAGE + 2))
    rows = [CommentRow(*row) for row in db.session.execute(statement)]
    page = paging.page_of(rows, ON_A_PAGE + 1, lambda row: (row.at.isoformat(), row.id))
    return _section(comment.thread, viewer, ThreadPage((Discussed(tuple(page.items)),), page.after is not None),
                    order=Order.OLDEST, stance=None, is_first_page=not last, after=page.after)


def _section(thread: Thread, viewer, page: ThreadPage, **place) -> CommentSection:
    viewer_id, why_not_write = viewer.id if viewer.is_authenticated else None, may_write(viewer, thread)
    return CommentSection(
        thread=thread, url=kinds.url(thread.kind, thread.owner_id),
        page=page, own={} if viewer_id is None else _own(viewer_id, thread.id, page, why_not_write),
        viewer_id=viewer_id, why_not_write=why_not_write,
        takes_support=viewer_id is not None and why_not_take_part(viewer, thread) is None,
        invites=viewer_id is None and why_closed(viewer, thread) is None,
        form_key=token_hex(16) if viewer_id else "", **place)


def _own(viewer_id: int, thread_id: int, page: ThreadPage, why_not_write: str | None) -> dict[int, Discussed]:
    """Comments that this reader supports or wrote, by their places."""
    supported = page.places.keys() & kept_for_one(_supported_by, viewer_id, thread_id)
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


def _supported_by(viewer_id: int, thread_id: int) -> list[int]:
    """Ids of comments."""
    return list(db.session.scalars(_supports(), {"viewer": viewer_id, "thread": thread_id}))


@made_once
def _supports() -> sa.Select:
    return (sa.select(CommentSupport.comment_id).join(Comment, Comment.id == CommentSupport.comment_id)
            .where(CommentSupport.user_id == sa.bindparam("viewer", type_=Number),
                   Comment.thread_id == sa.bindparam("thread", type_=Number)))


def _known(kind, word: str | None):
    if not word:
        return None
    try:
        return kind(word)
    except ValueError as unknown:
        raise Invalid(_("그런 순서나 분류는 없어요. 댓글의 처음부터 다시 봐 주세요.")) from unknown


def _last_shown(order: Order, after: str | None) -> dict[str, object]:
    """The values that `threads.page` needs to go on after the last comment shown; none on the first page."""
    if order is Order.SUPPORTED:
        last = paging.parts(after, int, int)
        return {"last_supports": last[0], "last_id": last[1]} if last else {}
    last = paging.parts(after, str, int)
    return {"last_at": _moment(last[0]), "last_id": last[1]} if last else {}


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not 1971 < moment.year < 9000:
        raise Invalid(_("주소의 쪽 번호가 맞지 않아요. 목록의 처음부터 다시 봐 주세요."))
    return moment


def _token(order: Order, row: CommentRow) -> str:
    return paging.token(row.support_count if order is Order.SUPPORTED else row.at.isoformat(), row.id)
