"""State and owner of a proposal: the beginning of every permission on an answer."""

from civic_forum.accounts.policy import needs_account
from civic_forum.accounts.rules import Role
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, local
from civic_forum.proposals.policy import is_public
from civic_forum.proposals.rules import State

CLOSED = (State.WITHDRAWN, State.MERGED)
STILL_OPEN = (State.GATHERING, State.LAPSED, State.ANSWER_DUE, State.IN_AGENDA)
"""States in which a proposal can still be passed on."""


def is_moderator(actor) -> bool:
    return actor.has(Role.MODERATOR)


def is_of(actor, department_id: int | None) -> bool:
    return department_id is not None and department_id in actor.department_ids()


def why_closed(case) -> str | None:
    """Reason of a proposal itself against being worked on."""
    if case.proposal.state is State.WITHDRAWN:
        return _("제안한 사람이 거둔 제안이라 답변하지 않아요.")
    if case.proposal.state is State.MERGED:
        return _("다른 제안과 합쳐졌어요. 이어 가는 제안에 답변해 주세요.")
    return None if is_public(case.proposal) else _("아직 공개하지 않은 제안이에요.")


def needs_lead(actor, case) -> str | None:
    if reason := needs_account(actor) or why_closed(case):
        return reason
    if case.lead is None:
        return _("아직 맡은 부서가 없어요. 먼저 부서를 정해 주세요.")
    return None if is_of(actor, case.lead.department_id) else _("이 제안을 맡은 부서의 담당자만 할 수 있어요.")


def needs_author(actor, case) -> str | None:
    return None if actor.id == case.proposal.author_id else _("제안한 사람만 할 수 있어요.")


def today():
    return local(clock.now()).date()
