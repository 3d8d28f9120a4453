"""Permissions on one's own account, and on opening accounts for others."""

from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from ..rules import Role


def _own(actor, user) -> str | None:
    if not actor.is_authenticated:
        return _("로그인해 주세요.")
    if user is not None and user.id != actor.id:
        return _("내 계정만 바꿀 수 있어요.")
    return None


@permission("accounts.change_own")
def may_change_own(actor, user=None) -> str | None:
    return _own(actor, user)


@permission("accounts.download_own")
def may_download_own(actor, user=None) -> str | None:
    return _own(actor, user)


@permission("accounts.leave")
def may_leave(actor, user=None) -> str | None:
    if reason := _own(actor, user):
        return reason
    if any(grant.role is Role.ADMINISTRATOR for grant in actor.grants):
        return _("관리자는 바로 탈퇴할 수 없어요. 다른 관리자가 권한을 거둔 뒤에 탈퇴해 주세요.")
    return None


@permission("accounts.create")
def may_create(actor, _subject=None) -> str | None:
    if not actor.is_authenticated or not actor.has(Role.ADMINISTRATOR):
        return _("관리자만 계정을 만들 수 있어요.")
    return None


@permission("accounts.remove_second_factor")
def may_remove_second_factor(actor, user=None) -> str | None:
    """For staff who lost their telephone: another administrator takes it off."""
    if not actor.is_authenticated or not actor.has(Role.ADMINISTRATOR):
        return _("관리자만 할 수 있어요. 필요하면 관리자에게 부탁해 주세요.")
    if user is not None and user.id == actor.id:
        return _("내 두 번째 확인은 내 정보에서 비밀번호를 적고 끌 수 있어요.")
    return None


@permission("accounts.issue_desk_code")
def may_issue_desk_code(actor, user=None) -> str | None:
    """Clerks for people without a role; for staff only an administrator, or a clerk could become one."""
    if not actor.is_authenticated or not actor.has(Role.CLERK) and not actor.has(Role.ADMINISTRATOR):
        return _("동 담당자와 관리자만 새 비밀번호 코드를 줄 수 있어요.")
    if user is None:
        return None
    if user.id == actor.id:
        return _("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요.")
    if not user.is_active:
        return _("지금은 쓸 수 없는 계정이에요.")
    if user.grants and not actor.has(Role.ADMINISTRATOR):
        return _("역할이 있는 계정이에요. 관리자만 코드를 줄 수 있어요.")
    return None
