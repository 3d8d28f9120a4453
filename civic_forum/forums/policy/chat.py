"""Permissions to write in the chat, and to keep it in order."""

from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import permission

from .acting import ForumContext, may_run, may_write, runs


@permission("forums.chat")
def may_say(actor, at: ForumContext) -> str | None:
    """Whoever may write there while the chat is open; whoever runs the forum also while it is closed."""
    if reason := may_write(actor, at):
        return reason
    if at.forum.chat_open or runs(actor, at):
        return None
    return _("진행자가 지금은 대화를 멈췄어요. 다시 열면 쓸 수 있어요.")


@permission("forums.order_chat")
def may_order(actor, at: ForumContext) -> str | None:
    """Open, close and slow it down, hide and show: whoever runs the forum."""
    return may_run(actor, at)
