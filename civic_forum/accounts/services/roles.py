"""Granting and withdrawing roles."""

from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..models import RoleGrant, User
from ..policy.staff import may_grant_role
from ..queries import people
from ..rules import SCOPE_OF, Role, Scope


def grant(user: User, role: Role, *, department_id: int | None = None, neighbourhood_id: int | None = None,
          by: User | None) -> RoleGrant:
    """Give a role; an official's is for a department, a clerk's for a neighbourhood, the others' for the district.

    `by` is an administrator, or None for the command line of the site itself. In force with the
    next request of the user. Raises Conflict when the role is held already.
    """
    with use_case(by) as work:
        subject = _held(by, user)
        _check_scope(role, department_id, neighbourhood_id)
        for held in subject.grants:
            if (held.role, held.department_id, held.neighbourhood_id) == (role, department_id, neighbourhood_id):
                raise Conflict(_("이미 가진 권한이에요."), field="role")
        given = RoleGrant(user_id=subject.id, role=role, department_id=department_id,
                          neighbourhood_id=neighbourhood_id, granted_by_id=by and by.id, granted_at=work.at)
        work.session.add(given)
        work.record("accounts.role_granted", subject, role=role, department=department_id,
                    neighbourhood=neighbourhood_id)
        db.session.expire(subject, ["grants"])
        return given


def withdraw(grant_id: int, *, by: User | None) -> None:
    """Take a role back. Raises Refusal for the last administrator."""
    with use_case(by) as work:
        given = db.session.get(RoleGrant, grant_id)
        if given is None:
            raise NotFound(_("없는 권한이에요. 목록을 새로 열어 확인해 주세요."))
        subject = _held(by, db.session.get_one(User, given.user_id))
        administrators = people.held_administrators()
        given = db.session.get_one(RoleGrant, grant_id, with_for_update={"of": RoleGrant}, populate_existing=True)
        if given.withdrawn_at is not None:
            raise Conflict(_("이미 거둔 권한이에요."))
        if given.role is Role.ADMINISTRATOR and not administrators - {subject.id}:
            raise Refusal(_("마지막 관리자예요. 다른 관리자를 먼저 정해 주세요."))
        given.withdrawn_at, given.withdrawn_by_id = work.at, by and by.id
        work.record("accounts.role_withdrawn", subject, role=given.role, department=given.department_id,
                    neighbourhood=given.neighbourhood_id)
        db.session.expire(subject, ["grants"])


def _held(by: User | None, user: User) -> User:
    """The subject, locked with the actor, after the actor's right was checked on their grants as they are now."""
    held = people.held(*{user.id, by.id if by else user.id})
    if by is not None:
        require(held[by.id], may_grant_role, held[user.id])
    return held[user.id]


def _check_scope(role: Role, department_id: int | None, neighbourhood_id: int | None) -> None:
    scope = SCOPE_OF.get(role, Scope.DISTRICT)
    fits = {Scope.DEPARTMENT: department_id is not None and neighbourhood_id is None,
            Scope.NEIGHBOURHOOD: neighbourhood_id is not None and department_id is None,
            Scope.DISTRICT: department_id is None and neighbourhood_id is None}[scope]
    known = ((department_id is None or db.session.get(Department, department_id))
             and (neighbourhood_id is None or db.session.get(Neighbourhood, neighbourhood_id)))
    if scope is Scope.DEPARTMENT and not (fits and known):
        raise Refusal(_("어느 부서의 담당자인지 골라 주세요."), field="department")
    if scope is Scope.NEIGHBOURHOOD and not (fits and known):
        raise Refusal(_("어느 동의 담당자인지 골라 주세요."), field="neighbourhood")
    if not fits:
        raise Refusal(_("이 권한은 부서나 동 없이 구 전체에 주는 권한이에요."), field="role")
