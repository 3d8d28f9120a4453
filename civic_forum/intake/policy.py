"""Rights around what is handed in outside the browser."""

from typing import Any, NamedTuple

from civic_forum.accounts.policy import account_permission, is_moderator
from civic_forum.forums.models import Forum
from civic_forum.forums.policy import may_prepare
from civic_forum.platform.i18n import _


@account_permission("intake.take")
def may_take(actor: Any, forum: Forum | None = None) -> str | None:
    """Type in what was said at a visit: who may prepare it. At a desk, and to read what somebody else typed:
    moderators, clerks of neighbourhoods and officials."""
    if is_moderator(actor):
        return None
    if forum is not None:
        return may_prepare(actor, forum)
    return None if actor.neighbourhood_ids() or actor.department_ids() else _(
        "운영자와 동 담당자, 부서 담당자만 할 수 있어요.")


@account_permission("intake.serve")
def may_serve(actor: Any, place_id: int | None = None) -> str | None:
    """Take down at the window of a neighbourhood what somebody says who stands there, and call back: its clerks, and
    moderators."""
    if is_moderator(actor):
        return None
    if not actor.neighbourhood_ids():
        return _("운영자와 동 담당자만 할 수 있어요.")
    return None if place_id in (None, *actor.neighbourhood_ids()) else _("내가 맡은 동의 창구를 골라 주세요.")


class Reached(NamedTuple):
    """An item with which somebody left name and telephone, and the department that owes an answer about it now."""

    neighbourhood_id: int | None
    department_id: int | None


@account_permission("intake.see_contact")
def may_see_contact(actor: Any, item: Reached | None = None) -> str | None:
    """Read them: who serves at the window; officials of the department, as long as it owes the answer."""
    if may_serve(actor, item and item.neighbourhood_id) is None:
        return None
    departments = actor.department_ids()
    if item is None and departments or item is not None and item.department_id in departments:
        return None
    return _("그 동의 창구 담당자와, 답을 맡은 동안 그 부서의 담당자만 볼 수 있어요.")


@account_permission("intake.claim")
def may_claim(actor: Any, _item: object = None) -> str | None:
    """Say that an item is one's own."""
    return None if actor.person_id else _("본인 확인을 받은 뒤에 할 수 있어요. 내 정보에서 신청해 주세요.")


@account_permission("intake.settle_claims")
def may_settle_claims(actor: Any, claim: Any = None) -> str | None:
    """Decide whose an item is, and find items by a name, as a clerk or a moderator."""
    if not (is_moderator(actor) or actor.neighbourhood_ids()):
        return _("운영자와 동 담당자만 할 수 있어요.")
    return _("이미 끝난 확인이에요.") if claim is not None and claim.ended_at else None


@account_permission("intake.confirm_replies")
def may_confirm_replies(actor: Any, item: Any = None) -> str | None:
    """Let everybody read what somebody answered on the spot: moderators, and officials of the department of whose post
    it was."""
    own = actor.department_ids()
    is_own = own and (item is None or item.answering_department_id in own)
    return None if is_moderator(actor) or is_own else _("운영자와 답한 부서의 담당자만 할 수 있어요.")


@account_permission("intake.sort")
def may_sort(actor: Any, _item: object = None) -> str | None:
    """Say what becomes of an item."""
    return None if is_moderator(actor) else _("운영자만 나눌 수 있어요.")


@account_permission("intake.undo")
def may_undo(actor: Any, item: Any) -> str | None:
    """Bring an item back to what is to be sorted: who may sort, and who might confirm its reply and does not."""
    return may_sort(actor) if item.typed_reply is None else may_confirm_replies(actor, item)
