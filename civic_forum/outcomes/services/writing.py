"""An outcome on its way: written, submitted, approved by a second official, published."""

from flask import current_app

from civic_forum.accounts.models import User
from civic_forum.district import queries as district
from civic_forum.kernel.policy import require
from civic_forum.kernel.text_checks import words_given
from civic_forum.kernel.work import Work, use_case

from .. import policy, rules, steps
from ..events import OutcomeSentBack, OutcomeSubmitted
from ..models import Outcome
from ..queries import subjects
from ..queries.subjects import OutcomeCase
from ..rules import OutcomeState, OutcomeText, Progress
from .text_checks import changed_meanwhile, check_complete, text_given


def save(subject: str, subject_id: int, text: OutcomeText, *, seen: int, by: User) -> Outcome:
    """Keep what was typed inside the department. `seen` is the version that the writer had before them, 0 for none."""
    text = text_given(text)
    with use_case(by) as work:
        return _saved(work, subjects.locked(subject, subject_id), text, seen)


def preview(case: OutcomeCase, text: OutcomeText, *, by: User) -> Outcome:
    """The outcome that `save` would keep, for its writer to look at; nothing is kept."""
    text, owner_id = text_given(text), case.owner_id or min(by.department_ids())
    outcome = Outcome(subject=case.subject, version=1, progress=Progress.PROMISED,
                      department=next(one for one in district.departments() if one.id == owner_id))
    steps.write(outcome, text)
    return outcome


def submit(subject: str, subject_id: int, text: OutcomeText, *, seen: int, by: User) -> Outcome:
    """Hand it to a second official of the department, or publish it where the setting of answers asks for none."""
    text = text_given(text)
    with use_case(by) as work:
        case = subjects.locked(subject, subject_id)
        require(by, policy.may_write, case)
        check_complete(text, case)
        outcome = _saved(work, case, text, seen)
        if not current_app.config["ANSWERS_NEED_APPROVAL"]:
            steps.publish(work, subjects.of(outcome))
            return outcome
        outcome.state = OutcomeState.AWAITING_APPROVAL
        work.record("outcomes.submitted", outcome)
        work.emit(OutcomeSubmitted(outcome.id))
        return outcome


def approve(subject: str, subject_id: int, *, seen: int, by: User) -> Outcome:
    """Publish what another official wrote, exactly as it was read."""
    with use_case(by) as work:
        case = subjects.locked(subject, subject_id)
        require(by, policy.may_approve, case)
        if case.outcome.version != seen:
            raise changed_meanwhile()
        case.outcome.approved_by_id = by.id
        steps.publish(work, case)
        return case.outcome


def send_back(subject: str, subject_id: int, *, seen: int, why: str = "", by: User) -> Outcome:
    """Send back what waits for approval: it becomes a draft again, just as it was read; its writer hears of it. Who
    wrote it takes it back without saying why."""
    with use_case(by) as work:
        case = subjects.locked(subject, subject_id)
        require(by, policy.may_send_back, case)
        outcome = case.outcome
        if outcome.version != seen:
            raise changed_meanwhile()
        is_own = by.id == outcome.written_by_id
        why = words_given(why, 0 if is_own else rules.WHY_LEAST, rules.WHY_MOST, "reason")
        outcome.state, outcome.sent_back_why = OutcomeState.DRAFT, why or None
        outcome.version += 1
        work.record("outcomes.sent_back", outcome)
        work.emit(OutcomeSentBack(outcome.id))
        return outcome


def _saved(work: Work, case: OutcomeCase, text: OutcomeText, seen: int) -> Outcome:
    require(work.actor, policy.may_write, case)
    if (case.outcome.version if case.outcome else 0) != seen:
        raise changed_meanwhile()
    if case.is_stale:
        work.session.delete(case.found)
        work.session.flush()
    outcome = case.outcome or Outcome(
        subject=case.subject, subject_id=case.record.id, state=OutcomeState.DRAFT, version=0,
        department_id=case.department_id or min(work.actor.department_ids()))
    steps.write(outcome, text)
    outcome.version += 1
    outcome.written_by_id, outcome.written_at = work.actor.id, work.at
    work.session.add(outcome)
    work.session.flush()
    work.record("outcomes.saved", outcome)
    return outcome
