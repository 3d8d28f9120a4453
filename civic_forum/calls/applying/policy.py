"""Permissions around one application: who applies, who types one in for somebody, who reads it."""

from typing import Any

from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import Role
from civic_forum.answers.rules import AnswerOutcome
from civic_forum.platform.i18n import _
from civic_forum.proposals.policy import is_public
from civic_forum.proposals.rules import State

from ..models import Call, CallApplication
from ..policy import is_holder
from ..reviewing.policy import may_review
from ..rules import ApplicationState, CallKind

WORTH = (AnswerOutcome.ACCEPTED, AnswerOutcome.PARTLY_ACCEPTED, AnswerOutcome.ALREADY_DONE, AnswerOutcome.LONG_TERM)
"""Answers of the office to a proposal that can be nominated."""


@account_permission("calls.apply")
def may_apply(actor: Any, call: Call | None = None) -> str | None:
    """Everybody with an account, or verified residents alone, but not those who hold the call; for a prize nobody."""
    if call is not None and call.kind is CallKind.PRIZE:
        return _("따로 신청하지 않아요. 답변을 받은 제안을 부서와 운영자가 추천해요.")
    if call is not None and (is_holder(actor, call) or call.department_id is None and actor.has(Role.MODERATOR)):
        return _("이 모집을 여는 부서의 담당자는 신청할 수 없어요.")
    if call is not None and call.verified_only and not actor.is_resident:
        return _("구민으로 확인된 사람만 신청하는 모집이에요. 먼저 구민 확인을 해 주세요.")
    return None


@account_permission("calls.type_in")
def may_type_in(actor: Any, call: Call | None = None) -> str | None:
    """Write down an application for somebody at a desk: clerks, and officials of the department that holds the call;
    nominate for a prize: moderators and officials of any department."""
    if call is not None and call.verified_only:
        return _("구민으로 확인된 사람이 자기 계정으로 신청하는 모집이에요.")
    if (call is None or call.kind is CallKind.PRIZE) and (actor.has(Role.MODERATOR) or actor.department_ids()):
        return None
    if (call is None or call.kind is not CallKind.PRIZE) and (actor.neighbourhood_ids() or is_holder(actor, call)):
        return None
    return _("이 모집을 여는 부서와 동 담당자만 대신 적을 수 있어요.")


def why_not_worth(actor: Any, proposal: Any, outcome: str | None) -> str | None:
    """Reason of a proposal itself against being nominated; `outcome` is that of its last final answer."""
    if is_gone(proposal):
        return _("거두었거나 가린 제안은 추천할 수 없어요.")
    if outcome not in WORTH:
        return _("부서가 하기로 했거나 검토하기로 답변한 제안만 추천할 수 있어요.")
    return _("내가 쓴 제안은 다른 담당자가 추천해요.") if actor.id == proposal.author_id else None


def is_gone(proposal: Any) -> bool:
    """True if not everybody reads it, or its author took it back: it gets no prize."""
    return not is_public(proposal) or proposal.hidden_at is not None or proposal.state is State.WITHDRAWN


@account_permission("calls.read_application")
def may_read_application(actor: Any, application: CallApplication) -> str | None:
    """Its owner, and officials of the department once it was handed in, of others while they review it."""
    if application.submission.owner_id == actor.id:
        return None
    is_handed_in = application.state not in (ApplicationState.DRAFT, ApplicationState.WITHDRAWN)
    if is_handed_in and (is_holder(actor, application.call) or actor.department_ids() and any(
            step.due_on is not None and may_review(actor, step) is None for step in application.steps)):
        return None
    return _("이런 신청은 없어요. 번호를 다시 확인해 주세요.")
