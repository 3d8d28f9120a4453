"""Accounts, persons and grants as the desk looks at them."""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import joinedload

from civic_forum.blocks.two_people import HELD_FOR, Marks, Signatory, Strength, why_not_second
from civic_forum.district.models import Neighbourhood
from civic_forum.district.queries import departments
from civic_forum.platform import clock, folding, keys, plain_text
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.i18n import _, end_of, local
from civic_forum.platform.joint_acts import JointAct
from civic_forum.platform.submission_rows import Submission

from ..identity import Identity
from ..models import AccessRecord, Affiliation, DeskCheck, Letter, Person, RoleGrant, User
from ..rules import Role, STAFF_ACT_COUNTS, StaffAct, Verification, WAYS_IN, WORKERS, marks_of

MOST_FOUND = 20
MOST_HOLDERS = 200
WRONG_NAME = "accounts.wrong_name"
"""Action of the audit log for a name or birth date that was asked for and is not the person's."""


def held(*ids: int) -> dict[int, User]:
    """These users, read again and locked in one order until the transaction ends."""
    users = held_rows(ids)
    for user in users.values():
        db.session.expire(user, ["grants"])
    return users


def last_submission(user_id: int) -> int:
    """Id of the last that was handed in in their name; 0 for none."""
    return db.session.scalar(sa.select(sa.func.max(Submission.id)).where(Submission.owner_id == user_id)) or 0


def held_rows(ids: Collection[int]) -> dict[int, User]:
    """As `held`, for many; their grants are as they were read before."""
    rows = db.session.scalars(sa.select(User).where(User.id.in_(ids)).order_by(User.id)
                              .with_for_update(key_share=True).execution_options(populate_existing=True))
    return {user.id: user for user in rows}


def not_blocked(now: datetime) -> sa.ColumnElement[bool]:
    """`User.is_blocked` for a statement: whoever was blocked until a moment that is over is not."""
    return sa.or_(User.blocked_at.is_(None), User.blocked_until <= now)


def works_here(user_id: int, *there: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """True if this user works for the office now, and where these conditions on `RoleGrant` hold."""
    return sa.exists().where(RoleGrant.user_id == user_id, RoleGrant.withdrawn_at.is_(None),
                             RoleGrant.role != Role.READER, *there)


def by_id(user_id: int) -> User | None:
    return db.session.get(User, user_id)


PERSONS = 0x70657273
"""The advisory lock under which persons are looked for and made, one after the other; it says `pers`."""


def take_turn() -> None:
    """Be the only one who looks for a person and makes one: the unique constraint tells two hashes of one person under
    two keys not apart. Taken before the keys are asked for. On SQLite whoever writes is alone."""
    if not is_sqlite():
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(PERSONS)))


def namesakes(who: Identity) -> list[Person]:
    """Verified persons of one name and birthday, locked, in the order in which they were told apart; whichever key they
    were hashed with."""
    return list(db.session.scalars(sa.select(Person).where(_called(who))
                                   .order_by(Person.distinguisher).with_for_update(key_share=True)))


def refuse_lost_keys() -> None:
    """Raises Unavailable where somebody was verified under a key that is lost."""
    keys.refuse_lost(db.session.scalar(sa.select(sa.func.max(Person.key_id))))


def accounts_as(who: Identity) -> list[int]:
    """Ids of the accounts of verified persons of one name and birthday, without a lock."""
    return list(db.session.scalars(sa.select(User.id).join(Person, Person.id == User.person_id).where(_called(who))))


def _called(who: Identity) -> sa.ColumnElement[bool]:
    hashes = who.hashes
    return sa.or_(Person.folded_hash.in_(hashes), Person.identity_hash.in_(hashes))


def not_folded(limit: int) -> list[Person]:
    """Verified persons whose names were not folded yet."""
    return list(db.session.scalars(sa.select(Person).where(Person.folded_hash.is_(None)).limit(limit)))


def guests_until(now: datetime, *, after: int = 0, limit: int = 200) -> list[int]:
    """Ids of those who took part once and whose time is over, beyond the id `after`."""
    return list(db.session.scalars(sa.select(User.id).where(User.once_until <= now, User.id > after)
                                   .order_by(User.id).limit(limit)))


def account_of(person_id: int) -> User | None:
    return db.session.scalar(sa.select(User).filter_by(person_id=person_id))


def accounts_of(person_ids: Collection[int]) -> dict[int, User]:
    rows = db.session.scalars(sa.select(User).where(User.person_id.in_(person_ids))
                              .options(joinedload(User.neighbourhood)))
    return {user.person_id: user for user in rows}


