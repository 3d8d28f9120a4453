"""Permissions on comments."""

from civic_forum.accounts.policy import why_guest, why_muted
from civic_forum.blocks import kinds
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from . import rules


@permission("comments.read")
def may_read(actor, thread) -> str | None:
    return kinds.of(thread.kind).why_not_see(actor, thread.owner_id)


@permission("comments.write")
def may_write(actor, thread) -> str | None:
    return why_not_take_part(actor, thread) or why_muted(actor)


def why_not_take_part(actor, thread) -> str | None:
    """Reason against supporting comments here; writing needs more."""
    return may_read(actor, thread) or why_closed(actor, thread) or _needs_account(actor)


def why_closed(actor, thread) -> str | None:
    """Reason of the thing that is discussed against more comments, whoever writes them."""
    return kinds.why_not_write(thread.kind, actor, thread.owner_id)


def _needs_account(actor) -> str | None:
    if getattr(actor, "is_blocked", False):
        return _("이용이 제한된 계정이라 글을 쓸 수 없어요. 이유가 궁금하면 화면 아래의 연락처로 문의해 주세요.")
    if not actor.is_authenticated:
        return _("로그인하면 댓글을 쓰고 공감할 수 있어요.")
    return why_guest(actor)


@permission("comments.reply")
def may_reply(actor, comment) -> str | None:
    if comment.parent_id is not None:
        return _("답글에는 답글을 달 수 없어요. 맨 위의 댓글에 답해 주세요.")
    if not comment.is_shown:
        return _("지우거나 가린 댓글에는 답글을 달 수 없어요. 새 댓글로 적어 주세요.")
    return may_write(actor, comment.thread)


@permission("comments.edit")
def may_edit(actor, comment) -> str | None:
    if reason := may_write(actor, comment.thread):
        return reason
    if comment.author_id != actor.id:
        return _("글쓴이만 고칠 수 있어요.")
    if not comment.is_shown:
        return _("지우거나 가린 댓글은 고칠 수 없어요.")
    if not rules.still_editable(comment.at, clock.now()):
        return _("쓴 지 10분이 지나서 고칠 수 없어요. 덧붙일 말은 답글로 적어 주세요.")
    return None


@permission("comments.remove")
def may_remove(actor, comment) -> str | None:
    if not actor.is_authenticated:
        return _("로그인한 뒤에 지울 수 있어요.")
    if comment.author_id != actor.id:
        return _("글쓴이만 지울 수 있어요.")
    if comment.deleted_at:
        return _("이미 지운 댓글이에요.")
    return None


@permission("comments.support")
def may_support(actor, comment) -> str | None:
    """Also somebody who may write nothing for a time."""
    if reason := why_not_take_part(actor, comment.thread):
        return reason
    if comment.author_id == actor.id:
        return _("자기 댓글에는 공감할 수 없어요.")
    if not comment.is_shown:
        return _("지우거나 가린 댓글에는 공감할 수 없어요.")
    return None
