"""Cases of the desk: given to departments, passed on, completed, carried out, their days reckoned."""


from civic_forum.accounts.models import AccessRecord, User
from civic_forum.accounts.rules import LOOK_UP_LEAST, LOOK_UP_MOST
from civic_forum.district import queries as district
from civic_forum.district.models import Department
from civic_forum.journeys import operations as journeys
from civic_forum.platform.errors import Conflict, Refusal, existing
from civic_forum.platform.i18n import _, local
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import records as proposals_queries
from civic_forum.proposals.rules import Mover, State, allowed, is_over

from .. import operations, personal_data, policy, rules
from ..events import (CompletionRequested, DutyChanged, ProposalAssigned, ProposalCarriedOn, ProposalReferred,
                      ProposalReturned, ReferralUndone)
from ..models import Assignment, DutyPause, Referral
from ..queries import records as queries
from ..queries.records import AnswerCase
from ..rules import AnswerState, AssignmentState, DutyEnd


def assign(proposal_id: int, department_id: int, *, note: str = "", by: User) -> Assignment:
    """Give it to the department that answers; whichever had it before has it no more."""
    note = words_given(note, 0, rules.NOTE_MOST, "note")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_assign, case)
        department = _department(work, department_id)
        if case.lead is not None and case.lead.department_id == department.id:
            raise Conflict(_("이미 %(name)s에서 맡고 있어요.", name=department.name))
        _end_draft(work, case)
        for assignment in case.at_work:
            if assignment.is_lead or assignment.department_id == department.id:
                _end(work, assignment, AssignmentState.ENDED)
        return _assigned(work, case, department.id, is_lead=True, state=AssignmentState.ASKED, note=note)


def ask_department(proposal_id: int, department_id: int, *, note: str, by: User) -> Assignment:
    """Ask another department what it thinks; the answer stays with the one that has it."""
    note = words_given(note, 1, rules.NOTE_MOST, "note")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_ask_department, case)
        department = _department(work, department_id)
        if any(assignment.department_id == department.id for assignment in case.at_work):
            raise Conflict(_("이미 %(name)s에서 보고 있어요.", name=department.name))
        return _assigned(work, case, department.id, is_lead=False, state=AssignmentState.ASKED, note=note)


def take(proposal_id: int, *, by: User) -> Assignment:
    """Take what was given to the own department, or what nobody has."""
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_take, case)
        nobody_has_it = case.lead is None
        own = [assignment for assignment in case.at_work if assignment.department_id in by.department_ids()
               and (nobody_has_it or assignment.state is AssignmentState.ASKED)]
        if own:
            own[0].state, own[0].is_lead = AssignmentState.TAKEN, own[0].is_lead or nobody_has_it
            work.record("answers.took", case.proposal, department=own[0].department_id)
            return own[0]
        department = _department(work, min(by.department_ids()))
        return _assigned(work, case, department.id, is_lead=True, state=AssignmentState.TAKEN, note="")


def give_back(proposal_id: int, *, note: str, by: User) -> Assignment:
    """Say why it is not for the own department, or what it thinks; the others read the note."""
    note = words_given(note, 1, rules.NOTE_MOST, "note")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_return, case)
        own = next(assignment for assignment in case.at_work if assignment.department_id in by.department_ids())
        if own.is_lead:
            _end_draft(work, case)
        own.note = note
        _end(work, own, AssignmentState.RETURNED)
        work.record("answers.gave_back", case.proposal, department=own.department_id)
        if own.is_lead:
            work.emit(ProposalReturned(proposal_id, own.id))
        work.emit(DutyChanged(proposal_id))
        return own


def refer(proposal_id: int, *, to: str, note: str, as_complaint: bool, by: User) -> Referral:
    """Pass on as a civil complaint or to another body; out of the duty, and the author is told."""
    to = words_given(to, rules.TO_LEAST, rules.TO_MOST, "to")
    note = words_given(note, rules.ASKED_LEAST, rules.ASKED_MOST, "note")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_refer, case)
        proposal = case.proposal
        _end_draft(work, case)
        referral = Referral(proposal_id=proposal.id, as_complaint=as_complaint, to=to, note=note, at=work.at,
                            by_id=by.id)
        work.session.add(referral)
        operations.end_duties(work.session, queries.open_duties(proposal.id), DutyEnd.REFERRED, at=work.at)
        operations.end_assignments(work.session, case, at=work.at)
        link = f"/proposals/{proposal.number}#referral"
        if proposal.state is State.IN_AGENDA or not allowed(proposal.state, Mover.OFFICIAL, State.ANSWERED):
            journeys.add(work.session, proposal.journey_id, "referred", at=work.at, evidence=to, link=link)
        else:
            operations.answered(work.session, proposal, at=work.at, evidence=_("%(to)s 소관이라 넘겼어요", to=to), link=link)
        work.record("answers.referred", proposal, as_complaint=as_complaint)
        work.emit(ProposalReferred(proposal.id))
        return referral


