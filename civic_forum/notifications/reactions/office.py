"""Notices to those who work here, and about a proposal before everybody reads it."""

from datetime import datetime

import sqlalchemy as sa

from civic_forum.accounts.rules import Role
from civic_forum.answers.events import (AnswerSentBack, AnswerSubmitted, CorrectionSubmitted, ProposalAssigned,
                                        ProposalCompleted, ProposalFiled, ProposalReturned, SecondReviewAsked)
from civic_forum.answers.models import Answer, Assignment
from civic_forum.ballots import voted
from civic_forum.ballots.events import (ConfirmationProposed, RollObjected, RollObjectionAnswered, VoteObjected,
                                        VoteObjectionAnswered)
from civic_forum.ballots.models import BallotBox, Confirmation, Objection, RollObjection
from civic_forum.ballots.policy import OFFICIALS
from civic_forum.ballots.steps.opening import parts_of
from civic_forum.kernel import clock, hooks, jobs
from civic_forum.proposals.events import ProposalGivenBack, ProposalHeld, ThresholdReached
from civic_forum.proposals.models import Proposal

from .. import services, steps
from ..queries import recipients
from ..rules import NoticeKind


@hooks.on(ProposalHeld)
def tell_of_held(fact: ProposalHeld, session) -> None:
    """The author keeps a word of it, for it waits for others; moderators learn its title at the desk alone."""
    proposal, now = session.get_one(Proposal, fact.proposal_id), clock.now()
    once = f"held:{proposal.id}:{proposal.version}"
    steps.tell(session, recipients.one(proposal.author_id), kind=NoticeKind.MY_PROPOSAL, **_own(proposal), step="held",
               once=once, at=now, even_who_acts=True)
    steps.tell(session, recipients.moderators(), kind=NoticeKind.DUTY, about=f"held:{proposal.id}", step="duty_held",
               title="", url="/desk/held", once=once, at=now)


@hooks.on(ProposalGivenBack)
def tell_of_giving_back(fact: ProposalGivenBack, session) -> None:
    proposal = session.get_one(Proposal, fact.proposal_id)
    steps.tell(session, recipients.one(proposal.author_id), kind=NoticeKind.MY_PROPOSAL, **_own(proposal),
               step="given_back", once=f"given-back:{proposal.id}:{proposal.version}", at=clock.now())


def _own(proposal: Proposal) -> dict[str, object]:
    url = f"/proposals/{proposal.number}" if proposal.number else "/proposals/drafts"
    return {"about": f"proposal:{proposal.id}", "title": proposal.title, "url": url}


def _tell_department(session, proposal_id: int, department_id: int, step: str, *, once: str,
                     at: datetime | None = None, only_id: int | None = None) -> None:
    """Its officials, or one of them."""
    proposal = session.get_one(Proposal, proposal_id)
    people = recipients.staff(Role.OFFICIAL, department_id=department_id)
    steps.tell(session, people if only_id is None else recipients.among(people, only_id), kind=NoticeKind.DUTY,
               about=f"proposal:{proposal.id}", title=proposal.title, url=f"/desk/answers/{proposal.number}", step=step,
               once=once, at=at or clock.now())


@hooks.on(ThresholdReached)
def tell_who_assigns(fact: ThresholdReached, session) -> None:
    reached_at = session.get_one(Proposal, fact.proposal_id).threshold_reached_at
    _tell_who_assigns(session, fact.proposal_id, "duty_unassigned", f"threshold:{fact.proposal_id}:{reached_at:%Y%m%d}")


@hooks.on(ProposalFiled)
def tell_who_assigns_a_formal_one(fact: ProposalFiled, session) -> None:
    _tell_who_assigns(session, fact.proposal_id, "duty_unassigned", f"filed:{fact.proposal_id}")


@hooks.on(ProposalReturned)
def tell_who_assigns_again(fact: ProposalReturned, session) -> None:
    _tell_who_assigns(session, fact.proposal_id, "duty_returned", f"returned:{fact.assignment_id}")


def _tell_who_assigns(session, proposal_id: int, step: str, once: str) -> None:
    if _lead(session, proposal_id) is None:
        proposal = session.get_one(Proposal, proposal_id)
        steps.tell(session, recipients.moderators(), kind=NoticeKind.DUTY, about=f"proposal:{proposal.id}", step=step,
                   title=proposal.title, url=f"/desk/answers/{proposal.number}", once=once, at=clock.now())


@hooks.on(ProposalAssigned)
def tell_department(fact: ProposalAssigned, session) -> None:
    assigned = session.scalar(sa.select(sa.func.max(Assignment.id)).filter_by(
        proposal_id=fact.proposal_id, department_id=fact.department_id))
    _tell_department(session, fact.proposal_id, fact.department_id, "duty_lead" if fact.is_lead else "duty_asked",
                     once=f"assigned:{assigned}")


