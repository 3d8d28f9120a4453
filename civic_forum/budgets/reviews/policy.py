"""Permissions at a review (적격성 검토). `review` is the record with its project and the project's round."""

from datetime import datetime
from typing import Protocol

from civic_forum.accounts.policy import account_permission, needs_account, why_muted
from civic_forum.accounts.rules import same_person
from civic_forum.platform import clock
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from ..policy import is_moderator, why_frozen
from ..rules import EDITABLE, ProjectState
from ..projects.policy import answers_for, is_proposer
from . import rules


class DecidedReview(Protocol):
    """A project with the review that decided, and when its proposer last asked for another look."""

    project: object
    decided_at: datetime | None
    asked_at: datetime | None


def why_no_reviews(budget_round) -> str | None:
    if reason := why_frozen(budget_round):
        return reason
    if not rules.takes_reviews(budget_round.phases, clock.now()):
        return _("사업을 다 받은 뒤에 검토해요. 진행 일정을 확인해 주세요.")
    return None


def _why_not_own(actor, project) -> str | None:
    """Also not with another account of the same person."""
    own = is_proposer(actor, project) or project.author is not None and same_person(actor, project.author)
    return _("내가 낸 사업은 다른 사람이 검토해요.") if own else None


@account_permission("budgets.see_reviews")
def may_see_reviews(actor, _subject=None) -> str | None:
    """Permission to see what waits for which department, and how long."""
    if not is_moderator(actor) and not actor.department_ids():
        return _("운영자와 부서 담당자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@permission("budgets.assign_review")
def may_assign(actor, project) -> str | None:
    """Say which department reviews it: a moderator any, an official one of theirs; anew only a moderator. Nobody says
    who reviews what they proposed."""
    if reason := may_see_reviews(actor) or why_no_reviews(project.round):
        return reason
    if project.state is ProjectState.HANDED_IN:
        return _why_not_own(actor, project)
    if project.state in rules.REVIEWED:
        return _why_not_own(actor, project) if is_moderator(actor) else _("검토가 끝난 사업은 운영자만 다시 맡길 수 있어요.")
    return _("지금은 검토를 맡길 수 없는 사업이에요.")


def may_assign_to(actor, department_id: int) -> str | None:
    """Permission to assign to a department, where one may assign."""
    if is_moderator(actor) or department_id in actor.department_ids():
        return None
    return _("우리 부서가 맡는 것만 정할 수 있어요. 다른 부서는 운영자가 정해요.")


def _why_over(review) -> str | None:
    if review.taken_back_at is not None:
        return _("다른 부서로 넘긴 검토예요.")
    if review.ended_at is not None:
        return _("이미 낸 검토예요. 다시 살펴봐야 하면 운영자에게 알려 주세요.")
    if not review.is_second_opinion and review.project.state is not ProjectState.IN_REVIEW:
        return _("이 단계에서는 검토하지 않는 사업이에요.")
    return None if review.project.state in EDITABLE else _("이 단계에서는 검토하지 않는 사업이에요.")


@permission("budgets.see_review")
def may_see_review(actor, review) -> str | None:
    """The review as it is being written: its department, the one that answers for the project, and moderators."""
    if reason := may_see_reviews(actor):
        return reason
    if is_moderator(actor) or review.department_id in actor.department_ids() or answers_for(actor, review.project):
        return None
    return _("이 검토를 맡은 부서와 운영자만 볼 수 있어요.")


@permission("budgets.review")
def may_review(actor, review) -> str | None:
    """Write it and hand it in: officials of its department who did not propose the project."""
    if reason := may_see_reviews(actor) or why_no_reviews(review.project.round) or _why_over(review):
        return reason
    if review.department_id not in actor.department_ids():
        return _("이 검토를 맡은 부서의 담당자만 쓸 수 있어요.")
    return _why_not_own(actor, review.project)


@permission("budgets.pass_on_review")
def may_pass_on(actor, review) -> str | None:
    """Give it to another department: moderators and the department that has it, but nobody who proposed
    the project."""
    if reason := may_see_reviews(actor) or why_no_reviews(review.project.round) or _why_over(review):
        return reason
    if not is_moderator(actor) and review.department_id not in actor.department_ids():
        return _("이 검토를 맡은 부서와 운영자만 넘길 수 있어요.")
    return _why_not_own(actor, review.project)


@permission("budgets.ask_opinion")
def may_ask_opinion(actor, project) -> str | None:
    """Ask a second department: moderators and the one that answers for the project, but nobody who proposed it."""
    if reason := may_see_reviews(actor) or why_no_reviews(project.round):
        return reason
    if project.state is not ProjectState.IN_REVIEW:
        return _("검토하고 있는 사업만 다른 부서의 의견을 물을 수 있어요.")
    if not is_moderator(actor) and not answers_for(actor, project):
        return _("담당 부서와 운영자만 다른 부서의 의견을 물을 수 있어요.")
    return _why_not_own(actor, project)


@permission("budgets.say_condition_met")
def may_say_met(actor, project) -> str | None:
    """Permission to say that the condition of its review is fulfilled: the department that answers for it."""
    if reason := may_see_reviews(actor) or why_no_reviews(project.round):
        return reason
    if project.state is not ProjectState.ELIGIBLE_IF:
        return _("조건부 적격인 사업만 조건을 갖췄다고 할 수 있어요.")
    if not answers_for(actor, project):
        return _("담당 부서만 조건을 갖췄다고 할 수 있어요.")
    return _why_not_own(actor, project)


@permission("budgets.ask_second_look")
def may_ask_second_look(actor, looked: DecidedReview) -> str | None:
    """Its proposer, once for each review that decided, within the days of the round."""
    project = looked.project
    if reason := needs_account(actor) or why_muted(actor) or why_frozen(project.round):
        return reason
    if not is_proposer(actor, project):
        return _("제안한 사람만 재검토를 요청할 수 있어요.")
    if project.hidden_at or project.state not in rules.LOOKED_AT_AGAIN or looked.decided_at is None:
        return _("부적격이나 조건부 적격으로 끝난 검토만 다시 살펴봐 달라고 할 수 있어요.")
    if looked.asked_at is not None and looked.asked_at >= looked.decided_at:
        return _("이 검토에는 이미 재검토를 요청했어요. 검토마다 한 번 요청할 수 있어요.")
    days = project.round.second_look_days
    if clock.now() >= rules.look_until(looked.decided_at, days):
        return _("검토가 끝나고 %(days)s일 안에만 재검토를 요청할 수 있어요.", days=days)
    return None


@account_permission("budgets.answer_second_look")
def may_answer_look(actor, look) -> str | None:
    """Grant or decline it: moderators who did not ask."""
    if not is_moderator(actor):
        return _("운영자만 재검토 요청에 답할 수 있어요.")
    if look.answered_at is not None:
        return _("이미 답한 요청이에요.")
    return why_frozen(look.project.round) or _why_not_own(actor, look.project)
