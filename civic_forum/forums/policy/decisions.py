"""Permissions to write down what a forum decides, and until when."""

from civic_forum.accounts.policy.writing import needs_account
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import permission

from ..rules.kinds import Stage
from .acting import ForumContext, runs, why_not_live


@permission("forums.decide")
def may_decide(actor, at: ForumContext) -> str | None:
    """Write a decision down, change it or take it away: host or moderator, from the opening until the minutes are
    signed."""
    if reason := needs_account(actor):
        return reason
    if not runs(actor, at):
        return _("공론장 진행자와 운영자만 할 수 있어요.")
    if at.forum.signed_version is not None:
        return _("회의록에 서명했어요. 이제 정한 것을 고칠 수 없어요.")
    return None if at.forum.stage is Stage.FINISHED else why_not_live(at)