def belongs_to(user: User) -> frozenset[int]:
    """Ids of the neighbourhoods in which a user lives, works or studies, or says so."""
    ids = set(db.session.scalars(sa.select(Affiliation.neighbourhood_id).filter_by(user_id=user.id)))
    return frozenset(ids | {user.neighbourhood_id} - {None})


def home(user: User) -> int | None:
    """The neighbourhood under which acts of staff on this account are counted: theirs, whichever desk acts."""
    return user.neighbourhood_id or min(belongs_to(user), default=None)


def matching(text: str) -> list[User]:
    """Accounts whose sign-in name, nickname or number is exactly this; never a part of it."""
    key = folding.folded(text)
    wanted = [User.sign_in_key == key, User.nickname == plain_text.clean(text)]
    if key.isdecimal() and key.isascii() and len(key) < 18:
        wanted.append(User.id == int(key))
    return list(db.session.scalars(sa.select(User).where(User.left_at.is_(None), sa.or_(*wanted))
                                   .options(joinedload(User.neighbourhood)).order_by(User.id).limit(MOST_FOUND)))


def affiliations(user_id: int) -> list[Affiliation]:
    return list(db.session.scalars(sa.select(Affiliation).filter_by(user_id=user_id)
                                   .options(joinedload(Affiliation.neighbourhood)).order_by(Affiliation.kind)))


def desk_checks(user_id: int) -> list[DeskCheck]:
    return list(db.session.scalars(sa.select(DeskCheck).filter_by(user_id=user_id).order_by(DeskCheck.id.desc())
                                   .limit(MOST_FOUND)))


def acts_lately(user: User) -> list[DeskCheck]:
    """Acts of staff on an account that its owner reads of, whatever was pressed."""
    since = clock.now() - STAFF_ACT_COUNTS
    is_touched = user.staff_act_at is not None and user.staff_act_at >= since
    return [check for check in desk_checks(user.id) if check.at >= since] if is_touched else []


def access_record(record_id: int) -> AccessRecord | None:
    return db.session.get(AccessRecord, record_id)


def waiting_for_a_second(who: Identity, name: str) -> list[User]:
    """Accounts of verified persons of one name and birthday on which staff acted and no second clerk confirmed it."""
    return list(db.session.scalars(sa.select(User).join(Person, Person.id == User.person_id).join(
        JointAct, JointAct.subject == sa.literal("user:") + sa.cast(User.id, sa.Text)).where(
        _called(who), JointAct.name == name, JointAct.ended_at.is_(None)).order_by(User.id)))


def entered_at(user_id: int) -> datetime | None:
    """The last instant at which staff could have got into an account that was there."""
    return db.session.scalar(sa.select(sa.func.max(DeskCheck.at)).where(
        DeskCheck.user_id == user_id, DeskCheck.purpose.in_(WAYS_IN)))


def today(now: datetime) -> datetime:
    """The first moment of this day."""
    return end_of(local(now).date() - timedelta(days=1))


def acts_today(clerk_id: int, now: datetime) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(DeskCheck).where(
        DeskCheck.clerk_id == clerk_id, DeskCheck.at >= today(now), DeskCheck.purpose != StaffAct.POSTED)) or 0


def acts_by_desk(since: datetime, until: datetime) -> Counter[tuple[int | None, date, str]]:
    """Numbers of the acts of staff between two instants by desk (None: an administrator's), day and `rules.StaffAct`,
    for counts and observers."""
    rows = db.session.execute(sa.select(DeskCheck.neighbourhood_id, DeskCheck.at, DeskCheck.purpose).where(
        DeskCheck.at >= since, DeskCheck.at < until))
    return Counter((desk, local(at).date(), act) for desk, at, act in rows)


def wrong_names(since: datetime, *by: sa.ColumnElement[bool]) -> tuple[int, datetime | None]:
    """Number of wrong names and birth dates since then, and the last instant."""
    return db.session.execute(sa.select(sa.func.count(), sa.func.max(AuditEntry.at)).where(
        AuditEntry.action == WRONG_NAME, AuditEntry.at >= since, *by)).one()


def open_letter(user_id: int, *, lock: bool = False, is_notice: bool = False) -> Letter | None:
    """The letter of an address, or the one that tells what staff did."""
    letters = sa.select(Letter).filter_by(user_id=user_id, ended_at=None, is_notice=is_notice)
    return db.session.scalar(letters.with_for_update().execution_options(populate_existing=True) if lock else letters)


def last_letter(user_id: int) -> Letter | None:
    return db.session.scalar(sa.select(Letter).filter_by(user_id=user_id, is_notice=False)
                             .order_by(Letter.id.desc()).limit(1))


def letters_since(user_id: int, since) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Letter)
                             .where(Letter.user_id == user_id, Letter.requested_at >= since, ~Letter.is_notice)) or 0


