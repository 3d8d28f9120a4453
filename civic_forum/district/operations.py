"""Carrying out what was decided, inside the caller's transaction."""

from collections.abc import Iterable
from typing import Any

from civic_forum.platform.i18n import _
from civic_forum.platform.settings import SETTINGS
from civic_forum.platform.work import Work

from .events import Closing, Renamed
from .extensions import may_close, moving
from .models import Closable, Department, DistrictChange
from .rules import DistrictAct, DistrictList


def apply(work: Work, change: DistrictChange, entries: dict[int, Any]) -> None:
    """Change and entries of its list are held."""
    _ACTS[change.act](work, change, entries)
    change.applied_at = None if change.withdrawn_at else work.at


def why_not_close(entry: Closable, successor: Closable | None, entries: Iterable[Closable]) -> str | None:
    """Reason against closing this entry with this successor, or None."""
    if not may_close(entry):
        return _("이미 닫았거나 닫을 수 없어요.")
    if not any(other.closed_at is None and other is not entry for other in entries):
        return _("마지막 하나예요. 이어받을 곳을 먼저 만들어 주세요.")
    if successor is None or successor.closed_at is not None:
        return _("이어받을 곳을 목록에서 골라 주세요.")
    return _("자기 자신에게 이어 줄 수는 없어요. 다른 곳을 골라 주세요.") if successor is entry else None


def _close(work: Work, change: DistrictChange, entries: dict[int, Any]) -> None:
    """Everything open moves in this one transaction; those closed before lead to the successor too. Of neighbourhoods
    each keeps that of its day: a vote asks for those of another one (`queries.place_at`)."""
    entry, successor = entries[change.subject_id], entries[change.fields["successor"][1]]
    if reason := why_not_close(entry, successor, entries.values()):
        change.withdrawn_at = work.at
        work.record("district.close_void", entry, change=change.id, reason=reason)
        return
    work.emit(Closing(change.list, entry.id, successor.id, change.fields.get("head", (None, None))[1]))
    moved = {name: kind.carry_over(work, entry.mark, successor.mark) for name, kind in moving(change.list).items()}
    for other in entries.values():
        if other.successor_id == entry.id and change.list is not DistrictList.NEIGHBOURHOODS:
            other.successor_id = successor.id
    entry.closed_at, entry.successor_id = work.at, successor.id
    work.emit(Renamed(change.list, entry.id, entry.name_ko, successor.name_ko))
    work.record("district.closed", entry, change=change.id, successor=successor.id, **moved)


def _rename(work: Work, change: DistrictChange, entries: dict[int, Any]) -> None:
    entry = entries[change.subject_id]
    before, words = entry.name_ko, entry.words
    for name, (_before, after) in change.fields.items():
        if name == "department_id" and after:  # closed since, perhaps
            after = work.session.get_one(Department, after).successor_id or after
        entry.set_field(name, after)
    renamed = any(name.startswith("name_") for name in change.fields)
    if renamed:
        entry.earlier = [*entry.earlier, [before, words, work.at.isoformat()]]
        work.emit(Renamed(change.list, entry.id, before, entry.name_ko))
    work.record("district.renamed" if renamed else "district.set", entry, change=change.id)


def _change(work: Work, change: DistrictChange, entries: dict[int, Any]) -> None:
    """The value, and all that follows from it."""
    setting = entries[change.subject_id]
    setting.earlier = [*setting.earlier, [setting.value, work.at.isoformat()]]
    setting.value = change.fields["value"][1]
    work.record("district.setting_changed", setting, change=change.id)
    SETTINGS[setting.name].carry_out(work, change.fields)


_ACTS = {DistrictAct.CLOSE: _close, DistrictAct.RENAME: _rename, DistrictAct.SET: _rename,
         DistrictAct.SET_BY_TWO: _rename, DistrictAct.CHANGE: _change, DistrictAct.CHANGE_BY_TWO: _change}
