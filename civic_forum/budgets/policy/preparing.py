"""Rights to announce a round, prepare its vote and write notices. `round` is the record with its boxes."""

from datetime import datetime

from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from .acting import may_edit, may_make


@permission("budgets.announce")
def may_announce(actor, budget_round) -> str | None:
    """Let everybody see it."""
    if reason := may_edit(actor, budget_round):
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
    boxes = [one.box for one in budget_round.envelopes if one.box is not None]
    if boxes and all(box.opened_at is not None for box in boxes):
        return _("투표를 열었어요. 이제 규칙과 한도, 사업을 고칠 수 없고, 바로잡을 것은 알림으로 알려요.")
    return None


@permission("budgets.rehearse")
def may_rehearse(actor, budget_round) -> str | None:
    """Open a copy of its vote for a few people."""
    return may_edit(actor, budget_round)


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
