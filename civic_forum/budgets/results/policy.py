"""Permissions to enter decisions of the district council (구의회), and how far a project in the budget is carried out."""

from civic_forum.accounts.policy import account_permission
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from ..policy import is_moderator
from ..rules import Phase, ProjectState, current
from ..projects.policy import answers_for

CARRIED_OUT = frozenset((ProjectState.IN_BUDGET, ProjectState.IN_PROGRESS))


@account_permission("budgets.see_council_desk")
def may_see_council(actor, _subject=None) -> str | None:
    """The desk on which chosen projects are followed."""
    if not is_moderator(actor) and not actor.department_ids():
        return _("운영자와 부서 담당자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@permission("budgets.enter_council")
def may_decide(actor, budget_round) -> str | None:
    """Enter what the council did with chosen projects, once there is a result."""
    if reason := may_see_council(actor):
        return reason
    return None if budget_round.announced_at is not None else _("아직 알리지 않은 주민참여예산이에요.")


@permission("budgets.correct_council")
def may_correct(actor, budget_round) -> str | None:
    """Put right what was entered, until the projects are being carried out."""
    if reason := may_decide(actor, budget_round):
        return reason
    if current(budget_round.phases, clock.now()) is Phase.CARRIED_OUT:
        return _("이미 실행 단계예요. 이제는 고치지 않고, 달라진 것은 사업의 처리 과정에 적어요.")
    return None


@permission("budgets.carry_out")
def may_carry_out(actor, project) -> str | None:
    """Say that a project in the budget has begun or is done: its department, and moderators."""
    if reason := may_see_council(actor):
        return reason
    if not is_moderator(actor) and not answers_for(actor, project):
        return _("이 사업을 맡은 부서의 담당자와 운영자만 할 수 있어요.")
    return None if project.state in CARRIED_OUT else _("예산에 담은 사업만 실행 상황을 적을 수 있어요.")
