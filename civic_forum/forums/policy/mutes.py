"""Permissions to silence people in a forum."""

from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import permission

from .acting import ForumContext, may_run


@permission("forums.mute")
def may_mute(actor, at: ForumContext) -> str | None:
    """`thing` is whether the other one runs the forum too: nobody silences those."""
    if reason := may_run(actor, at):
        return reason
    return _("진행을 맡은 분과 운영자는 멈추게 할 수 없어요.") if at.thing else None


@permission("forums.unmute")
def may_unmute(actor, at: ForumContext) -> str | None:
    return may_run(actor, at)
