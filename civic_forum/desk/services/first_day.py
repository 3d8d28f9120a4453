"""Acts of the first administrator alone, and the one in which the second confirms them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from civic_forum.accounts.models import RoleGrant, User
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.blocks.two_people import Strength, why_not_second
from civic_forum.district import queries as district
from civic_forum.district.models import DistrictChange
from civic_forum.district.rules import DistrictAct, DistrictList
from civic_forum.platform import clock
from civic_forum.platform.errors import Conflict, Denied, NotFound
from civic_forum.platform.i18n import _, local
from civic_forum.platform.joint_acts import FIRST_DAY, JointAct
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import queries
from ..policy import may_change_district
from . import by_two, settings

LASTS = timedelta(days=14)
"""Age of a district until which its second administrator confirms so."""
SECOND = replace(settings.BOTH, strength=Strength.FIRST_DAY)
SECOND_OF_RULES = replace(by_two.OWN_RULE, strength=Strength.FIRST_DAY)


@dataclass(frozen=True)
class Alone:
    """All that one administrator did, as it is now."""

    user: User
    grants: Sequence[RoleGrant]
    changes: Sequence[DistrictChange]
    """The newest first."""

    @property
    def waiting(self) -> list[DistrictChange]:
        """Settings and rules of categories that take a second person, and whose day is still to come."""
        today = local(clock.now()).date()
        return [change for change in self.changes if change.asks_another and change.from_day > today
                and change.act is not DistrictAct.CLOSE]

    @property
    def fingerprint(self) -> bytes:
        shown = [[grant.id, grant.user_id, grant.role] for grant in self.grants] + [
            [change.id, change.fields, change.from_day, change.asks_another] for change in self.changes]
        return sha256(json.dumps(shown, sort_keys=True, default=str).encode()).digest()


def alone(user_id: int) -> Alone:
    """For pages. Raises NotFound for somebody who administers nothing."""
    user = people.by_id(user_id)
    if user is None or not user.has(Role.ADMINISTRATOR):
        raise NotFound(_("그런 관리자가 없어요. 목록을 새로 열어 확인해 주세요."))
    return Alone(user, *queries.done_alone(user_id))


def why_not(case: Alone, actor: User, now: datetime) -> str | None:
    """Reason why this administrator does not confirm all that the other one did, or None: the rule of two people but
    for the desk and the seven days, with a passkey and a confirmed mail instead, once, in the first fourteen days."""
    began, was_confirmed = queries.beginnings()
    if was_confirmed or now - began >= LASTS:
        return _("한꺼번에 확인하는 것은 처음 14일 동안 한 번이에요. 기다리는 것은 하나씩 승인해 주세요.")
    if not actor.has_passkey or actor.confirmed_email is None:
        return _("패스키를 만들고 메일 주소를 확인한 다음에 할 수 있어요. 내 정보에서 해 주세요.")
    first, second = (SECOND.signatory(user_id, None) for user_id in (case.user.id, actor.id))
    return why_not_second(first, second, strength=SECOND.strength, now=now)


def confirm(user_id: int, *, seen: bytes, by: User) -> Alone:
    """Confirm all that this administrator did alone; what waits for a second person waits for its day alone from now
    on. `seen`: fingerprint of the page. Raises Denied for who is not the second person, Conflict where it is another
    list by now. All administrators are held, and its row is unique, so that it happens once."""
    with use_case(by) as work:
        actor = people.held(by.id, user_id)[by.id]
        people.held_administrators()
        require(actor, may_change_district)
        case = alone(user_id)
        if reason := why_not(case, actor, work.at):
            raise Denied(reason)
        require_proof(by, work.at, passkey=True)
        for of in (DistrictList.CATEGORIES, DistrictList.SETTINGS):
            district.held(of)
        if seen != case.fingerprint:
            raise Conflict(_("화면을 연 뒤에 내용이 바뀌었어요. 다시 읽고 결정해 주세요."))
        for change in case.waiting:
            second, case_of = (SECOND, settings.case_of) if change.act is DistrictAct.CHANGE_BY_TWO else (
                SECOND_OF_RULES, by_two.case_of)
            second.confirm_in(work, by_two.subject_of(change.id), case_of(change))
        work.session.add(JointAct(name=FIRST_DAY, subject=f"user:{user_id}", fingerprint=seen, by_id=user_id,
                                  at=work.at, until=work.at, confirmed_by_id=by.id, ended_at=work.at))
        work.record("district.first_day_confirmed", f"user:{user_id}", changes=len(case.changes),
                    grants=len(case.grants))
        return case
