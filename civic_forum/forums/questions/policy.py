"""Permissions of questions, and of carrying one on as a proposal."""

from civic_forum.accounts.policy import needs_account, why_muted
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission
from civic_forum.proposals.policy import may_write as may_write_proposal

from .. import labels
from ..policy import ForumContext, is_moderator, may_run, may_take_part, may_write, runs
from ..rules import Place, Stage


@permission("forums.ask")
def may_ask(actor, at: ForumContext) -> str | None:
    """While it is live whoever may write there; beforehand whoever registered, also those who wait for a place."""
    if at.forum.stage is not Stage.ANNOUNCED:
        return may_write(actor, at)
    if reason := _why_not_beforehand(actor, at) or why_muted(actor):
        return reason
    return _("진행자가 지금은 글과 발언을 멈추게 했어요.") if at.standing.is_muted else None


def _why_not_beforehand(actor, at: ForumContext) -> str | None:
    if reason := needs_account(actor):
        return reason
    if at.standing.takes_part or at.standing.place is Place.WAITING or is_moderator(actor):
        return None
    return _("참여 신청을 하면 미리 질문할 수 있어요.")


@permission("forums.ask_for_somebody")
def may_ask_for(actor, at: ForumContext) -> str | None:
    """Type what somebody without a device asks: whoever runs the forum, and hosts of tables for their own (`thing`)."""
    if reason := may_write(actor, at):
        return reason
    if at.thing is None and runs(actor, at) or at.thing in at.standing.hosted_table_ids:
        return None
    return _("진행자와 모둠 이끔이만 다른 분의 질문을 대신 적을 수 있어요.")


@permission("forums.support_question")
def may_support(actor, at: ForumContext) -> str | None:
    """Want an answer to it too (`thing` is the question); also somebody who may write nothing for a time."""
    why_not = _why_not_beforehand if at.forum.stage is Stage.ANNOUNCED else may_take_part
    if reason := why_not(actor, at):
        return reason
    if at.thing.hidden_at is not None:
        return _("가린 질문이라 공감할 수 없어요.")
    if at.thing.user_id == actor.id:
        return _("내 질문에는 공감할 수 없어요.")
    return None


@permission("forums.order_questions")
def may_order(actor, at: ForumContext) -> str | None:
    """Group questions, say what was answered, hide and show: whoever runs it while it is live."""
    return may_run(actor, at)


@permission("forums.propose")
def may_propose(actor, at: ForumContext) -> str | None:
    """Its author; a moderator for what came on paper or from somebody without a device. `at.thing` is the note or the
    question, None for the page that lists them."""
    if reason := needs_account(actor) or may_write_proposal(actor):
        return reason
    if at.forum.stage not in (Stage.LIVE, Stage.FINISHED):
        return _("%(gathering)s 시작한 뒤에 제안으로 이어 갈 수 있어요.",
                 gathering=labels.named(at.forum.form, "을/를"))
    if at.thing is None or at.thing.user_id == actor.id:
        return None
    if at.thing.user_id is None and is_moderator(actor):
        return None
    return _("쓴 사람만 제안으로 이어 갈 수 있어요.")
