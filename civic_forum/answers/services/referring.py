"""Taking back that a proposal was passed on: it is answered here after all."""

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.proposals import operations as proposals
from civic_forum.platform.policy import require
from civic_forum.platform.work import Work, use_case
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State, is_over

from .. import policy, rules, steps
from ..events import DutyChanged, ProposalAssigned, ReferralUndone
from ..models import Referral
from ..queries import AnswerCase
from ..rules import AssignmentState, DutyEnd
from .text_checks import locked_case, words_given


def undo_referral(proposal_id: int, *, reason: str, by: User) -> Referral:
    """Back to where it was: its state, its duty without the time away, and the department that had it."""
    reason = words_given(reason, rules.ASKED_LEAST, rules.NOTE_MOST, "reason")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.triage.may_undo_referral, case)
        referral, proposal, had_it = case.passed_on, case.proposal, case.passed_on_by
        duty = steps.resume_duty(work.session, proposal_id, DutyEnd.REFERRED)
        proposals.end_answered(work.session, proposal, _before(case, proposal, duty is not None))
        referral.undone_at, referral.undone_by_id, referral.undone_reason = work.at, by.id, reason
        work.session.flush()
        if duty is not None:
            steps.reckon(duty)
        journeys.add(work.session, proposal.journey_id, "referral_undone", at=work.at, evidence=reason,
                     link=f"/proposals/{proposal.number}#referral")
        work.record("answers.undid_referral", proposal)
        if had_it is not None and case.lead is None:
            _give_again(work, proposal, had_it.department_id)
        work.emit(ReferralUndone(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return referral


def _before(case: AnswerCase, proposal: Proposal, is_owed: bool) -> State:
    """The state that passing it on took it out of."""
    if is_owed or proposal.threshold_reached_at is not None or case.filing is not None:
        return State.ANSWER_DUE
    had_ended = is_over(State.GATHERING, proposal.gathering_ends_at, case.passed_on.at)
    return State.LAPSED if had_ended else State.GATHERING


def _give_again(work: Work, proposal: Proposal, department_id: int) -> None:
    state = AssignmentState.TAKEN if department_id in work.actor.department_ids() else AssignmentState.ASKED
    steps.assign(work.session, proposal.id, department_id, is_lead=True, state=state, note="", at=work.at,
                 by_id=work.actor.id)
    work.record("answers.assigned", proposal, department=department_id, lead=True)
    work.emit(ProposalAssigned(proposal.id, department_id, True))