def undo_referral(proposal_id: int, *, reason: str, by: User) -> Referral:
    """Back to where it was: its state, its duty without the time away, and the department that had it."""
    reason = words_given(reason, rules.ASKED_LEAST, rules.NOTE_MOST, "reason")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_undo_referral, case)
        referral, proposal, had_it = case.passed_on, case.proposal, case.passed_on_by
        duties = operations.resume_duties(work.session, proposal_id, DutyEnd.REFERRED)
        proposals.end_answered(work.session, proposal, _before(case, proposal, bool(duties)))
        referral.undone_at, referral.undone_by_id, referral.undone_reason = work.at, by.id, reason
        work.session.flush()
        for duty in duties:
            operations.reckon(duty)
        journeys.add(work.session, proposal.journey_id, "referral_undone", at=work.at, evidence=reason,
                     link=f"/proposals/{proposal.number}#referral")
        work.record("answers.undid_referral", proposal)
        if had_it is not None and case.lead is None:
            department_id = district.department_now(had_it.department_id)
            own = department_id in by.department_ids()
            _assigned(work, case, department_id, is_lead=True, note="",
                      state=AssignmentState.TAKEN if own else AssignmentState.ASKED)
        work.emit(ReferralUndone(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return referral


def _before(case: AnswerCase, proposal: Proposal, is_owed: bool) -> State:
    """The state that passing it on took it out of."""
    if is_owed or proposal.threshold_reached_at is not None or case.filing is not None:
        return State.ANSWER_DUE
    had_ended = is_over(State.GATHERING, proposal.gathering_ends_at, case.passed_on.at)
    return State.LAPSED if had_ended else State.GATHERING


def see_contact(proposal_id: int, *, reason: str, by: User) -> tuple[str, str]:
    """Real name and contact of a formal proposal; that somebody looked, and why, is written down."""
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_see_contact, case)
        reason = words_given(reason, LOOK_UP_LEAST, LOOK_UP_MOST, "reason")
        work.session.add(AccessRecord(by_id=by.id, user_id=case.proposal.author_id, reason=reason, at=work.at))
        work.record("answers.saw_contact", case.proposal)
        return personal_data.unsealed(case.filing)


def ask_completion(proposal_id: int, *, asked: str, by: User) -> DutyPause:
    """Ask the author for what is missing; the clock stands still from today."""
    asked = words_given(asked, rules.ASKED_LEAST, rules.ASKED_MOST, "asked")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_ask_completion, case)
        today = local(work.at).date()
        pause = DutyPause(duty_id=case.duty.id, asked=asked, from_day=today, asked_by_id=by.id)
        work.session.add(pause)
        case.duty.paused_on = today
        journeys.add(work.session, case.proposal.journey_id, "completion", at=work.at,
                     link=f"/proposals/{case.proposal.number}#answers")
        work.record("answers.asked_completion", case.proposal)
        work.emit(CompletionRequested(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return pause


def carry_on(proposal_id: int, *, evidence: str, by: User) -> Proposal:
    """Decided → being carried out → done, each with what shows it."""
    evidence = words_given(evidence, rules.EVIDENCE_LEAST, rules.EVIDENCE_MOST, "evidence")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_carry_on, case)
        after = State.IN_PROGRESS if case.proposal.state is State.DECIDED else State.DONE
        proposals.move(work.session, case.proposal, after, Mover.OFFICIAL, at=work.at, evidence=evidence)
        work.record("answers.carried_on", case.proposal, state=after)
        work.emit(ProposalCarriedOn(proposal_id, evidence, after is State.DONE))
        return case.proposal


def locked_case(proposal_id: int) -> queries.AnswerCase:
    """Raises NotFound."""
    return queries.case(proposals_queries.locked(proposal_id))


def _department(work: Work, department_id: int) -> Department:
    return existing(district.open_department(department_id), lambda: Refusal(_("부서를 골라 주세요."), field="department"))


def _assigned(work: Work, case: AnswerCase, department_id: int, *, is_lead: bool, state: AssignmentState,
              note: str) -> Assignment:
    made = operations.assign(work.session, case.proposal.id, department_id, is_lead=is_lead, state=state, note=note,
                             at=work.at, by_id=work.actor.id)
    work.record("answers.assigned", case.proposal, department=department_id, lead=is_lead)
    work.emit(ProposalAssigned(case.proposal.id, department_id, is_lead))
    return made


def _end(work: Work, assignment: Assignment, state: AssignmentState) -> None:
    assignment.state, assignment.ended_at = state, work.at
    work.session.flush()


def _end_draft(work: Work, case: AnswerCase) -> None:
    """End the draft of a department: the next one does not read it."""
    if case.draft is not None and case.draft.state is not AnswerState.PUBLISHED:
        work.session.delete(case.draft)
        work.session.flush()


def reckon() -> int:
    """Bring the last day of every running clock in line with the holidays as they are known now; how many moved."""
    with use_case(None) as work:
        return operations.reckon_running(work)
