"""Permissions of the chat and of mutes."""

from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from ..policy import ForumContext, may_run, may_write, runs


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


@permission("forums.mute")
def may_mute(actor, at: ForumContext) -> str | None:
    """`thing` is whether the other one runs the forum too: nobody silences those."""
    if reason := may_run(actor, at):
        return reason
    return _("진행을 맡은 분과 운영자는 멈추게 할 수 없어요.") if at.thing else None


@permission("forums.unmute")
def may_unmute(actor, at: ForumContext) -> str | None:
    return may_run(actor, at)
