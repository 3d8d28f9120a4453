"""Closing an entry of the lists with a successor: asked by one administrator, confirmed by another, carried out on its
day."""

from datetime import date

from civic_forum.accounts.models import User
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.queries import people
from civic_forum.district import operations
from civic_forum.district import queries as district
from civic_forum.district.models import DistrictChange
from civic_forum.district.rules import DistrictAct, DistrictList
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.i18n import _
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from ..policy import may_change_district
from . import district as lists
from .by_two import CLOSING, Case, counts, subject_of

__all__ = ["CLOSING", "close", "counts"]


def close(of: DistrictList, entry_id: int, successor_id: int, *, why: str, from_day: date | None, seen: int,
          head_id: int | None = None, by: User) -> DistrictChange:
    """Ask for it; nothing moves before another administrator confirms and the day comes. `head_id`: who heads the
    successor, where both departments have a head. Raises Refusal for a successor that cannot be, Conflict as
    `rename`."""
    why = lists.reason(why)
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_change_district)
        require_proof(by, work.at)
        entries = {entry.id: entry for entry in district.held(of)}
        entry, successor = entries.get(entry_id), entries.get(successor_id)
        if entry is None:
            raise NotFound(_("목록에 없어요. 새로 열어 확인해 주세요."))
        if reason := operations.why_not_close(entry, successor, entries.values()):
            raise Refusal(reason, field="successor")
        waiting = lists.fresh(of, entry, seen)
        if any(change.act is DistrictAct.CLOSE and (change.subject_id == successor_id or entry_id in
                                                    change.fields["successor"]) for change in waiting.values()):
            raise Conflict(_("이어받을 곳이나 이곳에 이미 정한 변경이 있어요. 먼저 그 변경을 거둬 주세요."), field="successor")
        change = lists.note(work, of, entry, DistrictAct.CLOSE, why,
                            {"successor": [None, successor.id]} | _head(of, entry.id, successor.id, head_id),
                            from_day=lists.checked_day(from_day, work))
        CLOSING.begin(work, subject_of(change.id), Case(change, entry, successor))
        work.record("district.closing_proposed", entry, change=change.id, successor=successor.id)
        return change


def _head(of: DistrictList, entry_id: int, successor_id: int, head_id: int | None) -> dict[str, list]:
    """Field of who heads the successor. Raises Refusal where two could and none of them was chosen."""
    heads = set(people.heads_of(entry_id, successor_id).values()) if of is DistrictList.DEPARTMENTS else set()
    if len(heads) == 2 and head_id not in heads:
        raise Refusal(_("두 부서에 모두 부서장이 있어요. 누가 이어서 맡는지 골라 주세요."), field="head")
    return {"head": [None, head_id if head_id in heads else heads.pop()]} if heads else {}
