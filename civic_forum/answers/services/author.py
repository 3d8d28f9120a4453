"""Acts of the author of a proposal that is to be answered: filing, completing, judging, asking again."""

from datetime import timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.district import queries as district
from civic_forum.journeys import operations as journeys
from civic_forum.platform.i18n import local
from civic_forum.platform.policy import require
from civic_forum.platform.text_checks import words_given
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations as proposals
from civic_forum.proposals.rules import Mover, State

from .. import operations, policy, rules
from ..events import DutyChanged, ProposalCompleted, ProposalFiled, SecondReviewAsked
from ..models import Answer, Duty, FormalFiling, SecondReview, Understanding
from ..personal_data import sealed
from ..queries import records as queries
from ..rules import AssignmentState, DutyKind
from .cases import locked_case


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


def forget_contacts(days: int) -> int:
    """Throw away real names and contacts of formal proposals whose duty to answer ended so many days ago, and that
    nobody has to answer again; returns how many."""
    with use_case(None) as work:
        owed = sa.exists().where(Duty.proposal_id == FormalFiling.proposal_id, sa.or_(
            Duty.ended_at.is_(None), Duty.ended_at >= work.at - timedelta(days=days)))
        return work.session.execute(sa.update(FormalFiling).where(
            FormalFiling.name_sealed.is_not(None), FormalFiling.at < work.at - timedelta(days=days), ~owed)
            .values(name_sealed=None, contact_sealed=None)
            .execution_options(synchronize_session=False)).rowcount


def complete(proposal_id: int, *, reply: str, by: User) -> None:
    """Give what was asked for; the clock goes on from today."""
    reply = words_given(reply, rules.ASKED_LEAST, rules.REPLY_MOST, "reply")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.may_reply, case)
        pause = next(pause for pause in queries.pauses_of(case.duty.id) if pause.to_day is None)
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
            operations.assign(work.session, proposal_id, district.department_now(case.final.department_id),
                              is_lead=True, state=AssignmentState.ASKED, note="", at=work.at, by_id=by.id)
        journeys.add(work.session, case.proposal.journey_id, "second_review", at=work.at)
        work.record("answers.asked_review", case.proposal)
        work.emit(SecondReviewAsked(proposal_id))
        work.emit(DutyChanged(proposal_id))
        return review


def judge(answer_id: int, *, understood: bool, by: User) -> Answer:
    """Say whether one understood it; saying it again changes one's mind."""
    with use_case(by) as work:
        answer = queries.locked_answer(answer_id)
        require(by, policy.may_judge, answer)
        known = work.session.get(Understanding, (answer_id, by.id))
        if known is None:
            work.session.add(Understanding(answer_id=answer_id, user_id=by.id, understood=understood, at=work.at))
        elif known.understood is understood:
            return answer
        else:
            _count(answer, known.understood, -1)
            known.understood, known.at = understood, work.at
        _count(answer, understood, 1)
        work.record("answers.judged", answer)
        return answer


def _count(answer: Answer, understood: bool, change: int) -> None:
    if understood:
        answer.understood += change
    else:
        answer.not_understood += change
