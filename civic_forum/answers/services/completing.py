"""Asking an author to complete a proposal."""

from civic_forum.accounts.models import User
from civic_forum.journeys import operations as journeys
from civic_forum.platform.i18n import local
from civic_forum.platform.policy import require
from civic_forum.platform.work import use_case

from .. import policy, rules
from ..events import CompletionRequested, DutyChanged
from ..models import DutyPause
from .text_checks import locked_case, words_given


def ask_completion(proposal_id: int, *, asked: str, by: User) -> DutyPause:
    """Ask the author for what is missing; the clock stands still from today."""
    asked = words_given(asked, rules.ASKED_LEAST, rules.ASKED_MOST, "asked")
    with use_case(by) as work:
        case = locked_case(proposal_id)
        require(by, policy.triage.may_ask_completion, case)
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
