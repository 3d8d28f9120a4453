"""Comments, one by one or of one person."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.accounts.models import User
from civic_forum.blocks import kinds
from civic_forum.district.models import Department
from civic_forum.platform import paging
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from ..models import Comment, CommentSupport, Thread
from ..policy import may_read
from ..rules import ON_A_PAGE, Order


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
    top = (sa.select(Comment.id).where(Comment.thread_id == thread.id, Comment.parent_id.is_(None))
           .limit(ON_A_PAGE + 1).cte("top"))
    replies = sa.select(Comment.id).join(top, Comment.parent_id == top.c.id)
    total = sa.select(sa.func.count()).select_from(
        sa.select(top.c.id).union_all(replies).limit(ON_A_PAGE + 1).subquery())
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
