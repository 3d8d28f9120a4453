"""Permissions around applications that are looked at, scored and decided."""

from typing import Any

from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import Role
from civic_forum.platform.i18n import _, today

from ..models import Call
from ..policy import is_holder
from ..rules import ApplicationState, CallStage, last_day_to_score


@account_permission("calls.handle")
def may_handle(actor: Any, call: Call | None = None) -> str | None:
    """Officials of the department that holds it; moderators where none does."""
    if is_holder(actor, call) or (call is None or call.department_id is None) and actor.has(Role.MODERATOR):
        return None
    return _("이 모집을 여는 부서의 담당자만 볼 수 있어요.")


@account_permission("calls.judge")
def may_judge(actor: Any, call: Call) -> str | None:
    """Note steps, begin scoring, propose and confirm the decision: from the close until the decision."""
    if reason := may_handle(actor, call):
        return reason
    if call.stage is CallStage.DECIDED:
        return _("이미 결과를 알린 모집이에요.")
    return None if call.stage is CallStage.REVIEW else _("신청을 마감한 뒤에 할 수 있어요.")


@account_permission("calls.begin_scoring")
def may_begin_scoring(actor: Any, call: Call) -> str | None:
    if reason := may_judge(actor, call):
        return reason
    if not call.has_scores or call.body_id is None:
        return _("점수로 심사하지 않거나, 심사할 위원회가 없는 모집이에요.")
    return _("이미 심사를 시작했어요.") if call.scoring_at else None


@account_permission("calls.release")
def may_release(actor: Any, call: Call) -> str | None:
    """Let the scores be read, after the last day of scoring."""
    if reason := may_judge(actor, call):
        return reason
    if call.scoring_at is None or call.released_at is not None:
        return _("열 점수가 없어요.")
    if last_day_to_score(today(), call.scores_until):
        return None
    return _("점수는 심사 마지막 날이 지난 뒤에 함께 열어요.")


@account_permission("calls.decide")
def may_decide(actor: Any, call: Call) -> str | None:
    if reason := may_judge(actor, call):
        return reason
    return _("먼저 점수를 함께 열어 주세요.") if call.has_scores and call.released_at is None else None


@account_permission("calls.sit")
def may_sit(actor: Any, panel: Any) -> str | None:
    """Members of the jury of a call, by their seat and no role; never who decides about it."""
    if actor.id not in panel.jury:
        return _("이 모집의 심사위원만 볼 수 있어요.")
    return None if may_handle(actor, panel.call) else _("이 모집을 여는 부서의 담당자는 심사하지 않아요.")


@account_permission("calls.score")
def may_score(actor: Any, panel: Any) -> str | None:
    if reason := may_sit(actor, panel):
        return reason
    call = panel.call
    is_over = call.released_at is not None or last_day_to_score(today(), call.scores_until)
    return _("심사하는 때가 지났어요.") if is_over or call.stage is not CallStage.REVIEW else None


@account_permission("calls.read_to_score")
def may_read_to_score(_actor: Any, reading: Any) -> str | None:
    """`reading`: an application before a juror of its call."""
    if reading.conflict is not None:
        return _("이해관계로 빠진 신청이라 보이지 않아요.")
    if not reading.is_opened:
        return _("먼저 빠질 신청이 있는지 보고 신청서를 열어 주세요.")
    is_in = reading.application.state is ApplicationState.RECEIVED
    return None if is_in else _("심사에서 빠진 신청이에요.")
