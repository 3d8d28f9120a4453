"""Permissions of captions and decisions."""

from civic_forum.accounts.policy import account_permission, why_muted
from civic_forum.platform.i18n import _

from ..policy import ForumContext, runs, why_not_live
from ..rules import Duty, Stage


@account_permission("forums.caption")
def may_caption(actor, at: ForumContext) -> str | None:
    """Type and correct captions while it is live: the captioner, the host, or any moderator, and nobody who is
    muted."""
    if Duty.CAPTIONER not in at.standing.duties and not runs(actor, at):
        return _("속기사와 진행자만 자막을 쓸 수 있어요.")
    if reason := why_not_live(at) or why_muted(actor):
        return reason
    return _("진행자가 지금은 글과 발언을 멈추게 했어요. 듣고 볼 수는 있어요.") if at.standing.is_muted else None


@account_permission("forums.decide")
def may_decide(actor, at: ForumContext) -> str | None:
    """Write a decision down, change it or take it away: host or moderator, from the opening until the minutes are
    signed; of one that nobody carries out (`at.thing`), say who does also later."""
    if not runs(actor, at):
        return _("진행자와 운영자만 할 수 있어요.")
    if at.forum.signed_version is not None and (at.thing is None or at.thing.who):
        return _("회의록에 서명했어요. 이제 정한 것을 고칠 수 없어요.")
    return None if at.forum.stage is Stage.FINISHED else why_not_live(at)
