"""Permissions around one application: who applies, who types one in for somebody, who reads it."""

from typing import Any

from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import Role
from civic_forum.platform.i18n import _

from ..models import Call, CallApplication
from ..policy import is_holder
from ..rules import ApplicationState


@account_permission("calls.apply")
def may_apply(actor: Any, call: Call | None = None) -> str | None:
    """Everybody with an account, but not those who hold the call."""
    if call is not None and (is_holder(actor, call) or call.department_id is None and actor.has(Role.MODERATOR)):
        return _("이 모집을 여는 부서의 담당자는 신청할 수 없어요.")
    return None


@account_permission("calls.type_in")
def may_type_in(actor: Any, call: Call | None = None) -> str | None:
    """Write down an application for somebody at a desk: clerks, and officials of the department that holds the call."""
    if actor.neighbourhood_ids() or is_holder(actor, call):
        return None
    return _("이 모집을 여는 부서와 동 담당자만 대신 적을 수 있어요.")


@account_permission("calls.read_application")
def may_read_application(actor: Any, application: CallApplication) -> str | None:
    """Its owner, and officials of the department once it was handed in."""
    if application.submission.owner_id == actor.id:
        return None
    is_handed_in = application.state not in (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
    if is_handed_in and is_holder(actor, application.call):
        return None
    return _("이런 신청은 없어요. 번호를 다시 확인해 주세요.")
