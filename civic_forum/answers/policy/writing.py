"""Permissions to write, approve and correct an answer."""

from civic_forum.accounts.policy.writing import needs_account
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import same_person
from civic_forum.kernel.i18n import _
from civic_forum.kernel.policy import permission

from ..rules import AnswerState
from .case import STILL_OPEN, is_of, needs_lead


@permission("answers.write")
def may_write(actor, case) -> str | None:
    if reason := needs_lead(actor, case):
        return reason
    if case.final is not None and case.duty is None:
        return _("이미 최종 답변을 했어요. 고칠 것이 있으면 답변을 바로잡아 주세요.")
    if case.final is None and case.duty is None and case.proposal.state not in STILL_OPEN:
        return _("이 단계에서는 답변할 수 없어요.")
    if case.draft is not None and case.draft.state is AnswerState.AWAITING_APPROVAL:
        return _("승인을 기다리는 답변이 있어요. 먼저 승인하거나 되돌려 주세요.")
    return None


@permission("answers.approve")
def may_approve(actor, case) -> str | None:
    """A second official of the department; who wrote it last cannot be the one, under no account of theirs."""
    if reason := needs_lead(actor, case):
        return reason
    if case.draft is None or case.draft.state is not AnswerState.AWAITING_APPROVAL:
        return _("승인을 기다리는 답변이 없어요.")
    if same_person(actor, case.draft.written_by):
        return _("내가 쓴 답변은 같은 부서의 다른 담당자가 승인해요.")
    return None


@permission("answers.send_back")
def may_send_back(actor, case) -> str | None:
    if reason := needs_lead(actor, case):
        return reason
    if case.draft is None or case.draft.state is not AnswerState.AWAITING_APPROVAL:
        return _("승인을 기다리는 답변이 없어요.")
    return None


@permission("answers.correct")
def may_correct(actor, answer) -> str | None:
    if reason := needs_account(actor):
        return reason
    if not is_of(actor, answer.department_id):
        return _("답변한 부서의 담당자만 바로잡을 수 있어요.")
    if answer.state is not AnswerState.PUBLISHED:
        return _("아직 공개하지 않은 답변이에요.")
    return _("승인을 기다리는 고침이 있어요. 먼저 승인하거나 되돌려 주세요.") if answer.correction else None


@permission("answers.approve_correction")
def may_approve_correction(actor, answer) -> str | None:
    if reason := may_send_back_correction(actor, answer):
        return reason
    if same_person(actor, people.by_id(answer.correction["by_id"])):
        return _("내가 쓴 답변은 같은 부서의 다른 담당자가 승인해요.")
    return None


@permission("answers.send_back_correction")
def may_send_back_correction(actor, answer) -> str | None:
    if reason := needs_account(actor):
        return reason
    if not is_of(actor, answer.department_id):
        return _("답변한 부서의 담당자만 바로잡을 수 있어요.")
    return None if answer.correction else _("승인을 기다리는 고침이 없어요.")