_TOLD = sa.and_(Letter.is_notice, DeskCheck.user_id == Letter.user_id, DeskCheck.at >= Letter.requested_at,
                DeskCheck.purpose.not_in((StaffAct.SEEN, StaffAct.POSTED)))
"""True for an act that somebody does alone and for the notice that tells of it."""


def who_acted(letter: Letter) -> list[User]:
    """Staff of whose acts a notice tells: others print and post it."""
    return list(db.session.scalars(sa.select(User).where(User.id.in_(sa.select(DeskCheck.clerk_id).join(
        Letter, _TOLD).where(Letter.id == letter.id))).limit(MOST_FOUND)))


def _open(clerk: Any, *which: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """True for letters that wait and tell of no act of this clerk."""
    return sa.and_(Letter.ended_at.is_(None), ~sa.exists().where(_TOLD, DeskCheck.clerk_id == clerk.id), *which)


def to_print(clerk: Any, today: date) -> sa.ColumnElement[bool]:
    """True for letters of the own desks, and for notices that lay two days at another."""
    late = sa.and_(Letter.is_notice, Letter.requested_at < end_of(today - timedelta(days=3)))
    return _open(clerk, Letter.printed_at.is_(None), Letter.neighbourhood_id.in_(clerk.neighbourhood_ids()) | late)


def to_post(clerk: Any) -> sa.ColumnElement[bool]:
    """True for letters of every desk that somebody else printed and nobody has posted."""
    return _open(clerk, Letter.posted_at.is_(None), Letter.printed_by_id != clerk.id)


def on_their_way(clerk: Any) -> sa.ColumnElement[bool]:
    """True for letters of the own desks that were printed, and whose code was not entered yet."""
    return _open(clerk, Letter.neighbourhood_id.in_(clerk.neighbourhood_ids()), Letter.printed_at.is_not(None),
                 ~to_post(clerk))


def letters(which: sa.ColumnElement[bool], limit: int) -> list[Letter]:
    """The first of them by the day of printing, the newest first."""
    return list(db.session.scalars(sa.select(Letter).where(which).order_by(
        Letter.printed_at.desc(), Letter.id).limit(limit)))


def printing_due(staff: Any) -> sa.Select | None:
    """For the desk: letters to be printed by this clerk, since they were asked for."""
    return _due(staff, Letter.requested_at, to_print(staff, staff.today)) if staff.neighbourhood_ids() else None


def posting_due(staff: Any) -> sa.Select:
    """The same for those to be posted, since they were printed."""
    return _due(staff, Letter.printed_at, to_post(staff))


def _due(staff: Any, since: Any, which: sa.ColumnElement[bool]) -> sa.Select:
    place = (sa.select(Neighbourhood.name_ko).where(Neighbourhood.id == Letter.neighbourhood_id)
             .correlate_except(Neighbourhood).scalar_subquery())
    return sa.select(Letter.id, since, sa.cast(Letter.id, sa.Text), place, sa.null()).where(
        Letter.user_id != staff.id, which)


def held_letters(ids: Collection[int]) -> list[Letter]:
    return list(db.session.scalars(sa.select(Letter).where(Letter.id.in_(ids)).order_by(Letter.id)
                                   .with_for_update().execution_options(populate_existing=True)))


def assignable_departments() -> dict[int, str]:
    """Id → name of the departments, with a word beside those in which nobody answers."""
    staffed = set(db.session.scalars(sa.select(RoleGrant.department_id).where(
        RoleGrant.role == Role.OFFICIAL, RoleGrant.withdrawn_at.is_(None), RoleGrant.department_id.is_not(None))))
    return {key: name if key in staffed else _("%(name)s(담당자가 아직 없어요)", name=name)
            for key, name in ((department.id, department.name) for department in departments())}


def users(ids: Collection[int]) -> dict[int, User]:
    return {user.id: user for user in db.session.scalars(sa.select(User).where(User.id.in_(ids)))} if ids else {}


def held_administrators() -> frozenset[int]:
    """Ids of the users who can administer now, blocked ones not counted; their grants locked in one order."""
    rows = db.session.execute(sa.select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id).where(
        RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.withdrawn_at.is_(None), User.left_at.is_(None),
        not_blocked(clock.now())).order_by(RoleGrant.id).with_for_update(of=RoleGrant))
    return frozenset(row.user_id for row in rows)


def colleagues(user: User) -> list[User]:
    """Others who have a post of this one: the same role for the same department, neighbourhood or district."""
    others = {other.id: other for grant in user.grants for other in holders(
        (grant.role,), grant.department_id, grant.neighbourhood_id)}
    return [other for other in others.values() if other.id != user.id]


