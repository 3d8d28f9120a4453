"""Permissions around calls: who prepares one, publishes, applies, looks at applications, scores and decides."""

from typing import Any

from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import Role, same_person
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from .models import Call
from .rules import CallStage


def is_holder(actor: Any, call: Call | None = None) -> bool:
    """An official of the department that holds it; of any, without a call."""
    departments = actor.department_ids()
    return bool(departments) if call is None else call.department_id in departments


@permission("calls.read")
def may_read(actor: Any, call: Call) -> str | None:
    """Everybody from the announcement on; before, those who prepare calls of that department."""
    is_prepared_by = actor.is_authenticated and (actor.has(Role.MODERATOR) or is_holder(actor, call))
    if call.announced_at is not None or is_prepared_by:
        return None
    return _("이런 모집은 없어요. 목록에서 찾아보세요.")


@account_permission("calls.see_desk")
def may_see_desk(actor: Any, call: Call | None = None) -> str | None:
    return None if actor.has(Role.MODERATOR) or is_holder(actor, call) else _("여는 부서의 담당자와 운영자만 볼 수 있어요.")


@account_permission("calls.prepare")
def may_prepare(actor: Any, call: Call | None = None) -> str | None:
    """Officials of the department that holds it, and moderators; of a new one, any of them."""
    if not (actor.has(Role.MODERATOR) or is_holder(actor, call)):
        return _("이 모집을 여는 부서의 담당자만 준비할 수 있어요.")
    if call is not None and call.stage is not CallStage.PREPARING:
        return _("이미 알린 모집이라 바꿀 수 없어요. 마감만 이유를 적고 옮길 수 있어요.")
    return None


@account_permission("calls.announce")
def may_announce(actor: Any, call: Call) -> str | None:
    """Another person than who made it, and than who edited it last."""
    if reason := may_prepare(actor, call):
        return reason
    if any(same_person(actor, user) for user in (call.created_by, call.edited_by) if user is not None):
        return _("만들거나 마지막으로 고친 사람이 아닌 다른 담당자가 읽고 알려요.")
    return None


@account_permission("calls.move_close")
def may_move_close(actor: Any, call: Call) -> str | None:
    """From the announcement to the close; two people do it."""
    if reason := may_see_desk(actor, call):
        return reason
    if call.stage in (CallStage.ANNOUNCED, CallStage.OPEN):
        return None
    return _("알린 뒤부터 마감하기 전까지만 마감을 옮길 수 있어요.")
