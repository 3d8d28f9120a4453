"""Permissions of the department that has a proposal, apart from answering."""

from civic_forum.accounts.policy import needs_account
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission
from civic_forum.proposals.rules import State

from .. import rules
from ..rules import AssignmentState
from .case import STILL_OPEN, is_moderator, is_of, needs_lead, today, why_closed


@permission("answers.assign")
def may_assign(actor, case) -> str | None:
    if reason := needs_account(actor) or why_closed(case):
        return reason
    return None if is_moderator(actor) else _("운영자만 맡을 부서를 정할 수 있어요.")


@permission("answers.take")
def may_take(actor, case) -> str | None:
    """An official takes what was given to the own department, or what nobody has."""
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if not actor.department_ids():
        return _("부서 담당자만 맡을 수 있어요.")
    if case.lead is None or any(one.state is AssignmentState.ASKED and is_of(actor, one.department_id)
                                for one in case.at_work):
        return None
    return _("이미 맡은 부서가 있어요.")


@permission("answers.ask_department")
def may_ask_department(actor, case) -> str | None:
    return needs_lead(actor, case)


@permission("answers.return")
def may_return(actor, case) -> str | None:
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if any(is_of(actor, one.department_id) for one in case.at_work):
        return None
    return _("우리 부서에 온 제안만 돌려보낼 수 있어요.")


@permission("answers.refer")
def may_refer(actor, case) -> str | None:
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if not is_moderator(actor) and (reason := needs_lead(actor, case)):
        return reason
    if case.passed_on is not None:
        return _("이미 넘긴 제안이에요.")
    if case.final is not None or case.proposal.state not in STILL_OPEN:
        return _("이미 답변한 제안은 넘길 수 없어요.")
    return None


@permission("answers.undo_referral")
def may_undo_referral(actor, case) -> str | None:
    """Moderators, and the department that had it, answer here after all."""
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if case.passed_on is None:
        return _("넘긴 제안이 아니에요.")
    had_it = case.passed_on_by
    if not is_moderator(actor) and not is_of(actor, had_it and had_it.department_id):
        return _("운영자나 넘긴 부서의 담당자만 되돌릴 수 있어요.")
    if case.final is not None or case.proposal.state not in (*STILL_OPEN, State.ANSWERED):
        return _("그 사이에 답변하거나 결정해서 되돌릴 수 없어요.")
    return None


@permission("answers.ask_completion")
def may_ask_completion(actor, case) -> str | None:
    if reason := needs_lead(actor, case):
        return reason
    if case.duty is None:
        return _("답변 기한이 있는 제안만 보완을 요청할 수 있어요.")
    if case.duty.paused_on is not None:
        return _("이미 보완을 요청했어요. 글쓴이의 답을 기다리고 있어요.")
    if rules.is_late(case.duty.due_on, None, today()):
        return _("답변 기한이 지나 시계를 멈출 수 없어요. 먼저 답변해 주세요.")
    return None


@permission("answers.carry_on")
def may_carry_on(actor, case) -> str | None:
    """Say that what was decided is being carried out, or done."""
    if reason := needs_lead(actor, case):
        return reason
    if case.proposal.state not in (State.DECIDED, State.IN_PROGRESS):
        return _("결정한 제안만 실행을 알릴 수 있어요.")
    return None
