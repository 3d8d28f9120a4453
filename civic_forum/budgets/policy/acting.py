"""Roles at a budget round. `round` is the record; its phases are loaded with it."""

from civic_forum.accounts.policy.writing import needs_account
from civic_forum.accounts.rules import Role
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

STAFF = frozenset((Role.MODERATOR, Role.OFFICIAL, Role.ADMINISTRATOR))


def is_moderator(actor) -> bool:
    return actor.is_authenticated and actor.has(Role.MODERATOR)


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


@permission("budgets.see_desk")
def may_see_desk(actor, _subject=None) -> str | None:
    """Permission to see how far every round is, and what it still misses."""
    if reason := needs_account(actor):
        return reason
    if not is_staff(actor):
        return _("운영자, 부서 담당자, 관리자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@permission("budgets.make")
def may_make(actor, _subject=None) -> str | None:
    if reason := needs_account(actor):
        return reason
    if not is_moderator(actor):
        return _("운영자만 주민참여예산을 만들 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@permission("budgets.edit")
def may_edit(actor, budget_round) -> str | None:
    """Change its money, phases, limits and rules."""
    return may_make(actor) or why_frozen(budget_round)
