"""Permission to look at an application for a department that it was sent to."""

from typing import Any

from civic_forum.accounts.policy import account_permission
from civic_forum.platform.i18n import _

from ..models import ApplicationStep
from ..rules import ApplicationState, CallStage


@account_permission("calls.review")
def may_review(actor: Any, sent: ApplicationStep | None = None) -> str | None:
    """Officials of that department, until the decision; without one, officials of any."""
    departments = actor.department_ids()
    if not departments or sent is not None and sent.department_id not in departments:
        return _("이 신청을 검토하는 부서의 담당자만 볼 수 있어요.")
    if sent is None or sent.application.call.stage is CallStage.REVIEW:
        is_gone = sent is not None and sent.application.state is ApplicationState.WITHDRAWN
        return _("거둔 신청이에요.") if is_gone else None
    return _("이미 결과를 알린 모집이에요.")
