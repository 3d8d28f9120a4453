"""Permissions to keep order."""

from dataclasses import dataclass

from civic_forum.accounts.models import User
from civic_forum.accounts.policy import why_guest, why_muted
from civic_forum.accounts.rules import Role, same_person
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from .rules import ActionKind


@dataclass(frozen=True)
class Acted:
    """An act that somebody is about to take, and on whom."""

    kind: ActionKind
    author_id: int | None
    is_administrator: bool
    """Whether it would hit an administrator."""


@permission("moderation.report")
def may_report(actor, _thing=None) -> str | None:
    """Whoever may see a thing may report it."""
    if getattr(actor, "is_blocked", False):
        return _("이용이 제한된 계정이라 신고할 수 없어요. 화면 아래의 연락처로 알려 주세요.")
    if not actor.is_authenticated:
        return _("로그인한 뒤에 신고할 수 있어요. 급하면 화면 아래의 연락처로 알려 주세요.")
    return why_guest(actor) or why_muted(actor)


@permission("moderation.moderate")
def may_moderate(actor, _subject=None) -> str | None:
    """See what was reported, and what was done."""
    if not actor.is_authenticated or not actor.is_active:
        return _("운영자로 로그인해 주세요.")
    return None if actor.has(Role.MODERATOR) else _("운영자만 할 수 있어요. 필요하면 관리자에게 권한을 요청해 주세요.")


@permission("moderation.act")
def may_act(actor, acted: Acted) -> str | None:
    if reason := may_moderate(actor):
        return reason
    if acted.author_id == actor.id:
        return _("내 글과 내 계정은 다른 운영자가 살펴봐요.")
    if acted.is_administrator:
        return _("관리자의 글과 계정에는 조치할 수 없어요. 다른 관리자에게 알려 주세요.")
    return None


@permission("moderation.keep")
def may_keep(actor, author_id: int | None) -> str | None:
    """Look at the reports on somebody's text, and close them."""
    if reason := may_moderate(actor):
        return reason
    return _("내 글과 내 계정은 다른 운영자가 살펴봐요.") if author_id == actor.id else None


@permission("moderation.take_back")
def may_take_back(actor, action) -> str | None:
    """End an act before its time."""
    if reason := may_moderate(actor):
        return reason
    if action.user_id == actor.id:
        return _("나에게 한 조치는 다른 운영자가 되돌려요. 이의를 신청해 주세요.")
    return None


@permission("moderation.read_action")
def may_read_action(actor, action) -> str | None:
    """Permission to read why and until when: for whom it concerns, and for moderators."""
    if action.user_id is not None and action.user_id == getattr(actor, "id", None):
        return None
    return may_moderate(actor)


@dataclass(frozen=True)
class Decided:
    """A decision that somebody is about to take, and who did what it is about."""

    before: tuple[User, ...]
    """Who acted or decided before; nobody where it was the site or nobody yet."""
    author_id: int | None
    asked_by_id: int | None = None
    is_decided: bool = False


@permission("moderation.appeal")
def may_appeal(actor, action) -> str | None:
    """Once for each act, by whom it concerns; a block keeps nobody from it."""
    if getattr(actor, "id", None) is None:
        return _("로그인한 뒤에 이의를 신청할 수 있어요.")
    if action.user_id != actor.id:
        return _("내 글이나 내 계정에 한 조치에만 이의를 신청할 수 있어요.")
    if action.ended_at is not None:
        return _("이미 끝난 조치예요. 이의를 신청하지 않아도 돼요.")
    return None


@permission("moderation.decide")
def may_decide(actor, decided: Decided) -> str | None:
    """A moderator who neither acted, nor granted what was asked, nor is concerned, as far as the site knows who is
    who."""
    if reason := may_moderate(actor):
        return reason
    if decided.is_decided:
        return _("다른 운영자가 먼저 정했어요.")
    if actor.id in (decided.author_id, decided.asked_by_id):
        return _("내 글과 내 계정에 관한 일은 다른 운영자가 정해요.")
    if any(same_person(actor, moderator) for moderator in decided.before):
        return _("조치한 운영자가 아닌 다른 운영자가 정해요.")
    return None
