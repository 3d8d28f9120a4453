"""Permissions around the committee, and the sentence on an envelope of one's own."""

from datetime import datetime

from civic_forum.accounts.policy import needs_account
from civic_forum.platform import clock
from civic_forum.platform.i18n import _, _l
from civic_forum.platform.policy import permission

from ..policy import may_make, why_frozen
from ..rules import Phase, is_on, span_of
from ..readiness import is_weighted

OWN_ENVELOPE = _l("이 배정 예산에는 내가 낸 사업이 있어요. 내 사업도, 그 사업과 겨루는 사업도 내가 권할 수 없어요.")


def is_over(budget_round, now: datetime) -> bool:
    """True if the committee had its phase."""
    span = span_of(budget_round.phases, Phase.COMMITTEE)
    return span is not None and span.starts_at <= now and not is_on(budget_round.phases, Phase.COMMITTEE, now)


def why_none(budget_round) -> str | None:
    """Reason why there is no committee: its votes do not count."""
    return None if is_weighted(budget_round) else _("위원회 심사를 함께 세는 주민참여예산이 아니에요. 셈 방법에서 먼저 정해 주세요.")


@permission("budgets.name_committee")
def may_name(actor, budget_round) -> str | None:
    """Look up, name and take out members; not any more once the votes are fixed."""
    return may_make(actor) or why_frozen(budget_round) or why_none(budget_round) or _fixed(budget_round)


@permission("budgets.fix_committee")
def may_fix(actor, budget_round) -> str | None:
    """Add up what members recommend, or enter the sums of a meeting on paper."""
    return may_name(actor, budget_round)


@permission("budgets.correct_committee")
def may_correct(actor, budget_round) -> str | None:
    """Add what is missing to fixed votes, or annul them: until the vote is opened."""
    if reason := may_make(actor) or why_frozen(budget_round) or why_none(budget_round):
        return reason
    return None if budget_round.committee_fixed_at is not None else _("아직 위원회 심사를 확정하지 않았어요.")


@permission("budgets.recommend")
def may_recommend(actor, subject) -> str | None:
    """`subject` is (round, member): mark projects, finish, take up again while the committee has its phase."""
    budget_round, member = subject
    if reason := may_see_marks(actor, subject):
        return reason
    return why_frozen(budget_round) or why_none(budget_round) or _fixed(budget_round) or _not_now(budget_round)


@permission("budgets.see_own_marks")
def may_see_marks(actor, subject) -> str | None:
    """See the page on which members recommend: one's own marks and nobody else's."""
    _round, member = subject
    if reason := needs_account(actor):
        return reason
    if member is None or member.user_id != actor.id:
        return _("참여예산위원만 볼 수 있어요. 위원이라면 운영자에게 이름을 올려 달라고 해 주세요.")
    return None


def _not_now(budget_round) -> str | None:
    if is_on(budget_round.phases, Phase.COMMITTEE, clock.now()):
        return None
    return _("지금은 위원회 심사 기간이 아니에요.")


def _fixed(budget_round) -> str | None:
    return _("위원회 심사를 이미 확정했어요.") if budget_round.committee_fixed_at is not None else None
