"""Acts of offices that have no sample account of their own, written down by the steps of their features."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from civic_forum.accounts.models import User
from civic_forum.answers.queries import records as answer_queries
from civic_forum.answers import operations as answers
from civic_forum.outcomes import operations as outcomes
from civic_forum.outcomes.services import APPROVAL
from civic_forum.answers.events import AnswerPublished, DutyChanged, ProposalAssigned
from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerKind, AnswerOutcome, AnswerState, AssignmentState, Disclosure
from civic_forum.attachments import services as attachments
from civic_forum.ballots.officers import services as officers
from civic_forum.blocks import kinds
from civic_forum.commitments import operations as commitments
from civic_forum.commitments.queries import records as promises
from civic_forum.commitments.rules import EntryKind
from civic_forum.commitments.services.entries import told_of
from civic_forum.platform.base import db
from civic_forum.platform import rich_text
from civic_forum.platform.i18n import local
from civic_forum.platform.work import Work, use_case
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries import subjects
from civic_forum.outcomes.rules import OutcomeState, OutcomeText, Side
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Mover, State

from . import pictures


@dataclass(frozen=True)
class GivenAnswer:
    """An answer as a department gave it."""

    kind: AnswerKind
    outcome: AnswerOutcome | None
    text: str
    document_number: str | None
    team: str | None
    disclosure: Disclosure = Disclosure.OPEN


def name_officer(position: str, *, by: User) -> None:
    """The account runs every vote from now on."""
    officers.grant_by_command(by, position)


def move_proposal(proposal_id: int, state: State, mover: Mover, evidence: str | None = None) -> None:
    with use_case(None) as work:
        proposals.move(work.session, db.session.get_one(Proposal, proposal_id), state, mover, at=work.at,
                       evidence=evidence)


def assign(proposal_id: int, department_id: int, asked: Sequence[int] = (), note: str = "", *, by: User) -> None:
    """The department that has to answer takes it, and asks those that know more."""
    with use_case(None) as work:
        _assign(work, proposal_id, department_id, by)
        for other_id in asked:
            _assign(work, proposal_id, other_id, by, note)


def publish_answer(proposal_id: int, department_id: int, content: GivenAnswer, *, by: User) -> Answer:
    """The answer as it was given, at the moment to which the clock is set."""
    with use_case(None) as work:
        proposal = work.session.get_one(Proposal, proposal_id)
        if answer_queries.case(proposal).lead is None:
            _assign(work, proposal_id, department_id, by)
        answer = Answer(
            proposal=proposal, department_id=department_id, kind=content.kind, outcome=content.outcome,
            state=AnswerState.PUBLISHED, text=content.text, document_number=content.document_number,
            dated_on=local(work.at).date(), team=content.team, disclosure=content.disclosure, written_by=by,
            written_at=work.at, submitted_at=work.at, published_at=work.at, text_html=rich_text.render(content.text))
        work.session.add(answer)
        work.session.flush()
        answers.publish(work.session, proposal, answer, at=work.at)
        work.record("answers.published", proposal, answer=answer.id)
        work.emit(AnswerPublished(answer.id, proposal_id, answer.version))
        work.emit(DutyChanged(proposal_id))
        return answer


def _assign(work: Work, proposal_id: int, department_id: int, by: User, note: str | None = None) -> None:
    """As the one that leads; with a note, as one that is asked."""
    leads = note is None
    answers.assign(work.session, proposal_id, department_id, is_lead=leads, note=note or "", at=work.at, by_id=by.id,
                   state=AssignmentState.TAKEN if leads else AssignmentState.ASKED)
    work.emit(ProposalAssigned(proposal_id, department_id, leads))


def publish_outcome(kind: str, department_id: int, text: OutcomeText, slug: str | None = None,
                    subject_id: int | None = None, *, by: User) -> Outcome:
    """Of an agenda or a poll by its address, of a proposal by its number."""
    with use_case(None) as work:
        case = subjects.locked(kind, subject_id or kinds.of(kind).named(slug).id)
        outcome = Outcome(subject=case.subject, subject_id=case.record.id, department_id=department_id,
                          state=OutcomeState.DRAFT, written_by_id=by.id, written_at=work.at)
        outcomes.write(outcome, text)
        work.session.add(outcome)
        work.session.flush()
        APPROVAL.publish(work, subjects.of(outcome), outcome)
        return outcome


def log(outcome_id: int, text: str, on: date, *, by: User) -> None:
    """Something that was done of what an outcome promised."""
    with use_case(None) as work:
        commitment_id = promises.of_outcome(outcome_id).id
        promises.hold_origins(commitment_id)
        commitment = promises.locked(commitment_id)
        made = commitments.put(work, commitment, EntryKind.LOG, on, {"text": text}, by_id=by.id)
        commitments.follow_up(work, commitment, made, promises.ledger(commitment.id), told_of(made))


def illustrate(outcome_id: int, side: Side, place: str, description: str, *, by: User) -> None:
    """A drawn picture of a place before or after what an outcome promised."""
    prepared = attachments.prepare(pictures.then_or_now(place, side.value))
    with use_case(by) as work:
        outcomes.illustrate(work, work.session.get_one(Outcome, outcome_id), side, prepared, description)


def correct_outcome(outcome_id: int, what_follows: str, promised_on: date, why: str, *, by: User) -> None:
    with use_case(None) as work:
        case = _locked(outcome_id)
        attributes = {name: getattr(case.found, name) for name in (*outcomes.FIELDS, "decision", "documents", "links")}
        text = replace(OutcomeText(**attributes), what_follows=what_follows, promised_on=promised_on)
        APPROVAL.put_in_place(work, case, case.found, text, why=why, by_id=by.id)


def _locked(outcome_id: int) -> subjects.OutcomeCase:
    known = db.session.get_one(Outcome, outcome_id)
    return subjects.locked(known.subject, known.subject_id)
