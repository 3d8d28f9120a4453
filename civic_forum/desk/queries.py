"""The logs: entries of the audit log, and look-ups of people; what the first day depends on; messages that test."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

import config
from civic_forum.accounts.labels import TAKEN_OUT
from civic_forum.accounts.mail import TEST
from civic_forum.accounts.models import AccessRecord, RoleGrant
from civic_forum.accounts.queries import first_links
from civic_forum.accounts.rules import Role
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.officers import queries as officers
from civic_forum.blocks import listing
from civic_forum.blocks.filters import Filter, words
from civic_forum.blocks.listing import Chosen, Listing
from civic_forum.blocks.orders import Order
from civic_forum.district import queries as district
from civic_forum.district.models import Category, Department, DistrictChange, Neighbourhood
from civic_forum.district.rules import DistrictList
from civic_forum.platform import settings
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.i18n import _l
from civic_forum.platform.joint_acts import FIRST_DAY, JointAct
from civic_forum.platform.outbox import Carrier, OutgoingMail
from civic_forum.platform.paging import Page
from civic_forum.platform.work import let_go
from civic_forum.polls.models import Poll

from .filters import AREA, SUBJECT, days, named, numbered
from .rules import FirstDay, Step

BATCH = 500
PERSON = "person"
"""Stands for looking up one person, where a table can be taken out."""
TYPED = "q"


def _orders(column: Any) -> tuple[Order, Order]:
    return Order("newest", _l("최신순"), (column.desc(),)), Order("oldest", _l("오래된순"), (column,))


AUDIT = listing.declare(Listing(
    "audit log", lambda: sa.select(AuditEntry), endpoint="desk.audit", size=50,
    filters=(AREA, SUBJECT, named("actor", _l("한 사람의 로그인 이름"), AuditEntry.actor_id), *days(AuditEntry.at),
             words(TYPED, _l("무엇을 했는지에 있는 낱말"), AuditEntry.action, most=60)),
    orders=_orders(AuditEntry.id)))
ACCESS = listing.declare(Listing(
    "access log", lambda: sa.select(AccessRecord), endpoint="desk.access_log", size=50,
    filters=(named("by", _l("찾은 사람의 로그인 이름"), AccessRecord.by_id),
             numbered("user", _l("찾은 회원의 번호"), AccessRecord.user_id),
             Filter("what", _l("회원이나 명단"), AccessRecord.what, {PERSON: _l("회원"), **TAKEN_OUT}, _l("모두"),
                    {PERSON: AccessRecord.what.is_(None)}),
             *days(AccessRecord.at), words(TYPED, _l("이유에 있는 낱말"), AccessRecord.reason, most=60)),
    orders=_orders(AccessRecord.id)))


def page(wanted: Chosen, after: str | None = None, *, limit: int = 0) -> Page[Any]:
    """Records of a log. Raises Invalid for an `after` that is no token."""
    records = wanted.page(after, limit=limit)
    return Page([row[0] for row in records.items], records.after)


def whole(wanted: Chosen) -> Iterator[list]:
    """Everything that a filter finds, in batches; in between no connection is held."""
    records = page(wanted, limit=BATCH)
    yield records.items
    let_go()
    while records.after:
        records = page(wanted, records.after, limit=BATCH)
        yield records.items
        let_go()


def narrowed(wanted: Chosen) -> dict[str, str]:
    """Filters as the audit log notes them: people by their ids, and of typed words only that there were some."""
    by_key = wanted.listing.by_key
    return {key: "typed" if key == TYPED else str(by_key[key].binds(value).get(key, value))
            for key, value in wanted.values.items()}


def first_day() -> FirstDay | None:
    """Facts of the first day; None once a vote was opened."""
    if db.session.scalar(sa.select(sa.exists().where(BallotBox.opened_at.is_not(None), ~BallotBox.rehearsal))):
        return None
    numbers = {name: statement.scalar_subquery() for name, statement in {
        "neighbourhoods": _count(Neighbourhood), "departments": _count(Department),
        "categories": _count(Category).where(Category.department_id.is_not(None)),
        "clerks": _of_role(Role.CLERK), "moderators": _of_role(Role.MODERATOR), "observers": _of_role(Role.OBSERVER),
        "polls": _count(Poll).where(Poll.announced_at.is_not(None), Poll.rehearsal_of_id.is_(None))}.items()}
    counted = db.session.execute(sa.select(*(count.label(name) for name, count in numbers.items()))).one()
    return FirstDay(
        administrators=len(first_links.acting()), officers=len(officers.granted()),
        officers_from=officers.enough_from(), names_privacy_officer=bool(settings.value("PRIVACY_OFFICER")),
        is_named=all(settings.value(name) != config.BY_NAME[name].default for name in NAMES), **counted._mapping)


NAMES = ("SITE_NAME", "DISTRICT_NAME", "OFFICE_NAME")
DECIDED = {Step.NAMES: NAMES, Step.PRIVACY: ("PRIVACY_OFFICER",)}
"""Settings of which one that waits is a step on its way."""


def waits() -> dict[Step, date | None]:
    """Steps that were decided from a day on → that day, or None where another administrator confirms first."""
    names = district.setting_names()
    settings_to_come = {names[number]: change for number, change in district.waiting(DistrictList.SETTINGS).items()}
    to_come = {step: [settings_to_come[name] for name in named if name in settings_to_come]
               for step, named in DECIDED.items()}
    to_come[Step.CATEGORIES] = [change for change in district.waiting(DistrictList.CATEGORIES).values()
                                if change.fields.get("department_id", (0, None))[1]]
    return {step: None if any(change.asks_another for change in changes) else max(
        change.from_day for change in changes) for step, changes in to_come.items() if changes}


def done_alone(user_id: int) -> tuple[list[RoleGrant], list[DistrictChange]]:
    """Roles that somebody gave and changes of the district that they decided, the newest first."""
    grants = sa.select(RoleGrant).filter_by(granted_by_id=user_id, withdrawn_at=None).order_by(RoleGrant.id.desc())
    changes = sa.select(DistrictChange).filter_by(by_id=user_id, withdrawn_at=None).order_by(DistrictChange.id.desc())
    return (list(db.session.scalars(grants.limit(district.MOST_SHOWN))),
            list(db.session.scalars(changes.limit(district.MOST_SHOWN).execution_options(populate_existing=True))))


def beginnings() -> tuple[datetime, bool]:
    """Moment from which the site has an administrator, and True where the second one confirmed the first day."""
    return db.session.execute(sa.select(
        sa.select(sa.func.min(RoleGrant.granted_at)).where(RoleGrant.role == Role.ADMINISTRATOR).scalar_subquery(),
        sa.exists().where(JointAct.name == FIRST_DAY, JointAct.confirmed_by_id.is_not(None)))).one()


def _count(kind: Any) -> sa.Select:
    return sa.select(sa.func.count()).select_from(kind)


def _of_role(role: Role) -> sa.Select:
    return _count(RoleGrant).where(RoleGrant.role == role, RoleGrant.withdrawn_at.is_(None))


def tests(user_id: int) -> dict[Carrier, OutgoingMail]:
    """The last message by which this person tested each carrier."""
    letters = sa.select(OutgoingMail).where(OutgoingMail.user_id == user_id, OutgoingMail.kind == TEST)
    return {letter.carrier: letter for letter in reversed(db.session.scalars(
        letters.order_by(OutgoingMail.id.desc()).limit(BATCH)).all())}
