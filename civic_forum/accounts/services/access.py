"""Looking people up: the reason is written down before anything is shown."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..identity import SEALED_NAME
from ..models import AccessRecord, DeskCheck, Person, User
from ..policy.staff import Visit, may_look_up
from ..queries import people
from ..rules import LOOK_UP_LEAST, LOOK_UP_MOST

OPEN_FOR = timedelta(minutes=15)
"""How long a look-up lets its page be read again."""


def look_up(text: str, reason: str, *, by: User) -> tuple[list[User], AccessRecord]:
    """Accounts whose sign-in name, nickname or number is exactly `text`, as far as the actor may see them.

    The record names the account when there is exactly one.
    """
    with use_case(by) as work:
        actor = people.held(by.id)[by.id]
        require(actor, may_look_up)
        _check_reason(reason)
        found = [user for user in people.matching(text)
                 if may_look_up(actor, Visit(user, people.belongs_to(user))) is None]
        record = AccessRecord(by_id=actor.id, user_id=found[0].id if len(found) == 1 else None, reason=reason,
                              at=work.at)
        work.session.add(record)
        work.record("accounts.looked_up", found[0] if len(found) == 1 else record, found=len(found))
        return found, record


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


def _forget(kind: type[DeskCheck] | type[AccessRecord], days: int) -> int:
    with use_case(None) as work:
        return work.session.execute(sa.delete(kind).where(kind.at < work.at - timedelta(days=days))).rowcount


def _opened(work, user: User, reason: str) -> AccessRecord:
    actor = people.held(work.actor.id)[work.actor.id]
    require(actor, may_look_up, Visit(user, people.belongs_to(user)))
    _check_reason(reason)
    record = AccessRecord(by_id=actor.id, user_id=user.id, reason=reason, at=work.at)
    work.session.add(record)
    return record


def _check_reason(reason: str) -> None:
    if not LOOK_UP_LEAST <= len(reason) <= LOOK_UP_MOST:
        raise Refusal(_("왜 찾아보는지 5자부터 200자까지 적어 주세요."), field="reason")
