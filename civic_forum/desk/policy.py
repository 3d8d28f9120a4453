"""Permissions of the desk."""

from civic_forum.accounts.rules import STAFF, Role
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission


@permission("desk.enter")
def may_enter(actor, _subject=None) -> str | None:
    if not actor.is_authenticated:
        return _("담당자로 로그인해 주세요.")
    if actor.lacks_second_factor:
        return _("담당자는 패스키를 만들거나 2단계 인증을 켜야 업무 화면을 쓸 수 있어요. 내 정보에서 골라 주세요.")
    if not actor.roles & STAFF:
        return _("담당자만 쓰는 화면이에요. 담당자라면 관리자에게 권한을 요청해 주세요.")
    return None


@permission("district.change")
def may_change_district(actor, _subject=None) -> str | None:
    """Make, rename, order and close neighbourhoods, departments and audiences."""
    if reason := may_enter(actor):
        return reason
    return None if actor.has(Role.ADMINISTRATOR) else _("관리자만 할 수 있어요. 필요하면 관리자에게 부탁해 주세요.")
