"""An outcome on its way: written, approved by a second official, published, corrected."""

from civic_forum.accounts.models import User
from civic_forum.blocks.approval import Approval, declare
from civic_forum.district import queries as district
from civic_forum.platform.i18n import _l
from civic_forum.platform.work import Work

from .. import rules, steps
from ..events import OutcomePublished, OutcomeSentBack, OutcomeSubmitted
from ..models import Outcome, OutcomeVersion
from ..policy import RIGHTS, may_write
from ..queries import records, subjects
from ..queries.subjects import OutcomeCase
from ..rules import Decision, OutcomeText, Progress
from .text_checks import check_complete, text_given


def preview(case: OutcomeCase, text: OutcomeText, *, by: User) -> Outcome:
    """The outcome that `save` would keep, for its writer to look at; nothing is kept."""
    text, owner_id = text_given(text), case.owner_id or min(by.department_ids())
    outcome = Outcome(subject=case.subject, version=1, progress=Progress.PROMISED,
                      department=next(one for one in district.departments() if one.id == owner_id))
    steps.write(outcome, text)
    return outcome


def _held(outcome_id: int) -> tuple[OutcomeCase, Outcome]:
    """The thing that it is about first, as everywhere, then the outcome."""
    known = records.public(outcome_id)
    case = subjects.locked(known.subject, known.subject_id)
    return case, records.locked(outcome_id)


def _begin(work: Work, case: OutcomeCase) -> Outcome:
    if case.is_stale:
        work.session.delete(case.found)
        work.session.flush()
    return Outcome(subject=case.subject, subject_id=case.record.id,
                   department_id=case.department_id or min(work.actor.department_ids()))


def _published(work: Work, _case: OutcomeCase, outcome: Outcome) -> None:
    """Its subject follows, and who took part is told."""
    case = subjects.of(outcome)
    outcome.first_promised_on = outcome.promised_on
    steps.concern(work, case)
    steps.carry(work, case, steps.evidence(outcome),
                "outcome_postponed" if outcome.decision is Decision.POSTPONED else "outcome")
    steps.tell_the_way(work, case)


def _corrected(work: Work, case: OutcomeCase, outcome: Outcome, before: OutcomeText, why: str) -> None:
    if outcome.decision is before.decision:
        steps.note(work, case, why, "outcome_corrected")
    else:
        steps.carry(work, case, steps.evidence(outcome), "outcome_corrected")
    steps.tell_the_way(work, case)


APPROVAL = declare(Approval(
    rights=RIGHTS, may_write=may_write, model=Outcome, text=OutcomeText, versions=OutcomeVersion, details="content",
    kept=(*steps.FIELDS, "decision", "documents", "links"), rendered=("reasons", "what_follows"),
    why_least=rules.WHY_LEAST, why_most=rules.WHY_MOST, sent_back_most=rules.WHY_MOST,
    locked=lambda ref: subjects.locked(ref.kind, ref.id), held=_held, begin=_begin, check=text_given,
    check_complete=check_complete, write=steps.write, on_published=_published, on_corrected=_corrected,
    submitted=lambda outcome: OutcomeSubmitted(outcome.id),
    correction_submitted=lambda outcome: OutcomeSubmitted(outcome.id),
    sent_back=lambda outcome: OutcomeSentBack(outcome.id),
    published=lambda outcome: OutcomePublished(outcome.id, outcome.version),
    changed=_l("그 사이에 다른 담당자가 이 결과를 바꿨어요. 바뀐 내용을 확인한 뒤 다시 해 주세요.")))
save, submit, approve, send_back = APPROVAL.save, APPROVAL.submit, APPROVAL.approve, APPROVAL.send_back
correct, approve_correction = APPROVAL.correct, APPROVAL.approve_correction
send_back_correction = APPROVAL.send_back_correction
