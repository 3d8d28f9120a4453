"""Permissions to act and to write, on one's own account, and of clerks and administrators."""

from dataclasses import dataclass
from functools import wraps

from civic_forum.blocks.extensions import PREPARERS
from civic_forum.platform.i18n import _, end
from civic_forum.platform.policy import permission

from .rules import WORKERS, Role


def is_moderator(actor) -> bool:
    return actor.is_authenticated and actor.has(Role.MODERATOR)


def prepares(actor, record=None) -> bool:
    """True for moderators, and for officials of the department that holds it; without a record, of any department."""
    departments = actor.department_ids()
    return is_moderator(actor) or bool(departments if record is None else record.department_id in departments)


def may_help_prepare(actor, record=None) -> bool:
    """True also for those who prepare what it is a step of; without a record, of any."""
    return prepares(actor, record) or any(PREPARERS.ask(actor, record))


def needs_account(actor, *, once: bool = False) -> str | None:
    """Reason against anything that is done by name. `once`: somebody who takes part once, without an account, may."""
    if not actor.is_authenticated:
        return _("로그인한 뒤에 할 수 있어요.")
    if not actor.is_active:
        return _("지금은 쓸 수 없는 계정이에요. 구청에 문의해 주세요.")
    return None if once or getattr(actor, "once_until", None) is None else why_guest(actor)


def account_permission(name: str):
    """Register a predicate(actor, subject), as `permission` does, that is asked of those with an account alone."""

    def register(predicate):
        # A default and no variable from around it: the table of rights exchanges the code.
        def asked(actor, subject=None, predicate=predicate):
            is_whole = actor.is_authenticated and actor.is_active and getattr(actor, "once_until", None) is None
            return predicate(actor, subject) if is_whole else needs_account(actor) or predicate(actor, subject)

        return permission(name)(wraps(predicate)(asked))

    return register


def why_guest(actor) -> str | None:
    """Reason against what is more than a vote, a support or a seat at a forum, for somebody who takes part once."""
    if not getattr(actor, "is_guest", False):
        return None
    return _("계정 없이 참여하는 동안에는 할 수 없어요. 계정을 만들면 할 수 있어요.")


def why_muted(actor) -> str | None:
    """Reason against writing, for somebody who may read and support."""
    if not getattr(actor, "is_muted", False):
        return None
    return _("%(until)s까지 글을 쓸 수 없어요. 이유와 이의 신청 방법은 내 정보에서 볼 수 있어요.",
             until=end(actor.muted_until))


def _own(actor, user) -> str | None:
    if not actor.is_authenticated:
        return _("로그인해 주세요.")
    if user is not None and user.id != actor.id:
        return _("내 계정만 바꿀 수 있어요.")
    return why_guest(actor)


@permission("accounts.end_once")
def may_end_once(actor, user=None) -> str | None:
    """Be forgotten, or make an account, having taken part without one."""
    if not actor.is_authenticated or not actor.is_guest:
        return _("로그인하지 않고 참여한 분만 할 수 있어요.")
    return None if user is None or user.id == actor.id else _("내 계정만 바꿀 수 있어요.")


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
        return _("내 2단계 인증은 내 정보에서 비밀번호와 숫자를 적고 끌 수 있어요.")
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
    if not user.is_active or user.is_guest:
        return _("지금은 쓸 수 없는 계정이에요.")
    if user.grants and not actor.has(Role.ADMINISTRATOR):
        return _("역할이 있는 계정이에요. 관리자만 코드를 줄 수 있어요.")
    return None


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


@permission("accounts.see_account")
def may_see_account(actor, user=None) -> str | None:
    """For the second clerk, of any desk: to say that person and paper were seen."""
    if reason := _clerk_only(actor):
        return reason
    return None if user is None or user.id != actor.id else _("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요.")


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
    return _("계정 없이 참여하는 분에게는 권한을 줄 수 없어요.") if user is not None and user.is_guest else None


@permission("accounts.note_absence")
def may_note_absence(actor, user) -> str | None:
    """Everybody of the office their own; the head of a department, and administrators, those of others."""
    if not actor.is_authenticated or not actor.roles & WORKERS:
        return _("담당자로 로그인해 주세요.")
    if user is None or user.id == actor.id or actor.has(Role.ADMINISTRATOR):
        return None
    led = {grant.department_id for grant in actor.counting_grants if grant.is_head}
    return None if led & {grant.department_id for grant in user.grants} - {None} else _(
        "내 휴가만 적을 수 있어요. 부서장이나 관리자에게 부탁해 주세요.")


@permission("accounts.read_audit")
def may_read_audit(actor, _subject) -> str | None:
    return _administrator_only(actor)


@permission("accounts.read_access_log")
def may_read_access_log(actor, _subject) -> str | None:
    return _administrator_only(actor)
