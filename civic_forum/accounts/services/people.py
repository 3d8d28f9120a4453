"""Looking people up, with a reason written down before anything is shown, and their roles."""

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from civic_forum.district import queries as district
from civic_forum.district.events import Closing
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.district.rules import DistrictList
from civic_forum.platform import clock, keys, plain_text
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case

from ..events import RoleEnds, RoleMoved, RolesEnded
from ..identity import SEALED_NAME, opened
from ..models import AccessRecord, DeskCheck, Person, RoleGrant, User
from ..operations import end_sessions, require_proof
from ..policy import Visit, may_grant_role, may_look_up
from ..queries import people
from ..rules import ENDS_TOLD, LOOK_UP_LEAST, LOOK_UP_MOST, Post, Role, SCOPE_OF, STAFF, Scope, TITLE_MOST
from ..wrong_names import note_wrong_name, refuse_guessing
from .absences import end_deputyships

OPEN_FOR = timedelta(minutes=15)
"""How long a look-up lets its page be read again."""
FOLDED_AT_ONCE = 2_000


def look_up(text: str, reason: str, *, by: User) -> tuple[list[User], AccessRecord]:
    """Accounts whose sign-in name, nickname or number is exactly `text`, as far as the actor may see them.

    The record names the account when there is exactly one.
    """
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_look_up)
        require_proof(by, work.at)
        _check_reason(reason)
        refuse_guessing(work, actor)
        accounts = [user for user in people.matching(text)
                    if may_look_up(actor, Visit(user, people.belongs_to(user))) is None]
        record = work.store(AccessRecord(by_id=actor.id, user_id=accounts[0].id if len(accounts) == 1 else None,
                                         reason=reason, at=work.at))
        work.record("accounts.looked_up", accounts[0] if len(accounts) == 1 else record, found=len(accounts))
        if not accounts:
            note_wrong_name(work)
        return accounts, record


def open_person(user: User, reason: str, *, by: User) -> AccessRecord:
    """Open one account out of several that were found."""
    with use_case(by) as work:
        record = _opened(work, user, reason)
        work.record("accounts.looked_up", user, found=1)
        return record


def see_name(user: User, reason: str, *, by: User) -> str:
    """The name under which somebody was verified; the reason is kept in the access log."""
    with use_case(by) as work:
        _opened(work, user, reason)
        person = user.person_id and db.session.get(Person, user.person_id)
        if not person:
            raise NotFound(_("본인 확인을 하지 않은 회원이라 이름이 없어요."))
        work.record("accounts.name_seen", user)
        return keys.unseal(SEALED_NAME, person.name_sealed)


def check_open(record: AccessRecord | None, user: User, *, by: User, at) -> None:
    """Raise Denied unless the actor has just given a reason for looking at this user."""
    if record is None or record.by_id != by.id or record.user_id != user.id or at - record.at > OPEN_FOR:
        raise Denied(_("회원 정보를 보려면 먼저 이유를 적어 주세요."))


def forget_checks(days: int) -> int:
    """Delete desk checks older than so many days; returns how many."""
    return _forget(DeskCheck, days)


def forget_records(days: int) -> int:
    """Delete look-ups older than so many days; returns how many."""
    return _forget(AccessRecord, days)


def fold_names() -> int:
    """Give some who were verified before names were folded the hash by which they are found; returns how many. Who
    turns out to be called as somebody else is audited: a desk sees whether they are two."""
    with use_case(None) as work:
        persons = people.not_folded(FOLDED_AT_ONCE)
        for person in persons:
            who = opened(person)
            person.folded_hash = who.hashed(person.key_id)
            if person.folded_hash != person.identity_hash and len(people.namesakes(who)) > 1:
                work.record("accounts.called_alike", f"person:{person.id}")
        return len(persons)


def _forget(kind: type[DeskCheck] | type[AccessRecord], days: int) -> int:
    with use_case(None) as work:
        return work.session.execute(sa.delete(kind).where(kind.at < work.at - timedelta(days=days))).rowcount


def _opened(work, user: User, reason: str) -> AccessRecord:
    actor = people.held(work.actor.id)[work.actor.id]
    require(actor, may_look_up, Visit(user, people.belongs_to(user)))
    require_proof(work.actor, work.at)
    _check_reason(reason)
    record = AccessRecord(by_id=actor.id, user_id=user.id, reason=reason, at=work.at)
    work.session.add(record)
    return record


def _check_reason(reason: str) -> None:
    if not LOOK_UP_LEAST <= len(reason) <= LOOK_UP_MOST:
        raise Refusal(_("왜 찾아보는지 5자부터 200자까지 적어 주세요."), field="reason")


