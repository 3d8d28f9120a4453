"""Series: begun, their steps and what stands for them, next year's out of this year's in one act."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from civic_forum.accounts.models import User
from civic_forum.accounts.policy import is_moderator, prepares
from civic_forum.answers import operations as duties
from civic_forum.blocks import kinds, slugs
from civic_forum.blocks.kinds import Answerable
from civic_forum.blocks.process import Process
from civic_forum.budgets.process import PROCESS as ROUNDS
from civic_forum.district.models import Neighbourhood
from civic_forum.forums.policy import is_own_visit
from civic_forum.plans.policy import may_prepare as may_prepare_plan
from civic_forum.forums.preparing.process import PROCESS as FORUMS
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.i18n import Language, _, local, speaking
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.polls.process import PROCESS as POLLS

from . import labels, queries
from .models import Series, SeriesStep, SeriesThing
from .parts import Beginning, Step, Wording
from .policy import may_announce, may_prepare
from .process import PROCESS
from .rules import ASSEMBLY, PATTERN, SeriesKind

RESERVED = frozenset({"new", "next", "announcements"})
PROCESSES: Mapping[str, Process[Any]] = {"forum": FORUMS, "budget_round": ROUNDS, "poll": POLLS}
"""Kinds of things that stand for steps, each with how its drafts are made; a plan begins with a table of its own."""
_YEAR = re.compile(r"20\d\d")


def begin(beginning: Beginning, wording: Wording, day: date | None = None, *, by: User) -> Series:
    """A series that only those who prepare it see; an assembly has its eight steps around its `day`. Raises Refusal at
    the field, Conflict for a second assembly of a neighbourhood in one year, Denied."""
    with use_case(by) as work:
        series = _new(work, beginning, wording)
        _require_new(work, series)
        if series.kind is SeriesKind.ASSEMBLY:
            if day is None:
                raise Refusal(_("총회를 여는 날을 적어 주세요."), field="day")
            _pattern(work, series, day)
        work.record("series.made", series)
        return series


def _new(work: Work, beginning: Beginning, wording: Wording, after: Series | None = None) -> Series:
    series = Series(created_by_id=work.actor.id, created_at=work.at, after_id=after and after.id)
    beginning.write(series)
    wording.write(series)
    if series.kind is SeriesKind.YEARLY:
        series.slug = slugs.proposed(series.title, lambda end: queries.slugged(end) is not None,
                                     on=local(work.at).date(), reserved=RESERVED)
        return work.store(series)
    name = work.session.get_one(Neighbourhood, series.neighbourhood_id).name_ko
    series.slug = slugs.proposed(f"{series.year} {name}", lambda _end: False, on=local(work.at).date())
    if queries.slugged(series.slug) is not None:
        raise Conflict(_("이 동의 그해 주민총회가 이미 있어요."), field="neighbourhood_id")
    return work.store(series)


def _require_new(work: Work, series: Series) -> None:
    """Raises Denied for who may not begin it: an assembly only clerks of the neighbourhood, moderators, and the
    department that has had it."""
    actor, place = work.actor, series.neighbourhood_id
    require(actor, may_prepare, series)
    if series.kind is SeriesKind.ASSEMBLY and place is not None and not (
            is_moderator(actor) or place in actor.neighbourhood_ids()
            or queries.keeps_assemblies(place, actor.department_ids(), but=series.id)):
        raise Denied(_("주민총회는 그 동의 담당자와 해마다 맡아 온 부서, 운영자만 만들 수 있어요. 운영자에게 부탁해 주세요."))


def _pattern(work: Work, series: Series, day: date) -> None:
    with speaking(Language.KO):
        names = list(map(str, labels.STEPS))
    for number, (name, (first, last)) in enumerate(zip(names, PATTERN, strict=True), 1):
        work.session.add(SeriesStep(
            series_id=series.id, number=number, name=name, starts_on=day + timedelta(days=first),
            until_on=None if last is None else day + timedelta(days=last)))
    work.session.flush()


# Steps


def edit_step(series_id: int, number: int, part: Step, *, moves_rest: bool, version: int, by: User) -> SeriesStep:
    """Say a step anew; `moves_rest`: those behind it move by as many days. What stands for them keeps its own days,
    which people were told. Raises Refusal at the field, Conflict where somebody was faster, and for one that everybody
    sees where the notice before its vote would become too short."""
    with PROCESS.editing(series_id, version, may_prepare, by) as edit:
        step = queries.step(edit.record, number)
        before, was_short = step.starts_on, PROCESS.gaps(edit.record, edit.work.at)
        part.write(step)
        later = step.starts_on - before
        for other in edit.record.steps if moves_rest else ():
            if other.number > number:
                other.starts_on, other.until_on = other.starts_on + later, other.until_on and other.until_on + later
        if edit.record.announced_at and not was_short:
            PROCESS.refuse_gaps(edit.record, edit.work.at)
        edit.details |= {"part": "step", "number": number, "days": later.days, "moves_rest": moves_rest}
        return step


def move_step(series_id: int, number: int, day: date, *, version: int, by: User) -> SeriesStep:
    """Put a step of one day on another, all else as it is. Raises as `edit_step`."""
    step = queries.step(queries.locked(series_id), number)
    return edit_step(series_id, number, replace(Step.of_record(step), starts_on=day), moves_rest=False,
                     version=version, by=by)


def link(series_id: int, number: int, kind: str, name: str, *, version: int, by: User) -> SeriesThing:
    """Let a thing stand for a step. Whoever does it may prepare the thing already: whoever prepares the series may from
    now on. Raises Refusal at the field, Denied, Conflict for one that stands there."""
    if kind not in labels.PICKED:
        raise Refusal(_("하나를 골라 주세요."), field="kind")
    with PROCESS.editing(series_id, version, may_prepare, by) as edit:
        record: Any = kinds.of(kind).named(name)  # type: ignore[misc]
        if record is None:
            raise Refusal(_("찾을 수 없어요. 번호나 주소가 맞는지 보거나 다시 찾아 주세요."), field="thing")
        if not _may_prepare(by, kind, record):
            raise Denied(_("내가 준비할 수 있는 것만 이을 수 있어요."))
        step = queries.step(edit.record, number)
        if any((thing.kind, thing.record_id) == (kind, record.id) for thing in step.things):
            raise Conflict(_("이미 이은 것이에요."), field="thing")
        thing = SeriesThing(step_id=step.id, kind=kind, record_id=record.id)
        edit.work.session.add(thing)
        edit.details |= {"part": "thing", "number": number, "thing": f"{kind}:{record.id}"}
        return thing


def _may_prepare(actor: User, kind: str, record: Any) -> bool:
    """By rights of its own, not by those of a series."""
    if kind == "plan_version":
        return may_prepare_plan(actor, record.plan) is None
    return prepares(actor, record) or kind == "forum" and is_own_visit(actor, record)


def unlink(series_id: int, number: int, thing_id: int, *, version: int, by: User) -> None:
    """Let a thing stand for the step no longer; the thing stays as it is."""
    with PROCESS.editing(series_id, version, may_prepare, by) as edit:
        step = queries.step(edit.record, number)
        step.things = [thing for thing in step.things if thing.id != thing_id]
        edit.details |= {"part": "thing_removed", "number": number}


def count_for(series_id: int, target: str, *, version: int, by: User) -> None:
    """Let what is held in a series count for a yearly target of a commitment of its department (`queries.targets`), or
    for none. Raises Refusal at the field."""
    with PROCESS.editing(series_id, version, may_prepare, by) as edit:
        series, known = edit.record, queries.targets(edit.record)
        if target and (series.kind is not SeriesKind.YEARLY or target not in known):
            raise Refusal(_("이 부서의 약속에 있는 그해 목표를 골라 주세요."), field="target")
        commitment, label, goal = known[target] if target else (None, None, series.promised)
        series.commitment_id, series.target, series.promised = commitment and commitment.id, label, goal
        edit.details |= {"part": "target", "commitment": series.commitment_id}


def ask_departments(series_id: int, days: int, *, by: User) -> int:
    """Let the department of each chosen thing say within so many days what becomes of it; those that were asked already
    keep their day. How many were asked. Raises Refusal for other days, Denied."""
    with use_case(by) as work:
        series = queries.locked(series_id)
        require(by, may_prepare, series)
        waiting = [each for each in queries.chosen([series.id]) if each.department_id and not each.is_owed]
        for choice in sorted(waiting, key=lambda each: (each.ref.kind, each.ref.id)):
            kinds.with_capability(choice.ref.kind, Answerable).locked(choice.ref.id)
            duties.owe(work, choice.ref, choice.department_id or 0, days)
        work.record("series.asked", series, asked=len(waiting), days=days)
        return len(waiting)


# Next year


def prepare_next(year: int, days: Mapping[int, date], *, by: User) -> list[Series]:
    """Assemblies of the year after this one, out of those of this one with other days: steps, texts, and drafts of what
    stands for the steps. A neighbourhood that had none gets the usual steps. All or none. Raises Refusal at the table,
    Conflict where one is there already, Denied."""
    if not days:
        raise Refusal(_("동과 날짜를 한 줄에 하나씩 적어 주세요."), field="table")
    with use_case(by) as work:
        earlier = {series.neighbourhood_id: series for series in queries.to_lock(SeriesKind.ASSEMBLY, year)}
        drafts: dict[tuple[str, int], int] = {}
        return [_next(work, year + 1, place, earlier.get(place), day, drafts) for place, day in days.items()]


def _next(work: Work, year: int, place: int, earlier: Series | None, day: date,
          drafts: dict[tuple[str, int], int]) -> Series:
    beginning = Beginning(SeriesKind.ASSEMBLY, year, place)
    if earlier is None:
        name = work.session.get_one(Neighbourhood, place).name_ko
        series = _new(work, beginning, Wording(f"{year} {name} 주민총회", department_id=min(
            work.actor.department_ids(), default=None)))
    else:
        wording = Wording.of_record(earlier)
        series = _new(work, beginning, Wording(_in_year(earlier.title, year - earlier.year), wording.text,
                                               wording.department_id, wording.promised), earlier)
    _require_new(work, series)
    if day.year != year:
        raise Refusal(_("%(year)s년의 날짜를 적어 주세요.", year=year), field="table")
    if earlier is None or len(earlier.steps) < ASSEMBLY:
        _pattern(work, series, day)
    else:
        _copy_steps(work, earlier, series, day - earlier.steps[ASSEMBLY - 1].starts_on, drafts)
    work.record("series.made", series, after=series.after_id)
    return series


def _copy_steps(work: Work, earlier: Series, series: Series, later: timedelta,
                drafts: dict[tuple[str, int], int]) -> None:
    for step in earlier.steps:
        copy = work.store(SeriesStep(
            series_id=series.id, number=step.number, name=step.name, starts_on=step.starts_on + later,
            until_on=step.until_on and step.until_on + later))
        for thing in step.things:
            ref = thing.kind, thing.record_id
            if ref not in drafts and (draft := queries.copy_of(*ref, series.year) or _draft(
                    work, *ref, series.year - earlier.year, later)) is not None:
                drafts[ref] = draft
            if ref in drafts:
                work.session.add(SeriesThing(step_id=copy.id, kind=thing.kind, record_id=drafts[ref],
                                             copied_from=thing.record_id))


def _draft(work: Work, kind: str, record_id: int, years: int, later: timedelta) -> int | None:
    """Id of a draft after this thing; None of what this person may not make."""
    if (process := PROCESSES.get(kind)) is None:
        return None
    record: Any = process.locked(record_id)
    if process.copying is None or process.copying.may(work.actor) or not prepares(work.actor, record):
        return None
    made: Any = process.copied(work, record, _in_year(record.title, years), later.days)
    return made.id  # type: ignore[no-any-return]


def _in_year(title: str, years: int) -> str:
    """A title with each year in it so many years later."""
    return _YEAR.sub(lambda match: str(int(match[0]) + years), title)


def announce_year(year: int, *, by: User) -> int:
    """Let everybody see all assemblies of a year that are being prepared and theirs to announce; how many. Raises
    Conflict, with the name of the neighbourhood, for one that misses something."""
    with use_case(by) as work:
        waiting = [series for series in queries.to_lock(SeriesKind.ASSEMBLY, year)
                   if may_announce(by, series) is None]
        for series in waiting:
            for gap in PROCESS.gaps(series, work.at):
                raise Conflict(f"{series.title}: {gap.sentence}")
            PROCESS.make_public(work, series)
        return len(waiting)
