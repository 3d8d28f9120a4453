"""Permissions on outcomes. `case` is something decidable with the outcome that it has or gets."""


from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import same_person
from civic_forum.ballots.rules.boxes import Stage, vote_stage
from civic_forum.blocks.approval_rights import AnotherPerson, ApprovalRights
from civic_forum.platform import clock, settings
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import permission

from .rules import OutcomeState


@account_permission("outcomes.see_desk")
def may_see_desk(actor, _subject=None) -> str | None:
    return None if actor.department_ids() else _("부서 담당자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("outcomes.see_case")
def may_see_case(actor, case) -> str | None:
    """Permission to see an outcome where it is written: the department whose it is, every official while it is
    nobody's."""
    if reason := may_see_desk(actor):
        return reason
    if case.owner_id is None or case.owner_id in actor.department_ids():
        return None
    return _("다른 부서가 맡은 일이에요. 결과는 맡은 부서만 써요.")


def not_yet(case) -> str | None:
    """Reason of the thing itself against having an outcome."""
    return case.decidable.why_not_yet(case.record) or _vote_not_yet(case)


def _vote_not_yet(case) -> str | None:
    """Nothing is written about a vote whose result nobody knows."""
    now = clock.now()
    if all(vote_stage(poll.announced_at, poll.box, now) is Stage.PUBLISHED for poll in case.votes):
        return None
    return _("투표 결과를 공개한 뒤에 쓸 수 있어요.")


@permission("outcomes.write")
def may_write(actor, case) -> str | None:
    if reason := may_see_case(actor, case) or not_yet(case):
        return reason
    if case.outcome is None or case.outcome.state is OutcomeState.DRAFT:
        return None
    if case.outcome.state is OutcomeState.PUBLISHED:
        return _("이미 결과를 공개했어요. 고칠 것이 있으면 바로잡아 주세요.")
    return _("승인을 기다리는 결과가 있어요. 먼저 승인하거나 되돌려 주세요.")


def _needs_own(actor, outcome) -> str | None:
    if reason := may_see_desk(actor):
        return reason
    if not {outcome.department_id, outcome.department.successor_id} & actor.department_ids():
        return _("결과를 공개한 부서의 담당자만 할 수 있어요.")
    return None if outcome.published_at else _("아직 공개하지 않은 결과예요.")


@permission("outcomes.illustrate")
def may_illustrate(actor, outcome) -> str | None:
    """Permission to put pictures of before and after on a published outcome."""
    return _needs_own(actor, outcome)


RIGHTS = ApprovalRights(
    name="outcomes", needs=may_see_case, needs_own=_needs_own, draft=lambda case: case.outcome, why_not_yet=not_yet,
    none_waits=_l("승인을 기다리는 결과가 없어요."),
    another=AnotherPerson(same=same_person, is_asked=lambda: settings.value("ANSWERS_NEED_APPROVAL"),
                          refusal=_l("내가 쓴 결과는 같은 부서의 다른 담당자가 승인해요."))).register()
