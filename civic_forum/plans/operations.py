"""Actions of a version as the commitments that they become, inside the transaction that lets it be in force."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from civic_forum.blocks.kinds import Ref
from civic_forum.commitments import faults, handing, labels
from civic_forum.commitments import operations as commitments
from civic_forum.commitments.events import EntryProposed
from civic_forum.commitments.queries import records
from civic_forum.commitments.rules import WHY_LEAST, Entry, EntryKind, Ledger, Line
from civic_forum.platform import periods
from civic_forum.platform.i18n import _l, local
from civic_forum.platform.work import Work

from . import queries
from .events import PlanShown
from .models import PlanAction, PlanVersion
from .rules import BEFORE, LATER, Action, VersionState


@dataclass(frozen=True)
class Promise:
    """An action as the commitment that it becomes, or as the one that its key became in an earlier version."""

    row_id: int
    action: Action
    home_id: int | None
    """Department of the plan, which keeps a new commitment until the one that leads the action takes it."""
    department_id: int | None
    due_on: date | None
    lines: tuple[Line, ...]
    commitment_id: int | None = None
    earlier_id: int | None = None
    """Row of the action in the version in which it was said last."""
    seen: int | None = None
    """Version of that commitment."""
    ledger: Ledger | None = None

    @property
    def is_handed(self) -> bool:
        """True for a new one that another department is to take."""
        return self.commitment_id is None and self.department_id != self.home_id

    @property
    def changed(self) -> list[str]:
        """Words for what differs."""
        return [str(labels.ENTRY[kind]) for kind, _content in self.entries]

    @property
    def entries(self) -> Iterator[tuple[EntryKind, dict[str, Any]]]:
        """Entries for all that differs from the commitment that is there, each approved by itself: by its department,
        or by the one that is to take it."""
        ledger, action = self.ledger, self.action
        if self.is_handed:
            yield EntryKind.FACTS, {"department": self.department_id, "person": None, handing.FROM: self.home_id}
        if ledger is None or ledger.is_over:
            return
        facts = {name: value for name, value in (("title", action.title), ("department", self.department_id))
                 if ledger.facts.get(name) != value}
        if facts:
            handed = {"person": None} if "department" in facts else {}
            yield EntryKind.FACTS, facts | handed | {handing.FROM: ledger.facts.get("department")}
        if (lines := laid_over(ledger.lines, self.lines)) != ledger.lines:
            yield EntryKind.MONEY, commitments.money(lines, None)
        if self.due_on and ledger.due_on != self.due_on:
            why = commitments.in_korean(_l("계획의 새 판에서 날을 정했어요."))
            why = action.why_changed if len(action.why_changed) >= WHY_LEAST else why
            yield EntryKind.SLIP, {"to": self.due_on.isoformat(), "why": why}


def promises(version: PlanVersion) -> list[Promise]:
    """Every action of a version beside the commitment that its key is already."""
    known, plan, now = queries.promised(version.plan), version.plan, queries.departments_now()
    home_id = now.get(plan.department_id)
    ledgers = records.ledgers([commitment_id for commitment_id, _row in known.values()])
    seen = {commitment.id: commitment.version for commitment in queries.commitments(plan)} if known else {}
    made = []
    for row in version.actions:
        action = row.facts
        commitment_id, earlier_id = known.get(action.key, (None, None))
        made.append(Promise(
            row.id, action, home_id, now.get(action.department_id, home_id),
            periods.last_day(action.ends) if action.ends else None, lines_of(action, plan.year), commitment_id,
            earlier_id, seen.get(commitment_id or 0), ledgers.get(commitment_id or 0)))
    return made


def lines_of(action: Action, year: int) -> tuple[Line, ...]:
    """Its money as a ledger holds it: what has no year of its own stands in the year before the first, or after the
    last, under its name."""
    years = [line.year for line in action.money if line.year not in (BEFORE, LATER)] or [year]
    sums: dict[tuple[int, Any, str], int] = {}
    for line in action.money:
        placed = {BEFORE: (min(years) - 1, "기투자"), LATER: (max(years) + 1, "장래")}.get(line.year)
        key = (placed[0], line.source, placed[1]) if placed else (line.year, line.source, line.item)
        sums[key] = sums.get(key, 0) + line.amount
    return tuple(Line(*key, won, None, None) for key, won in sorted(sums.items(), key=lambda pair: pair[0][0]))


def laid_over(there: tuple[Line, ...], lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Lines of a ledger with the money of an action as what is planned; what was secured or spent stays."""
    known = {line.key: line for line in there}
    planned = {line.key: line.planned for line in lines}
    if {key: line.planned for key, line in known.items() if line.planned is not None} == planned:
        return there
    kept: Mapping[Any, Line] = {key: line for key, line in known.items() if key in planned
                                or line.secured is not None or line.executed is not None}
    blank = {line.key: line for line in lines}
    return tuple(Line(*key, planned.get(key), was.secured, was.executed)
                 for key, was in sorted((blank | kept).items(), key=lambda pair: pair[0][0]))


def put_in_force(work: Work, version: PlanVersion) -> None:
    """Let a version be in force: each action is a commitment of the plan's department. That another one leads it, or
    what differs from one that is there, waits for approval by itself; the commitment of what was dropped says so."""
    plan, today, known = version.plan, local(work.at).date(), queries.promised(version.plan)
    rows = promises(version)
    for other in plan.versions:
        if other.state is VersionState.IN_FORCE:
            other.state = VersionState.REPLACED
    work.session.flush()
    version.state, version.in_force_on, version.proposed_at = VersionState.IN_FORCE, today, None
    records.hold_origins(*sorted(commitment_id for commitment_id, _row in known.values()))
    for promise in sorted(rows, key=lambda row: row.commitment_id or 10**18):
        _keep(work, version, promise, today)
    keys = {promise.action.key for promise in rows}
    for key, (_commitment_id, row_id) in sorted(known.items(), key=lambda pair: pair[1]):
        if key not in keys:
            commitments.lose_origin(work, PlanAction.__tablename__, row_id, "dropped")
    work.emit(PlanShown(plan.id))


def _keep(work: Work, version: PlanVersion, promise: Promise, today: date) -> None:
    action = promise.action
    rows = [promise.row_id, *([promise.earlier_id] if promise.earlier_id else [])]
    commitment = commitments.keep(work, commitments.Promised(
        origins=[Ref(PlanAction.__tablename__, row_id) for row_id in rows], title=action.title, goal=action.need,
        department_id=promise.home_id, promised_on=min(version.decided_on or today, today),
        due_on=promise.due_on, lines=promise.lines,
        neighbourhood_ids=[place] if (place := action.neighbourhood_id or version.plan.neighbourhood_id) else []))
    commitment.plan_id = version.plan_id
    for kind, content in promise.entries:
        ledger = promise.ledger
        if ledger is not None and faults.fault(ledger, Entry(0, kind, today, content)) is not None:
            continue
        entry = commitments.put(work, commitment, kind, today, content, by_id=work.actor.id, waits=True)
        work.record("commitments.proposed", commitment, entry=entry.number)
        work.emit(EntryProposed(commitment.id, entry.number, content.get("department", commitment.department_id)))
