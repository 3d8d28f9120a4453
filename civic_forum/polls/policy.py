"""Permissions on a poll. `poll` is the record or what `queries` read of it; it knows its box."""

from datetime import datetime

from civic_forum.accounts.policy import account_permission, is_moderator, may_help_prepare
from civic_forum.accounts.rules import Role
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from .rules import roll_is_checked


def _frozen(poll) -> str | None:
    if poll.box is not None and poll.box.opened_at is not None:
        return _("투표를 열었어요. 이제 아무것도 고칠 수 없고, 바로잡을 것은 알림으로 알려요.")
    return None


@permission("polls.read")
def may_read(actor, poll) -> str | None:
    """Everybody once it is announced, a rehearsal everybody with an account; before that those who prepare it."""
    if poll.rehearsal_of_id is not None:
        return None if actor.is_authenticated else _("예행연습은 로그인한 사람만 볼 수 있어요.")
    if poll.announced_at is not None:
        return None
    if actor.is_authenticated and actor.roles & {Role.MODERATOR, Role.OFFICIAL, Role.ADMINISTRATOR}:
        return None
    return _("아직 알리지 않은 투표예요.")


@account_permission("polls.see_desk")
def may_see_desk(actor, poll=None) -> str | None:
    """Permission to see how far every poll is, and what it still misses; of one also for those who prepare it."""
    if not actor.roles & {Role.MODERATOR, Role.OFFICIAL, Role.ADMINISTRATOR} and (
            poll is None or not may_help_prepare(actor, poll)):
        return _("운영자, 부서 담당자, 관리자만 볼 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


@account_permission("polls.make")
def may_make(actor, _subject=None) -> str | None:
    return None if is_moderator(actor) else _("운영자만 투표를 만들 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@account_permission("polls.prepare")
def may_prepare(actor, poll=None) -> str | None:
    """Begin one and work on its texts, days, options: moderators, officials for their department. Without one: any."""
    return None if may_help_prepare(actor, poll) else _(
        "여는 부서의 담당자와 운영자만 준비할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("polls.edit")
def may_edit(actor, poll) -> str | None:
    return may_prepare(actor, poll) or _frozen(poll)


@permission("polls.arrange")
def may_arrange(actor, poll) -> str | None:
    """Take options away or change their order: the numbers are fixed once people know them."""
    if reason := may_edit(actor, poll):
        return reason
    return _("알린 뒤에는 항목 번호를 바꾸거나 항목을 빼지 않아요.") if poll.announced_at else None


@permission("polls.announce")
def may_announce(actor, poll) -> str | None:
    if reason := may_make(actor) or may_edit(actor, poll):
        return reason
    return _("이미 알린 투표예요.") if poll.announced_at else None


@permission("polls.prepare_opening")
def may_prepare_opening(actor, poll) -> str | None:
    return may_make(actor) or why_not_prepared(poll)


def why_not_prepared(poll) -> str | None:
    """Reason of the poll itself against a box."""
    return _frozen(poll) or (None if poll.announced_at else _("먼저 투표를 알려 주세요."))


def why_not_object(poll, now: datetime) -> str | None:
    """Objections to the roll are taken in the days for checking it; where none are set, until the opening."""
    opened = poll.box is not None and poll.box.opened_at is not None
    if opened or not roll_is_checked(poll, now):
        return _("지금은 명부에 이의를 내는 기간이 아니에요.")
    return None


@permission("polls.rehearse")
def may_rehearse(actor, poll) -> str | None:
    return may_make(actor) or may_edit(actor, poll)


@permission("polls.notify")
def may_notify(actor, poll) -> str | None:
    if reason := may_make(actor):
        return reason
    return None if poll.announced_at else _("알린 투표에만 알림을 쓸 수 있어요.")


@account_permission("polls.set_seasons")
def may_set_seasons(actor, _subject=None) -> str | None:
    if not actor.has(Role.ADMINISTRATOR):
        return _("관리자만 선거 기간을 정할 수 있어요. 필요하면 관리자에게 부탁해 주세요.")
    return None