def heads_of(*department_ids: int) -> dict[int, int]:
    """Department → user who heads it."""
    return dict(db.session.execute(sa.select(RoleGrant.department_id, RoleGrant.user_id).where(
        RoleGrant.department_id.in_(department_ids), RoleGrant.is_head, RoleGrant.withdrawn_at.is_(None))).all())


def led_by(user: User) -> list[User]:
    """Those whose absences this one may note: of the office for administrators, of the own department for its head."""
    if user.has(Role.ADMINISTRATOR):
        return holders(WORKERS)
    led = [grant.department_id for grant in user.counting_grants if grant.is_head]
    return [other for department_id in led for other in holders((Role.OFFICIAL,), department_id) if other.id != user.id]


def holders(roles: Collection[Role], department_id: int | None = None,
            neighbourhood_id: int | None = None) -> list[User]:
    """Those who can work now with one of these roles, in this department or neighbourhood where one is named."""
    there = [RoleGrant.role.in_(roles)] + ([RoleGrant.department_id == department_id] if department_id else []) + (
        [RoleGrant.neighbourhood_id == neighbourhood_id] if neighbourhood_id else [])
    return list(db.session.scalars(sa.select(User).where(
        User.id.in_(sa.select(RoleGrant.user_id).where(RoleGrant.withdrawn_at.is_(None), *there)),
        User.left_at.is_(None), not_blocked(clock.now())).order_by(User.nickname, User.id).limit(MOST_HOLDERS)))


def over(today: date) -> list[tuple[int, int]]:
    """Ids of roles whose last day is over, and of their holders."""
    return [(row.id, row.user_id) for row in db.session.execute(sa.select(RoleGrant.id, RoleGrant.user_id).where(
        RoleGrant.withdrawn_at.is_(None), RoleGrant.ends_on < today).order_by(RoleGrant.id).limit(MOST_HOLDERS))]


def ending(until: date) -> list[RoleGrant]:
    """Roles that end by this day and whose holders were not told, locked."""
    return list(db.session.scalars(sa.select(RoleGrant).where(
        RoleGrant.withdrawn_at.is_(None), RoleGrant.ends_on <= until, RoleGrant.end_told_at.is_(None))
        .order_by(RoleGrant.id).limit(MOST_HOLDERS).with_for_update(of=RoleGrant)))


def administrators_among(ids: Collection[int]) -> frozenset[int]:
    """Those of these users who hold the role of an administrator now."""
    return frozenset(db.session.scalars(sa.select(RoleGrant.user_id).where(
        RoleGrant.user_id.in_(ids), RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.withdrawn_at.is_(None))))


def verified_kinds(user_id: int) -> frozenset:
    return frozenset(row.kind for row in affiliations(user_id) if row.how is not Verification.DECLARED)


def is_verified_at_desk(user: User) -> bool:
    return user.person_id is not None and bool(db.session.scalar(sa.select(sa.exists().where(
        Affiliation.how == Verification.DESK,
        sa.or_(Affiliation.user_id == user.id, Affiliation.person_id == user.person_id)))))


def held_for() -> timedelta:
    """Time for which a second person has held the right (`blocks.two_people`); 0 in a marked sample."""
    return timedelta() if current_app.config["SAMPLE"] else HELD_FOR


def signatory(user: User, roles: Collection[Role], reason: str | None = None) -> Signatory:
    """An account, read again, as the rule of two people sees it: its right by one of these roles, unless there is a
    reason against it, held since nobody of the staff could get into it."""
    grants = [grant for grant in user.counting_grants if grant.role in roles] if user.is_active and not reason else []
    since, entered = min((grant.granted_at for grant in grants), default=None), entered_at(user.id)
    return Signatory(id=user.id, marks=marks_of(user), is_verified_at_desk=is_verified_at_desk(user),
                     held_since=max(since, entered) if since and entered else since,
                     granted_by=frozenset(grant.granted_by_id for grant in grants if grant.granted_by_id))


def signatory_of(*roles: Role) -> Callable[[int, Any], Signatory]:
    """(id of an account, case) → the account as one with these roles, for an act of two people."""
    return lambda number, _case: signatory(db.session.get_one(User, number), roles)


def why_not_another(first: User | None, second: User, roles: Collection[Role],
                    about: Collection[Marks] = ()) -> str | None:
    """Reason why this is not the second person by the strict rule, where both are read again, or None. `first`: None
    where nobody is known to have begun."""
    return why_not_second(first and signatory(first, roles), signatory(second, roles), about, now=clock.now(),
                          strength=Strength.STRICT, held_for=held_for())


def grant(grant_id: int) -> RoleGrant | None:
    return db.session.get(RoleGrant, grant_id)