@hooks.on(AnswerSubmitted)
def tell_who_approves(fact: AnswerSubmitted, session) -> None:
    answer = session.get_one(Answer, fact.answer_id)
    _tell_department(session, fact.proposal_id, answer.department_id, "duty_approve",
                     once=f"submitted:{answer.id}:{answer.version}")


@hooks.on(AnswerSentBack)
def tell_who_wrote_it(fact: AnswerSentBack, session) -> None:
    """As long as they work in the department whose answer it is."""
    answer = session.get_one(Answer, fact.answer_id)
    _tell_department(session, fact.proposal_id, answer.department_id, "duty_sent_back", only_id=answer.written_by_id,
                     once=f"sent-back:{answer.id}:{answer.version}")


@hooks.on(CorrectionSubmitted)
def tell_who_approves_a_correction(fact: CorrectionSubmitted, session) -> None:
    answer = session.get_one(Answer, fact.answer_id)
    _tell_department(session, answer.proposal_id, answer.department_id, "duty_approve",
                     once=f"corrected:{answer.id}:{answer.correction['at']}")


@hooks.on(SecondReviewAsked)
def tell_who_reviews(fact: SecondReviewAsked, session) -> None:
    department_id = _lead(session, fact.proposal_id)
    if department_id is not None:
        _tell_department(session, fact.proposal_id, department_id, "duty_review", once=f"review:{fact.proposal_id}")


@hooks.on(ProposalCompleted)
def tell_who_waited(fact: ProposalCompleted, session) -> None:
    department_id = _lead(session, fact.proposal_id)
    if department_id is not None:
        _tell_department(session, fact.proposal_id, department_id, "completed", once=f"completed:{fact.pause_id}")


def _lead(session, proposal_id: int) -> int | None:
    """The department that has it."""
    return session.scalar(sa.select(Assignment.department_id).filter_by(
        proposal_id=proposal_id, is_lead=True, ended_at=None))


@hooks.on(ConfirmationProposed)
def tell_a_second_person(fact: ConfirmationProposed, session) -> None:
    asked = session.get_one(Confirmation, fact.confirmation_id)
    box = session.get_one(BallotBox, asked.box_id)
    if box.rehearsal:  # one officer may go on alone
        return
    _tell_of_vote(session, recipients.staff(*OFFICIALS), box, "duty_confirmation", f"/desk/votes/{box.id.hex()}",
                  once=f"confirmation:{asked.id}", at=asked.proposed_at)


@hooks.on(VoteObjected)
def tell_who_answers(fact: VoteObjected, session) -> None:
    objection = session.get_one(Objection, fact.objection_id)
    box = session.get_one(BallotBox, objection.box_id)
    _tell_of_vote(session, recipients.staff(Role.OFFICIAL), box, "duty_vote_objection",
                  f"/desk/votes/{box.id.hex()}/objections", once=f"vote-objection:{objection.id}",
                  at=objection.lodged_at)


@hooks.on(VoteObjectionAnswered)
def tell_who_objected(fact: VoteObjectionAnswered, session) -> None:
    """Answering again replaces what was said, and is told again."""
    objection = session.get_one(Objection, fact.objection_id)
    box = session.get_one(BallotBox, objection.box_id)
    _tell_of_vote(session, recipients.one(objection.by_id), box, "vote_objection_answered",
                  f"/votes/{box.id.hex()}/objections", kind=NoticeKind.VOTE, at=objection.answered_at,
                  once=f"vote-objection-answer:{objection.id}:{objection.answered_at:%Y%m%d%H%M%S}")


def _tell_of_vote(session, people, box: BallotBox, step: str, url: str, *, once: str, at: datetime,
                  kind: NoticeKind = NoticeKind.DUTY) -> None:
    steps.tell(session, people, kind=kind, about=box.subject, title=str(parts_of(box)["subject_title"]), url=url,
               step=step, once=once, at=at)


@hooks.on(RollObjected)
def tell_who_keeps_the_roll(fact: RollObjected, session) -> None:
    objection = session.get_one(RollObjection, fact.objection_id)
    vote = voted.of_roll(objection.roll_id)
    if vote is not None:
        steps.tell(session, recipients.moderators(), kind=NoticeKind.DUTY, about=vote.subject, title=vote.title,
                   url=vote.desk_url, step="duty_roll_objection", at=objection.at,
                   once=f"roll-objection:{objection.id}")


@hooks.on(RollObjectionAnswered)
def tell_who_objected_to_the_roll(fact: RollObjectionAnswered, session) -> None:
    objection = session.get_one(RollObjection, fact.objection_id)
    vote = voted.of_roll(objection.roll_id)
    if vote is not None:
        steps.tell(session, recipients.one(objection.user_id), kind=NoticeKind.VOTE, about=vote.subject,
                   title=vote.title, url=vote.url, step="roll_objection_answered",
                   at=objection.answered_at, once=f"roll-objection-answer:{objection.id}")


@jobs.every(minutes=60, name="notices of deadlines")
def tell_of_deadlines() -> int:
    return services.tell_of_deadlines() + services.tell_who_is_silent()
