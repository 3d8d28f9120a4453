"""Correcting what was published: what it said before stays to be read."""

from dataclasses import asdict
from datetime import date

from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.kernel.text_checks import words_given
from civic_forum.kernel.policy import require
from civic_forum.kernel.work import Work, use_case

from .. import policy, rules, steps
from ..events import OutcomeSubmitted
from ..models import Outcome
from ..queries import records, subjects
from ..rules import Decision, OutcomeText
from .text_checks import changed_meanwhile, check_complete, text_given


def correct(outcome_id: int, text: OutcomeText, *, why: str, seen: int, by: User) -> Outcome:
    """Write the next version and why; a second official approves it where the setting says so."""
    why, text = words_given(why, rules.WHY_LEAST, rules.WHY_MOST, "why"), text_given(text)
    with use_case(by) as work:
        case = locked_case(outcome_id)
        outcome = case.outcome
        require(by, policy.may_correct, outcome)
        if outcome.version != seen:
            raise changed_meanwhile()
        check_complete(text, case)
        outcome.correction = _kept(text) | {"why": why, "by_id": by.id, "at": work.at.isoformat()}
        outcome.written_by_id, outcome.written_at = by.id, work.at
        work.record("outcomes.corrected", outcome)
        if current_app.config["ANSWERS_NEED_APPROVAL"]:
            work.emit(OutcomeSubmitted(outcome.id))
        else:
            _put_in_place(work, case)
        return outcome


def approve_correction(outcome_id: int, *, seen: str, by: User) -> Outcome:
    """Publish the next version exactly as it was read: `seen` is when it was written."""
    with use_case(by) as work:
        case = locked_case(outcome_id)
        require(by, policy.may_approve_correction, case.outcome)
        if case.outcome.correction["at"] != seen:
            raise changed_meanwhile()
        case.outcome.approved_by_id = by.id
        _put_in_place(work, case)
        return case.outcome


def send_back_correction(outcome_id: int, *, by: User) -> Outcome:
    """The correction is given up; what was published stays."""
    with use_case(by) as work:
        case = locked_case(outcome_id)
        require(by, policy.may_send_back_correction, case.outcome)
        case.outcome.correction = None
        work.record("outcomes.gave_up_correction", case.outcome)
        return case.outcome


def locked_case(outcome_id: int) -> subjects.OutcomeCase:
    """The thing that it is about first, as everywhere, then the outcome."""
    known = records.public(outcome_id)
    case = subjects.locked(known.subject, known.subject_id)
    records.locked(outcome_id)
    return case


def _kept(text: OutcomeText) -> dict:
    return asdict(text) | {"decided_on": text.decided_on.isoformat(),
                           "promised_on": text.promised_on and text.promised_on.isoformat()}


def given_back(kept: dict) -> OutcomeText:
    """A correction as it was typed."""
    names = OutcomeText.__dataclass_fields__
    dated = {name: kept[name] and date.fromisoformat(kept[name]) for name in ("decided_on", "promised_on")}
    return OutcomeText(**{name: kept[name] for name in names} | dated | {"decision": Decision(kept["decision"])})


def _put_in_place(work: Work, case: subjects.OutcomeCase) -> None:
    given = case.outcome.correction
    steps.put_in_place(work, case, given_back(given), why=given["why"], by_id=given["by_id"])
