"""Permissions to register for a forum, and to see who comes. The thing of `ForumContext` is the registration that is
meant, or None."""

from civic_forum.accounts.policy import needs_account
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission

from .. import labels
from ..policy import ForumContext, may_prepare, why_not_live
from ..rules import Place, Stage
from . import rules


@permission("forums.ask_for_place")
def may_ask(actor, at: ForumContext) -> str | None:
    """Ask for a place: in the days of registering, and while it is live."""
    return needs_account(actor, once=True) or _why_not_guest(actor, at) or _why_not_now(at)


@permission("forums.register")
def may_register(actor, at: ForumContext) -> str | None:
    """Ask for a place, or say anew what one needs."""
    if reason := needs_account(actor, once=True):
        return reason
    if at.thing is not None and at.thing.place is not Place.WITHDRAWN and at.forum.stage is Stage.ANNOUNCED:
        return None
    return may_ask(actor, at)


def _why_not_guest(actor, at: ForumContext) -> str | None:
    """Reason against a place that somebody who takes part once cannot come back to."""
    until = getattr(actor, "once_until", None)
    if until is None or at.forum.starts_at < until:
        return None
    return _("그날까지 자리를 지키려면 계정이 있어야 해요. 계정을 만들면 신청할 수 있어요.")


def _why_not_now(at: ForumContext) -> str | None:
    reason = rules.why_not_now(at.forum, at.now)
    return None if reason is None else str(labels.NOT_NOW[reason])


@permission("forums.withdraw")
def may_withdraw(actor, at: ForumContext) -> str | None:
    """Give one's own place back, until it is over."""
    if reason := needs_account(actor, once=True):
        return reason
    if at.thing is None or at.thing.place is Place.WITHDRAWN:
        return _("신청한 것이 없어요.")
    return str(labels.NOT_NOW[rules.NotNow.FINISHED]) if at.forum.stage is Stage.FINISHED else None


@permission("forums.consent")
def may_consent(actor, at: ForumContext) -> str | None:
    """Agree to being recorded, or take that back, at any time."""
    if reason := needs_account(actor, once=True):
        return reason
    return _("참여를 신청한 뒤에 정할 수 있어요.") if at.thing is None else None


def why_not_at_window(owner, at: ForumContext) -> str | None:
    """Reason against a place that a clerk asks for, of an account or of nobody; also when the days of registering are
    over."""
    if owner is not None and (reason := needs_account(owner, once=True) or _why_not_guest(owner, at)):
        return reason
    if at.thing is not None and at.thing.place is not Place.WITHDRAWN:
        return _("이미 신청했어요. 바꾸려면 본인 화면에서 고치게 도와주세요.")
    return None if rules.why_not_now(at.forum, at.now) is rules.NotNow.OVER else _why_not_now(at)


@permission("forums.see_registrations")
def may_see_registrations(actor, forum=None) -> str | None:
    """Permission to see who comes and what they need; what they wrote about it is opened one by one."""
    return may_prepare(actor, forum)


@permission("forums.withdraw_others")
def may_withdraw_others(actor, at: ForumContext) -> str | None:
    if reason := may_prepare(actor, at and at.forum):
        return reason
    if at.thing is None or at.thing.place is Place.WITHDRAWN:
        return _("이미 거둔 신청이에요.")
    return str(labels.NOT_NOW[rules.NotNow.FINISHED]) if at.forum.stage is Stage.FINISHED else None


@permission("forums.arrive")
def may_arrive(actor, at: ForumContext) -> str | None:
    """Be counted as there."""
    if reason := needs_account(actor, once=True) or why_not_live(at):
        return reason
    return None if at.thing is not None and at.thing.place is Place.HELD else _("참여를 신청한 사람만 할 수 있어요.")
