"""Promises from before there was a ledger, and columns that older rules have written."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries import records as outcomes
from civic_forum.outcomes.queries import subjects
from civic_forum.outcomes.rules import Progress
from civic_forum.platform.work import Work, use_case

from .. import operations, promises, rules
from ..models import EDITION
from ..queries import records as queries
from ..rules import EntryKind, Status

AT_ONCE = 200
PROMISING: dict[str, Callable[[Work, Any], None]] = {
    "answer": promises.of_answer, "outcome": promises.of_outcome, "project": promises.of_project,
    "forum_decision": promises.of_decision,
}


def catch_up() -> int:
    """Make the commitments of what was promised before there was a ledger, and entries of the reports on outcomes, and
    write columns of older rules anew; each record in a transaction of its own, so that whoever stops goes on where it
    was. Returns how many records."""
    made = 0
    for kind in queries.UNKEPT:
        made += _one_by_one(partial(queries.unkept, kind), partial(_keep, kind))
    return made + _one_by_one(queries.reported, _take_over_reports) + _one_by_one(queries.outdated, _reckon)


def _one_by_one(find: Callable[[int, int], Sequence[int]], act: Callable[[Work, int], None]) -> int:
    count = after = 0
    while ids := find(after, AT_ONCE):
        for record_id in ids:
            with use_case(None) as work:
                act(work, record_id)
        count, after = count + len(ids), ids[-1]
    return count


def _keep(kind: str, work: Work, record_id: int) -> None:
    """The commitment of a thing; another worker that makes it at the same moment waits here and finds it made."""
    record = _locked(kind, record_id)
    if queries.made_of(kind, record_id) is None:
        PROMISING[kind](work, record)


def _reckon(work: Work, commitment_id: int) -> None:
    """Columns anew from the entries, as rules of today make them."""
    commitment = queries.locked(commitment_id)
    if commitment.edition < EDITION:
        promises.redate(work, commitment)
        operations.project(work, commitment, queries.ledger(commitment_id))


def _locked(kind: str, record_id: int) -> Any:
    return _locked_outcome(record_id) if kind == "outcome" else kinds.with_capability(kind, Decidable).locked(record_id)


def _locked_outcome(outcome_id: int) -> Outcome:
    """The thing that it is about first, as everywhere."""
    known = outcomes.public(outcome_id)
    subjects.locked(known.subject, known.subject_id)
    return outcomes.locked(outcome_id)


def _take_over_reports(work: Work, outcome_id: int) -> None:
    """Entries of the reports of an older site. Nothing moves and nobody is told by them: that happened then."""
    _locked_outcome(outcome_id)
    commitment_id, reports = queries.made_of("outcome", outcome_id), queries.reports(outcome_id)
    assert commitment_id is not None
    commitment = queries.locked(commitment_id)
    for report in reports:
        operations.put(work, commitment, EntryKind.LOG, report.on, {"text": report.text},
                       by_id=report.by_id).at = report.at
    spent = next((report for report in reversed(reports) if report.spent is not None), None)
    if spent is not None:
        lines = rules.with_executed(queries.ledger(commitment_id).lines, spent.on.year, spent.spent)
        operations.put(work, commitment, EntryKind.MONEY, spent.on, operations.money(lines, None), by_id=spent.by_id)
    done = next((report for report in reports if report.progress is Progress.DONE), None)
    if done is not None and commitment.status not in rules.OVER:
        content = {"status": Status.DONE, "why": ""}
        operations.put(work, commitment, EntryKind.STATUS, done.on, content, by_id=done.by_id)
    for report in reports:
        work.session.delete(report)
    work.record("commitments.reports_taken_over", commitment, reports=len(reports))
