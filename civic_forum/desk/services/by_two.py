"""Changes of the lists of the district that another administrator confirms, before they are carried out on their day:
closing an entry, and the threshold and days of a category."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.district import operations
from civic_forum.district import queries as district
from civic_forum.district.extensions import moving
from civic_forum.district.models import LISTS, Closable, DistrictChange
from civic_forum.district.rules import BY_TWO, DistrictAct, DistrictList
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound
from civic_forum.platform.i18n import _, local
from civic_forum.platform.work import Work

from ..policy import may_change_district

LASTS = timedelta(days=14)


@dataclass(frozen=True)
class Case:
    """A change with its entry, and with the successor of one that is closed, as they are now."""

    change: DistrictChange
    entry: Any
    successor: Closable | None = None


def counts(of: DistrictList, entry: Closable) -> dict[str, int]:
    """Number of what moves by kind, as the preview shows it."""
    return {name: kind.count(entry.mark) for name, kind in moving(of).items()}


def case_of(change: DistrictChange) -> Case:
    """For pages. Raises NotFound for a change of a list that takes one person."""
    if change.act not in BY_TWO or change.list not in LISTS:
        raise NotFound(_("없는 변경이에요. 목록을 새로 열어 확인해 주세요."))
    model: Any = LISTS[change.list]
    successor = change.act is DistrictAct.CLOSE and db.session.get(model, change.fields["successor"][1])
    return Case(change, db.session.get_one(model, change.subject_id), successor or None)


def subject_of(change_id: int) -> str:
    """Name of a change where it waits for a second person."""
    return f"district_change:{change_id}"


def held_change(subject: str) -> DistrictChange:
    """The change with this name, locked with its list. Raises NotFound."""
    change_id = int(subject.partition(":")[2])
    district.held(district.change(change_id).list)
    return district.change(change_id, lock=True)


def confirm(work: Work, change: DistrictChange) -> None:
    """Write down the second person. Raises Conflict for what waits no more, or too late."""
    if not change.waits or change.from_day <= local(work.at).date():
        raise Conflict(_("정한 날이 지났거나 거둔 변경이에요. 처음부터 다시 해 주세요."))
    change.confirmed_by_id, change.confirmed_at = work.actor.id, work.at


def _held(subject: str, signers: frozenset[int]) -> Case:
    people.held(*signers)
    return case_of(held_change(subject))


def _shown(case: Case) -> list[Any]:
    moves = counts(case.change.list, case.entry) if case.change.act is DistrictAct.CLOSE else {}
    return [case.change.fields, case.change.from_day, case.entry.name_ko,
            case.successor and case.successor.name_ko, moves]


def _confirm(work: Work, case: Case) -> None:
    entries = district.entries(case.change.list)
    confirm(work, case.change)
    if case.change.act is DistrictAct.CLOSE and (
            reason := operations.why_not_close(case.entry, case.successor, entries)):
        raise Conflict(reason)


CLOSING: TwoPeople[Case] = TwoPeople(
    name="district.closing", strength=Strength.STRICT, lasts=LASTS, may=lambda actor, _case: may_change_district(actor),
    held=_held, shown=_shown, signatory=people.signatory_of(Role.ADMINISTRATOR), proof=require_proof,
    held_for=people.held_for, carry_out=_confirm)
OWN_RULE = replace(CLOSING, name="district.rule")


def act_of(change: DistrictChange) -> TwoPeople[Case]:
    """Act that a second person confirms."""
    return CLOSING if change.act is DistrictAct.CLOSE else OWN_RULE
