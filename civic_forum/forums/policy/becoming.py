"""Permissions to carry a note or a question on as a proposal."""

from civic_forum.accounts.policy.writing import needs_account
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import permission
from civic_forum.proposals.policy import may_write as may_write_proposal

from ..rules.kinds import Stage
from .acting import ForumContext, is_moderator


@permission("forums.propose")
def may_propose(actor, at: ForumContext) -> str | None:
    """Its author; a moderator for what came on paper or from somebody without a device. `at.thing` is the note or the
    question, None for the page that lists them."""
    if reason := needs_account(actor) or may_write_proposal(actor):
        return reason
    if at.forum.stage not in (Stage.LIVE, Stage.FINISHED):
        return _("공론장을 시작한 뒤에 제안으로 이어 갈 수 있어요.")
    if at.thing is None or at.thing.user_id == actor.id:
        return None
    if at.thing.user_id is None and is_moderator(actor):
        return None
    return _("쓴 사람만 제안으로 이어 갈 수 있어요.")
