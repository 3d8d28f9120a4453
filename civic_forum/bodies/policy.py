"""Permissions around bodies. `case` is a body with its seats and memberships (`queries.BodyCase`)."""

from civic_forum.accounts.policy import account_permission
from civic_forum.accounts.rules import Role, same_person
from civic_forum.blocks.seats import MemberFunction
from civic_forum.platform.errors import Denied
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import permission


@permission("bodies.read")
def may_read(actor, case) -> str | None:
    """Whatever is more than its name, what it is for and why it is closed."""
    if not case.is_closed or may_manage(actor) is None or case.sits(actor):
        return None
    return _("공개하지 않는 위원회예요. 이름과 하는 일, 공개하지 않는 이유만 볼 수 있어요.")


@account_permission("bodies.manage")
def may_manage(actor, _subject=None) -> str | None:
    """Make bodies and seats, change and close them."""
    return None if actor.has(Role.ADMINISTRATOR) else _("관리자만 할 수 있어요.")


@account_permission("bodies.note")
def may_note(actor, case) -> str | None:
    """Note who sits in it: its secretary, and administrators."""
    if not actor.has(Role.ADMINISTRATOR) and not case.sits(actor, MemberFunction.SECRETARY):
        return _("이 위원회의 간사와 관리자만 할 수 있어요.")
    return None


@account_permission("bodies.approve")
def may_approve(actor, case=None) -> str | None:
    """Approve what somebody else proposed about its members: officials of its department, and administrators. Without
    a body: of any."""
    if actor.has(Role.ADMINISTRATOR):
        return None
    departments = actor.department_ids() if actor.has(Role.OFFICIAL) else ()
    if departments if case is None else case.body.department_id in departments:
        return None
    return _("담당 부서의 담당자와 관리자만 할 수 있어요.")


@permission("bodies.see_changes")
def may_see_changes(actor, case) -> str | None:
    """Read what waits for a second person, and take it back or turn it down."""
    return may_approve(actor, case) and may_note(actor, case)


def refuse_own(actor, user) -> None:
    """Raises Denied for who acts on a seat of their own."""
    if user is not None and same_person(actor, user):
        raise Denied(_("내 일을 내가 처리할 수는 없어요. 다른 담당자에게 부탁해 주세요."))


@account_permission("bodies.consent")
def may_consent(actor, membership) -> str | None:
    """Be named to everybody, or not any more."""
    return None if membership.user_id == actor.id else _("본인만 정할 수 있어요.")