def grant(user: User, role: Role, *, department_id: int | None = None, neighbourhood_id: int | None = None,
          is_head: bool = False, title: str = "", ends_on: date | None = None, by: User | None) -> RoleGrant:
    """Give a role; an official's is for a department, a clerk's for a neighbourhood, the others' for the district.

    `by` is an administrator, or None for the command line of the site itself. In force with the
    next request of the user, until the end of `ends_on`. Raises Conflict when the role is held already.
    """
    post = Post(role, department_id, neighbourhood_id, is_head, plain_text.clean(title), ends_on)
    with use_case(by) as work:
        return give(work, _held(by, user, work.at), post, by and by.id)


def give(work: Work, subject: User, post: Post, by_id: int | None) -> RoleGrant:
    """Give a held user a role inside a transaction in which the right to do so was checked. Raises as `grant`."""
    check_post(post, work.at)
    if post.is_head:
        work.session.execute(sa.update(RoleGrant).where(
            RoleGrant.department_id == post.department_id, RoleGrant.withdrawn_at.is_(None)).values(is_head=False))
    for held in subject.grants:
        if (held.role, held.department_id, held.neighbourhood_id) == post[:3]:
            if not post.is_head or held.is_head:
                raise Conflict(_("이미 가진 권한이에요."), field="role")
            held.is_head = True
            work.record("accounts.head_named", subject, department=post.department_id)
            return held
    role_grant = RoleGrant(user_id=subject.id, granted_by_id=by_id, granted_at=work.at,
                           **post._asdict() | {"title": post.title or None})
    work.session.add(role_grant)
    if post.role in STAFF and subject.totp_confirmed_at is None and subject.passkey_since is not None:
        end_sessions(work.session, subject.id)  # a password alone may have opened them
    work.record("accounts.role_granted", subject, role=post.role, department=post.department_id,
                neighbourhood=post.neighbourhood_id)
    db.session.expire(subject, ["grants"])
    return role_grant


def check_post(post: Post, at: datetime) -> None:
    """Raise Refusal, at its field, for what a role cannot have."""
    _check_scope(post.role, post.department_id, post.neighbourhood_id)
    if post.ends_on is not None and post.ends_on <= local(at).date():
        raise Refusal(_("내일부터 고를 수 있어요."), field="ends_on")
    _check_marks(post.role, post.title, post.is_head)


def _check_marks(role: Role, title: str, is_head: bool) -> None:
    if bool(title) is not (role is Role.READER) or len(title) > TITLE_MOST:
        raise Refusal(_("보기만 하는 사람에게만 직함을 적어 주세요. 60자까지예요."), field="title")
    if is_head and role is not Role.OFFICIAL:
        raise Refusal(_("부서 담당자만 부서장이 될 수 있어요."), field="is_head")


def withdraw(grant_id: int, *, by: User | None) -> None:
    """Take a role back. Raises Refusal for the last administrator."""
    with use_case(by) as work:
        role_grant = existing(db.session.get(RoleGrant, grant_id), lambda: NotFound(_("없는 권한이에요. 목록을 새로 열어 확인해 주세요.")))
        subject = _held(by, db.session.get_one(User, role_grant.user_id), work.at)
        administrators = people.held_administrators()
        role_grant = db.session.get_one(RoleGrant, grant_id, with_for_update={"of": RoleGrant}, populate_existing=True)
        if role_grant.withdrawn_at is not None:
            raise Conflict(_("이미 거둔 권한이에요."))
        if role_grant.role is Role.ADMINISTRATOR and not administrators - {subject.id}:
            raise Refusal(_("마지막 관리자예요. 다른 관리자를 먼저 정해 주세요."))
        _end(work, subject, role_grant)
        db.session.expire(subject, ["grants"])


def end_on(user_id: int, day: date | None, *, by: User) -> None:
    """Let all roles of somebody end with this day, or with none. Raises Refusal at `ends_on` for a day that is not to
    come, Conflict for who has no role."""
    with use_case(by) as work:
        if (user := people.by_id(user_id)) is None:
            raise NotFound(_("그런 회원이 없어요."))
        subject = _held(by, user, work.at)
        if day is not None and day <= local(work.at).date():
            raise Refusal(_("내일부터 고를 수 있어요."), field="ends_on")
        ended = work.session.execute(sa.update(RoleGrant).where(
            RoleGrant.user_id == subject.id, RoleGrant.withdrawn_at.is_(None)).values(ends_on=day, end_told_at=None))
        if not ended.rowcount:
            raise Conflict(_("권한이 없는 사람이에요."))
        work.record("accounts.roles_end_on", subject, day=day and day.isoformat())


