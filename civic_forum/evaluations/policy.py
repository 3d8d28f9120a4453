"""Permissions around evaluations."""

from typing import Any

from civic_forum.accounts.policy import account_permission, prepares
from civic_forum.commitments.policy import may_keep
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from .models import Evaluation
from .rules import EvaluationStage


@permission("evaluations.read")
def may_read(_actor: Any, evaluation: Evaluation) -> str | None:
    """Everybody from the opening on."""
    return None if evaluation.opened_at else _("이런 평가는 없어요. 목록에서 찾아보세요.")


@account_permission("evaluations.handle")
def may_handle(actor: Any, evaluation: Evaluation | None = None) -> str | None:
    """Officials of the department that looks after it, and moderators; without one of any department."""
    return None if prepares(actor, evaluation) else _("이 평가를 맡은 부서의 담당자만 할 수 있어요.")


@account_permission("evaluations.prepare")
def may_prepare(actor: Any, evaluation: Evaluation) -> str | None:
    """Change and open one that only its department sees."""
    if reason := may_handle(actor, evaluation):
        return reason
    return None if evaluation.opened_at is None else _("이미 연 평가라 고칠 수 없어요.")


@account_permission("evaluations.release")
def may_release(actor: Any, evaluation: Evaluation) -> str | None:
    if reason := may_handle(actor, evaluation):
        return reason
    return None if evaluation.stage is EvaluationStage.CLOSED else _("점수는 매기는 때가 지난 뒤에 두 사람이 함께 열어요.")


@account_permission("evaluations.recommend")
def may_recommend(actor: Any, evaluation: Evaluation) -> str | None:
    """Write what the body recommends, and note its votes."""
    if reason := may_handle(actor, evaluation):
        return reason
    return None if evaluation.opened_at and evaluation.body_id else _("먼저 평가를 열어 주세요.")


@account_permission("evaluations.ask_change")
def may_ask_change(actor: Any, asked: tuple[Evaluation, Any]) -> str | None:
    """Put a change of a commitment before the body: the department that keeps it, or that looks after the evaluation.
    """
    evaluation, commitment = asked
    if evaluation.stage not in (EvaluationStage.GRADING, EvaluationStage.CLOSED) or evaluation.body_id is None:
        return _("평가하는 동안에만 물을 수 있어요.")
    return may_handle(actor, evaluation) and may_keep(actor, commitment)


@account_permission("evaluations.sit")
def may_sit(actor: Any, sheet: Any) -> str | None:
    """See the own points: members of the body on seats that vote, by their seat and no role. `sheet`: `queries.Sheet`.
    """
    seat = sheet.membership
    return None if seat is not None and seat.user_id == actor.id else _("이 평가를 맡은 단원만 볼 수 있어요.")


@account_permission("evaluations.grade")
def may_grade(actor: Any, sheet: Any) -> str | None:
    if reason := may_sit(actor, sheet):
        return reason
    return None if sheet.evaluation.stage is EvaluationStage.GRADING else _("점수 매기는 때가 지났어요.")
