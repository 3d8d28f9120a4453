"""Settings of the district: decided by one administrator, or by two, from a day on."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.accounts.operations import require_proof
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import Role
from civic_forum.blocks.two_people import Strength, TwoPeople
from civic_forum.district import queries as district
from civic_forum.district.models import DistrictChange
from civic_forum.district.rules import DistrictAct, DistrictList
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.settings import SETTINGS, DistrictSetting, Setting
from civic_forum.platform.work import Work, use_case

from ..policy import may_change_district
from . import district as lists
from .by_two import LASTS, confirm, held_change, subject_of

log = logging.getLogger(__name__)
FROM_FILE = "서버의 설정 파일에 있던 값이에요."
"""Reason of what was taken over from the machine, as it stands in the history."""


@dataclass(frozen=True)
class Case:
    """A change with the setting that it is of."""

    change: DistrictChange
    row: DistrictSetting

    @property
    def setting(self) -> Setting:
        return SETTINGS[self.row.name]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A value as it is typed, and why; both are public."""

    text: str
    why: str
    words: Mapping[str, str] = field(default_factory=dict)
    """Code of another language → the text in it."""
    standing: bool = False
    """Given to those as well that began before."""


def declared(name: str) -> Setting:
    """Raises NotFound."""
    if name not in SETTINGS:
        raise NotFound(_("그런 결정은 없어요. 목록에서 골라 주세요."))
    return SETTINGS[name]


def rows() -> dict[str, DistrictSetting]:
    """By name; nothing of what nobody has decided."""
    return {row.name: row for row in db.session.scalars(sa.select(DistrictSetting))}


def decide(name: str, decision: Decision, *, from_day: date | None, seen: int, by: User) -> DistrictChange:
    """Decide a setting from a day on, tomorrow at the earliest; what takes two waits for another administrator. `seen`:
    its last change that the page knew. Raises Refusal for what it cannot be, Conflict as `lists.rename`."""
    setting, why = declared(name), lists.reason(decision.why)
    after = setting.shape.check(decision.text, decision.words)
    with use_case(by) as work:
        require(people.held(by.id)[by.id], may_change_district)
        if setting.by_two:
            require_proof(by, work.at)
        row = _held(work, setting)
        waiting = lists.fresh(DistrictList.SETTINGS, row, seen)
        day = lists.checked_day(from_day, work)
        _refuse(setting, row, after, day, waiting)
        fields = {"value": [row.value, after]}
        if decision.standing and setting.standing and setting.standing.is_offered(row.value, after):
            fields["standing"] = [False, True]
        act = DistrictAct.CHANGE_BY_TWO if setting.by_two else DistrictAct.CHANGE
        change = lists.note(work, DistrictList.SETTINGS, row, act, why, fields, from_day=day)
        if setting.by_two:
            BOTH.begin(work, subject_of(change.id), Case(change, row))
        work.record("district.setting_decided", row, change=change.id)
        return change


def effect(name: str, decision: Decision) -> str:
    """Sentence on those that began before, if they got the new value now. Raises Refusal."""
    setting = declared(name)
    after = setting.shape.check(decision.text, decision.words)
    return setting.standing.effect(after) if setting.standing else ""


def case_of(change: DistrictChange) -> Case:
    """For pages. Raises NotFound for a change of something else."""
    if change.list is not DistrictList.SETTINGS:
        raise NotFound(_("없는 변경이에요. 목록을 새로 열어 확인해 주세요."))
    return Case(change, db.session.get_one(DistrictSetting, change.subject_id))


def ignored() -> list[Setting]:
    """Settings that the machine's file or variables say, though the district has decided them."""
    return [SETTINGS[name] for name in sorted(rows().keys() & _told())]


def _told() -> dict[str, Setting]:
    """Those that the machine says."""
    return {name: setting for name, setting in SETTINGS.items()
            if current_app.config["GIVEN"].intersection(setting.machine_names)}


def take_over() -> list[str]:
    """Make data of what the machine's file or variables say and nobody has decided yet; those that count no more."""
    known, told = rows().keys(), _told()
    if told.keys() <= known:
        return sorted(told)
    with use_case(None) as work:
        for name in sorted(told.keys() - known):
            row = _row(work, told[name])
            work.session.add(DistrictChange(
                list=DistrictList.SETTINGS, subject_id=row.id, act=DistrictAct.MAKE, why=FROM_FILE,
                fields={"value": [None, row.value]}, by_id=None, from_day=local(work.at).date(),
                made_at=work.at, applied_at=work.at))
            work.record("district.setting_taken_over", row)
    return sorted(told.keys() & known)


def _held(work: Work, setting: Setting) -> DistrictSetting:
    """The setting, locked with all others. Where nobody had decided, it and those with which it is compared stand as
    the machine says them, in one order: two who decide such at once meet there."""
    held = {row.name: row for row in district.held(DistrictList.SETTINGS)}
    held |= {name: _row(work, SETTINGS[name]) for name in sorted({setting.name, *setting.compared} - held.keys())}
    return held[setting.name]


def _row(work: Work, setting: Setting) -> DistrictSetting:
    return work.store(DistrictSetting(name=setting.name, value=setting.machine_value, earlier=[]))


def _refuse(setting: Setting, row: DistrictSetting, after: Any, day: date, waiting: dict[int, DistrictChange]) -> None:
    if setting.shape.read(after) == setting.shape.read(row.value):
        raise Refusal(_("지금과 같아요."), field="text")

    def of(name: str) -> list[Any]:
        other = rows()[name]
        return [other.value, *(waiting[id_].fields["value"][1] for id_ in waiting if id_ == other.id)]

    if reason := setting.why_not(row.value, after, day) or setting.contradiction(after, of):
        raise Refusal(reason, field="text")


def _case_held(subject: str, signers: frozenset[int]) -> Case:
    people.held(*signers)
    return case_of(held_change(subject))


BOTH: TwoPeople[Case] = TwoPeople(
    name="district.setting", strength=Strength.STRICT, lasts=LASTS, may=lambda actor, _case: may_change_district(actor),
    held=_case_held, shown=lambda case: [case.row.name, case.change.fields, case.change.from_day],
    signatory=people.signatory_of(Role.ADMINISTRATOR), proof=require_proof,
    held_for=people.held_for, carry_out=lambda work, case: confirm(work, case.change))
