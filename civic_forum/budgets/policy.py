"""Permissions at a round, while it is prepared, and on projects of one's own interest."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from civic_forum.accounts.policy import account_permission, is_moderator, may_help_prepare
from civic_forum.accounts.rules import Role, same_person
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

STAFF = frozenset((Role.MODERATOR, Role.OFFICIAL, Role.ADMINISTRATOR))


def is_staff(actor) -> bool:
    """Moderators, officials and administrators: they see rounds that are being prepared."""
    return actor.is_authenticated and bool(actor.roles & STAFF)


def why_frozen(budget_round) -> str | None:
    """Once the vote has been opened, rules, limits and projects stay as they are."""
    if budget_round.opened_at is not None:
        return _("투표를 열었어요. 이제 규칙과 한도, 사업을 고칠 수 없고, 바로잡을 것은 알림으로 알려요.")
    return None


@permission("budgets.read")
def may_read(actor, budget_round) -> str | None:
    """Everybody once it is announced, a rehearsal everybody with an account; before that those who prepare it."""
    if budget_round.rehearsal_of_id is not None:
        return None if actor.is_authenticated else _("예행연습은 로그인한 사람만 볼 수 있어요.")
    if budget_round.announced_at is not None or is_staff(actor):
        return None
    return _("아직 알리지 않은 주민참여예산이에요.")


@account_permission("budgets.see_desk")
def may_see_desk(actor, budget_round=None) -> str | None:
    """Permission to see how far every round is, and what it still misses; of one also for those who prepare it."""
    if not is_staff(actor) and (budget_round is None or not may_help_prepare(actor, budget_round)):
        return _("운영자, 부서 담당자, 관리자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@account_permission("budgets.make")
def may_make(actor, _subject=None) -> str | None:
    if not is_moderator(actor):
        return _("운영자만 주민참여예산을 만들 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@account_permission("budgets.prepare")
def may_prepare(actor, budget_round=None) -> str | None:
    """Begin one and work on it: moderators, officials for their department. Without one: any."""
    return None if may_help_prepare(actor, budget_round) else _(
        "여는 부서의 담당자와 운영자만 준비할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("budgets.edit")
def may_edit(actor, budget_round) -> str | None:
    """Change its money, phases, limits and rules."""
    return may_prepare(actor, budget_round) or why_frozen(budget_round)


def has_interest(actor, proposers: Iterable) -> bool:
    """True if one of these accounts is this person's."""
    return any(same_person(actor, proposer) for proposer in proposers)


def barred_from(actor, proposers: Mapping[int, Iterable]) -> set[int]:
    """The envelopes, by id, in which a project of theirs competes."""
    return {envelope_id for envelope_id, users in proposers.items() if has_interest(actor, users)}


@permission("budgets.decide")
def may_decide(actor, proposers: Iterable) -> str | None:
    """`proposers` are those of every project that still competes in the envelopes of which it is decided."""
    if has_interest(actor, proposers):
        return _("이 배정 예산에 내가 낸 사업이 있어서 할 수 없어요. 다른 운영자나 담당자가 해 주세요.")
    return None


@permission("budgets.announce")
def may_announce(actor, budget_round) -> str | None:
    """Let everybody see it."""
    if reason := may_make(actor) or why_frozen(budget_round):
        return reason
    return _("이미 알린 주민참여예산이에요.") if budget_round.announced_at else None


@permission("budgets.reschedule")
def may_reschedule(actor, budget_round) -> str | None:
    """Move what comes after the vote: the council's days are its own."""
    return may_make(actor)


@permission("budgets.prepare_opening")
def may_prepare_opening(actor, budget_round) -> str | None:
    """Make the boxes; also the one that is left when another is open already, for nothing of it changes by that."""
    return may_make(actor) or why_not_prepared(budget_round)


def why_not_prepared(budget_round) -> str | None:
    """Reason of the round itself against boxes."""
    if budget_round.announced_at is None:
        return _("먼저 주민참여예산을 알려 주세요.")
    boxes = [envelope.box for envelope in budget_round.envelopes if envelope.box is not None]
    if boxes and all(box.opened_at is not None for box in boxes):
        return _("투표를 열었어요. 이제 규칙과 한도, 사업을 고칠 수 없고, 바로잡을 것은 알림으로 알려요.")
    return None


@permission("budgets.rehearse")
def may_rehearse(actor, budget_round) -> str | None:
    """Open a copy of its vote for a few people."""
    return may_make(actor) or why_frozen(budget_round)


@permission("budgets.notify")
def may_notify(actor, budget_round) -> str | None:
    """Write a public notice; after the opening a correction."""
    if reason := may_make(actor):
        return reason
    return None if budget_round.announced_at else _("알린 주민참여예산에만 알림을 쓸 수 있어요.")


def why_not_object(budget_round, now: datetime) -> str | None:
    """Objections to a roll are taken in the days for checking it; where none are set, until the opening."""
    first, last = budget_round.roll_check_from, budget_round.roll_check_to
    if (budget_round.announced_at is None or budget_round.opened_at is not None or first and now < first
            or last and now >= last):
        return _("지금은 명부에 이의를 내는 기간이 아니에요.")
    return None