def _end(work: Work, user: User, role_grant: RoleGrant) -> None:
    role_grant.withdrawn_at, role_grant.withdrawn_by_id = work.at, work.actor and work.actor.id
    work.record("accounts.role_withdrawn", user, role=role_grant.role, department=role_grant.department_id,
                neighbourhood=role_grant.neighbourhood_id)
    end_deputyships(work, user)


def end_roles(work: Work, user: User) -> None:
    """Take all roles of a held user back, inside a transaction in which their right to do so was checked."""
    for role_grant in work.session.scalars(sa.select(RoleGrant).filter_by(user_id=user.id, withdrawn_at=None).order_by(
            RoleGrant.id).with_for_update(of=RoleGrant)):
        _end(work, user, role_grant)
    work.emit(RolesEnded(user.id))


def end_due() -> int:
    """End roles whose last day is over, but for the last administrator; returns how many."""
    ended = 0
    for grant_id, user_id in people.over(local(clock.now()).date()):
        with use_case(None) as work:
            user, others = people.held(user_id)[user_id], people.held_administrators() - {user_id}
            role_grant = work.session.get_one(RoleGrant, grant_id, with_for_update={"of": RoleGrant},
                                              populate_existing=True)
            if role_grant.withdrawn_at is None and (others or role_grant.role is not Role.ADMINISTRATOR):
                _end(work, user, role_grant)
                work.emit(RolesEnded(user_id))
                ended += 1
    return ended


def tell_ends() -> int:
    """Tell those whose role ends within days, once; returns how many."""
    with use_case(None) as work:
        grants = people.ending(local(work.at).date() + ENDS_TOLD)
        for role_grant in grants:
            role_grant.end_told_at = work.at
            work.emit(RoleEnds(role_grant.user_id, role_grant.id, role_grant.ends_on))
        return len(grants)


def _held(by: User | None, user: User, at: datetime) -> User:
    """The subject, locked with the actor, after the actor's right was checked on their grants as they are now."""
    held = people.held(*{user.id, by.id if by else user.id})
    if by is not None:
        require(held[by.id], may_grant_role, held[user.id])
        require_proof(by, at)
    return held[user.id]


def _check_scope(role: Role, department_id: int | None, neighbourhood_id: int | None) -> None:
    scope = SCOPE_OF.get(role, Scope.DISTRICT)
    fits = {Scope.DEPARTMENT: department_id is not None and neighbourhood_id is None,
            Scope.NEIGHBOURHOOD: neighbourhood_id is not None and department_id is None,
            Scope.DISTRICT: department_id is None and neighbourhood_id is None}[scope]
    known = ((department_id is None or district.open_department(department_id))
             and (neighbourhood_id is None or district.open_neighbourhood(neighbourhood_id)))
    if scope is Scope.DEPARTMENT and not (fits and known):
        raise Refusal(_("어느 부서의 담당자인지 골라 주세요."), field="department")
    if scope is Scope.NEIGHBOURHOOD and not (fits and known):
        raise Refusal(_("어느 동의 담당자인지 골라 주세요."), field="neighbourhood")
    if not fits:
        raise Refusal(_("이 권한은 부서나 동 없이 구 전체에 주는 권한이에요."), field="role")


def move_grant(work: Work, grant: RoleGrant, place_id: int) -> None:
    """The role goes on in another department or neighbourhood, held since when it was and given by whom it was, unless
    it is there."""
    grant.withdrawn_at = work.at
    work.session.flush()
    place = "neighbourhood_id" if grant.department_id is None else "department_id"
    same = {"user_id": grant.user_id, "role": grant.role, place: place_id}
    successor = work.session.get_one(Department if place == "department_id" else Neighbourhood, place_id)
    work.emit(RoleMoved(grant.user_id, grant.id, successor.name_ko))
    there = work.session.scalar(sa.select(RoleGrant).filter_by(**same, withdrawn_at=None))
    if there is not None:
        there.is_head = there.is_head or grant.is_head
    else:
        work.session.add(RoleGrant(**same, granted_by_id=grant.granted_by_id, granted_at=grant.granted_at,
                                   is_head=grant.is_head, ends_on=grant.ends_on, end_told_at=grant.end_told_at))


def keep_one_head(fact: Closing, session: Session) -> None:
    """Before the staff of a closed department move: of two heads the one who was chosen, else that of the successor,
    and that of the closed one where there is no other."""
    if fact.list != DistrictList.DEPARTMENTS:
        return
    heads = people.heads_of(fact.id, fact.successor_id)
    stays = fact.head_id if fact.head_id in heads.values() else heads.get(fact.successor_id, fact.head_id)
    session.execute(sa.update(RoleGrant).where(
        RoleGrant.department_id.in_(heads), RoleGrant.is_head, RoleGrant.withdrawn_at.is_(None),
        RoleGrant.user_id != (stays or 0)).values(is_head=False))
