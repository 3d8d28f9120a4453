"""Permissions of clerks and administrators on other people's accounts."""

from dataclasses import dataclass

from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from ..rules import Role


@dataclass(frozen=True)
class Visit:
    """Somebody at the desk of a neighbourhood; no user where an account is still to be opened."""

    user: object | None
    neighbourhood_ids: frozenset[int]


def _clerk_only(actor) -> str | None:
    if not actor.is_authenticated:
        return _("동 담당자로 로그인해 주세요.")
    if not actor.has(Role.CLERK):
        return _("동 담당자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")
    return None


def _administrator_only(actor) -> str | None:
    if not actor.is_authenticated:
        return _("관리자로 로그인해 주세요.")
    if not actor.has(Role.ADMINISTRATOR):
        return _("관리자만 할 수 있어요. 필요하면 관리자에게 부탁해 주세요.")
    return None


def _at_own_desk(actor, visit: Visit | None) -> str | None:
    if reason := _clerk_only(actor):
        return reason
    if visit is not None and not visit.neighbourhood_ids <= actor.neighbourhood_ids():
        return _("내가 맡은 동의 일만 할 수 있어요. 그 동 주민센터에서 하도록 안내해 주세요.")
    if visit is not None and visit.user is not None and visit.user.id == actor.id:
        return _("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요.")
    return None


@permission("accounts.verify")
def may_verify(actor, visit: Visit | None) -> str | None:
    return _at_own_desk(actor, visit)


@permission("accounts.open_account")
def may_open_account(actor, visit: Visit | None) -> str | None:
    return _at_own_desk(actor, visit)


@permission("accounts.print_letters")
def may_print_letters(actor, visit: Visit | None) -> str | None:
    return _at_own_desk(actor, visit)


@permission("accounts.look_up")
def may_look_up(actor, visit: Visit | None) -> str | None:
    """Administrators everybody; clerks those who live, work or study in their neighbourhood."""
    if not actor.is_authenticated:
        return _("담당자로 로그인해 주세요.")
    if actor.has(Role.ADMINISTRATOR):
        return None
    if not actor.has(Role.CLERK):
        return _("관리자와 동 담당자만 회원을 찾아볼 수 있어요. 필요하면 관리자에게 부탁해 주세요.")
    if visit is not None and not visit.neighbourhood_ids & actor.neighbourhood_ids():
        return _("내가 맡은 동의 회원만 찾아볼 수 있어요.")
    return None


@permission("accounts.grant_role")
def may_grant_role(actor, user) -> str | None:
    if reason := _administrator_only(actor):
        return reason
    if user is not None and user.id == actor.id:
        return _("내 권한은 내가 바꿀 수 없어요. 다른 관리자에게 부탁해 주세요.")
    if user is not None and user.left_at is not None:
        return _("탈퇴한 회원이에요. 권한을 줄 수 없어요.")
    return None


@permission("accounts.read_audit")
def may_read_audit(actor, _subject) -> str | None:
    return _administrator_only(actor)


@permission("accounts.read_access_log")
def may_read_access_log(actor, _subject) -> str | None:
    return _administrator_only(actor)
