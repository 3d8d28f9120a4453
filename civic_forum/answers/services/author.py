"""Use-cases of the author: filing, completing, withdrawing, a second review."""

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.platform.i18n import local
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.rules import Mover, State

from .. import policy, rules
from .. import operations
from ..events import CompletionRequested, DutyChanged, ProposalCompleted, ProposalFiled, SecondReviewAsked
from ..models import DutyPause, FormalFiling, SecondReview
from ..personal_data import sealed
from ..queries import cases
from ..rules import AssignmentState, DutyKind
from .triage import locked_case, words_given


def file(proposal_id: int, *, name: str, contact: str, by: User) -> FormalFiling:
    """Make it a formal proposal: an answer is due within one calendar month, whatever the support."""
    name = words_given(name, rules.NAME_LEAST, rules.NAME_MOST, "name", sealed=True)
    contact = words_given(contact, rules.CONTACT_LEAST, rules.CONTACT_MOST, "contact", sealed=True)
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_file, case)
        filing = FormalFiling(proposal_id=proposal_id, name_sealed=sealed(name),
                              contact_sealed=sealed(contact), at=work.at)
        work.session.add(filing)
        proposals.move(work.session, case.proposal, State.ANSWER_DUE, Mover.AUTHOR, at=work.at)
        operations.begin_duty(work.session, proposal_id, DutyKind.FORMAL, at=work.at, days=None, working=False)
        work.record("answers.filed", case.proposal)
        work.emit(ProposalFiled(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return filing


def complete(proposal_id: int, *, reply: str, by: User) -> None:
    """Give what was asked for; the clock goes on from today."""
    reply = words_given(reply, rules.ASKED_LEAST, rules.REPLY_MOST, "reply")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_reply, case)
        pause = next(one for one in cases.pauses_of(case.duty.id) if one.to_day is None)
        pause.to_day, pause.reply = local(work.at).date(), reply
        case.duty.paused_on = None
        work.session.flush()
        operations.reckon(case.duty)
        journeys.add(work.session, case.proposal.journey_id, "completed", at=work.at)
        work.record("answers.completed", case.proposal)
        work.emit(ProposalCompleted(proposal_id, pause.id))
        work.emit(DutyChanged(proposal_id))


def ask_review(proposal_id: int, *, reason: str, by: User) -> SecondReview:
    """Ask once for another look at a proposal that was declined; a new duty begins."""
    reason = words_given(reason, rules.REASON_LEAST, rules.REASON_MOST, "reason")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_ask_review, case)
        review = SecondReview(proposal_id=proposal_id, reason=reason, at=work.at)
        work.session.add(review)
        operations.begin_duty(work.session, proposal_id, DutyKind.SECOND_REVIEW, at=work.at, days=None, working=False)
        if case.lead is None:
            operations.assign(work.session, proposal_id, case.final.department_id, is_lead=True,
                              state=AssignmentState.ASKED, note="", at=work.at, by_id=by.id)
        journeys.add(work.session, case.proposal.journey_id, "second_review", at=work.at)
        work.record("answers.asked_review", case.proposal)
        work.emit(SecondReviewAsked(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return review


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
