"""Permissions around plans."""

from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import Role
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission


@account_permission("plans.prepare")
def may_prepare(actor, plan=None) -> str | None:
    """Prepare versions, say what became of them, and approve as a second person: officials of its department, and
    administrators."""
    if actor.has(Role.ADMINISTRATOR):
        return None
    own = actor.department_ids() if actor.has(Role.OFFICIAL) else ()
    if not own:
        return _("부서 담당자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None if plan is None or plan.department_id in own else _("다른 부서의 계획이에요. 맡은 부서만 준비할 수 있어요.")


@permission("plans.read")
def may_read(actor, plan) -> str | None:
    """Everybody from the first version on that was asked."""
    return None if plan.public_at is not None else may_prepare(actor, plan)
