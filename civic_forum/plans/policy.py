"""Permissions around plans."""

from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import Role
from civic_forum.blocks.seats import MemberFunction, in_office
from civic_forum.bodies import queries as bodies
from civic_forum.platform.i18n import _, today
from civic_forum.platform.policy import permission

from .rules import PlanKind


@account_permission("plans.force")
def may_force(actor, plan=None) -> str | None:
    """Let a version be in force, which gives duties to departments: officials of the plan's department, and
    administrators."""
    if actor.has(Role.ADMINISTRATOR):
        return None
    own = actor.department_ids() if actor.has(Role.OFFICIAL) else ()
    if not own:
        return _("부서 담당자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None if plan is None or plan.department_id in own else _("다른 부서의 계획이에요. 맡은 부서만 준비할 수 있어요.")


@account_permission("plans.prepare")
def may_prepare(actor, plan=None) -> str | None:
    """Prepare versions and say what became of them: who may let them be in force; of the plan of a neighbourhood its
    clerks, and secretaries of the body that makes it."""
    if (reason := may_force(actor, plan)) is None or plan is not None and plan.kind is not PlanKind.NEIGHBOURHOOD:
        return reason
    places = actor.neighbourhood_ids()
    of_body = plan and plan.body and plan.body.neighbourhood_id
    if places if plan is None else plan.neighbourhood_id in places and (plan.body is None or of_body in places):
        return None
    kept = {seat.seat.body_id for seat in bodies.of_user(actor.id)
            if seat.function is MemberFunction.SECRETARY and in_office(seat, today())}
    is_own = kept if plan is None else plan.body_id in kept and plan.neighbourhood_id in (None, of_body)
    return None if is_own else reason


@permission("plans.read")
def may_read(actor, plan) -> str | None:
    """Everybody from the first version on that was asked."""
    return None if plan.public_at is not None else may_prepare(actor, plan)
