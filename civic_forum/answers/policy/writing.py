"""Permissions to write, approve and correct an answer."""

from flask import current_app

from civic_forum.accounts.policy import needs_account
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import same_person
from civic_forum.blocks.approval import AnotherPerson, ApprovalRights
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import permission

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


def _needs_own(actor, answer) -> str | None:
    if reason := needs_account(actor):
        return reason
    if not is_of(actor, answer.department_id):
        return _("답변한 부서의 담당자만 바로잡을 수 있어요.")
    return None if answer.state is AnswerState.PUBLISHED else _("아직 공개하지 않은 답변이에요.")


RIGHTS = ApprovalRights(
    name="answers", needs=needs_lead, needs_own=_needs_own, draft=lambda case: case.draft,
    writer=lambda answer: people.by_id(answer.correction["by_id"]) if answer.correction else answer.written_by,
    none_waits=_l("승인을 기다리는 답변이 없어요."),
    another=AnotherPerson(same=same_person, is_asked=lambda: current_app.config["ANSWERS_NEED_APPROVAL"],
                          refusal=_l("내가 쓴 답변은 같은 부서의 다른 담당자가 승인해요."))).register()
