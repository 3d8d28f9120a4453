"""Beginnings and ends of duties, registrations of answers with the rest of the site, and one's own data."""

from dataclasses import dataclass
from datetime import date
from types import ModuleType

import sqlalchemy as sa
from flask import current_app

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.agendas.events import MergeUndone, ProposalMerged
from civic_forum.platform import clock, hooks, jobs
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import can
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK
from civic_forum.proposals.queries.detail import Detail
from civic_forum.platform.web import visitor
from civic_forum.proposals.events import ProposalWithdrawn, ThresholdLost, ThresholdReached
from civic_forum.blocks.extensions import HOLDS
from civic_forum.proposals.extensions import IN_HAND, LATER_DECISION, LEAD, WHY_NOT_MERGE
from civic_forum.proposals.models import Proposal

from . import pickers  # noqa: F401 (registers by being imported)
from . import labels, operations, personal_data, rules
from .queries import desk as desk_queries
from .queries import records as queries
from .kinds import ANSWER  # noqa: F401 (a kind is there once its module is imported)
from .rules import DutyEnd, DutyKind, Job
from .services import author


@hooks.on(ThresholdReached)
def oblige(fact: ThresholdReached, session) -> None:
    """The clock starts, with the setting of this day."""
    at = session.scalar(sa.select(Proposal.threshold_reached_at).filter_by(id=fact.proposal_id)) or clock.now()
    operations.begin_duty(session, fact.proposal_id, DutyKind.THRESHOLD, at=at, days=current_app.config["ANSWER_DAYS"],
                          working=current_app.config["ANSWER_WORKING_DAYS"])


@hooks.on(ThresholdLost)
def owe_nothing(fact: ThresholdLost, session) -> None:
    """The merge that had carried it over the threshold was undone, perhaps while it was itself merged."""
    duty = queries.open_duty(fact.proposal_id) or queries.ended_duty(fact.proposal_id, DutyEnd.MERGED)
    if duty is not None and duty.kind is DutyKind.THRESHOLD:
        duty.ended_at, duty.ended_how = duty.ended_at or clock.now(), DutyEnd.UNDONE
        session.flush()


@hooks.on(ProposalWithdrawn)
def let_go(fact: ProposalWithdrawn, session) -> None:
    _end(session, fact.proposal_id, DutyEnd.WITHDRAWN)


@hooks.on(ProposalMerged)
def rest(fact: ProposalMerged, session) -> None:
    """Move what was owed to the merged proposal to the one that carries it on, by its own clock.

    Raises Conflict where it would be owed later than was promised, or not at all.
    """
    if refused := queries.refused(fact.merged_id, [fact.into_id]):
        raise Conflict(refused[fact.into_id])
    operations.end_duty(session, fact.merged_id, DutyEnd.MERGED, at=clock.now())


@hooks.on(MergeUndone)
def go_on(fact: MergeUndone, session) -> None:
    operations.resume_duty(session, fact.merged_id, DutyEnd.MERGED)


def _end(session, proposal_id: int, how: DutyEnd) -> None:
    at = clock.now()
    operations.end_duty(session, proposal_id, how, at=at)
    case = queries.case(session.get_one(Proposal, proposal_id))
    if case.draft is not None:
        session.delete(case.draft)
    operations.end_assignments(session, case, at=at)


OFFICE_STEPS = {"threshold", "formal", "second_review", "interim_answer", "answered", "answered_again", "referred"}
"""Steps of a journey that come with a duty, an answer or a referral."""


@dataclass(frozen=True)
class AnswerSection:
    """The office's side on the page of a proposal."""

    template: str
    shown: queries.PublicAnswer
    acts: list[tuple[str, str, object]]
    """What this reader can do about it: label, address, and what it means where that is not plain."""
    today: date
    is_superseded: bool = False
    """A decision that was told later takes the place of the answers."""
    labels: ModuleType = labels

    @property
    def is_late(self) -> bool:
        duty = self.shown.duty
        return duty is not None and rules.is_late(duty.due_on, duty.paused_on, self.today)


def on_proposal(detail: Detail) -> AnswerSection | None:
    """Asks nothing about a proposal on whose way the office has no part yet."""
    proposal, viewer = detail.proposal, visitor()
    if detail.steps_taken & OFFICE_STEPS:
        shown = queries.shown(proposal, viewer.id if viewer.is_authenticated else None)
    else:
        shown = queries.PublicAnswer(proposal, None, None, None, None, None, None, [], {})
    acts = _acts(viewer, shown)
    if not (shown.duty or shown.answers or shown.referral or acts):
        return None
    return AnswerSection("answers/on_proposal.html", shown, acts, local(clock.now()).date(),
                         any(LATER_DECISION.ask(detail)))


def _acts(viewer, shown: queries.PublicAnswer) -> list[tuple[str, str, object]]:
    if not viewer.is_authenticated:
        return []
    number = shown.proposal.number
    own = (("answers.file", _("정식 제안으로 내기"), "formal"), ("answers.reply", _("내용 보태기"), "completion"),
           ("answers.ask_review", _("재심사 요청하기"), "second-review"))
    acts = [(label, f"/proposals/{number}/{act}", labels.AUTHORS_ACT[act]) for name, label, act in own
            if can(viewer, name, shown)]
    if number and can(viewer, "answers.see_desk"):
        acts.append((_("업무 화면에서 보기"), f"/desk/answers/{number}", None))
    return acts


ENTRIES["answers"] = DeskEntry("answers.see_desk", _l("답변하기"), "answer_desk.queue")
WORK |= {
    "answers.triage": DeskWork("answers.see_desk", labels.JOB[Job.TRIAGE], desk_queries.to_sort,
                               desk_queries.sorted_lines),
    "answers.write": DeskWork("answers.see_desk", labels.JOB[Job.WRITE], desk_queries.to_write,
                              desk_queries.written_lines),
    "answers.approve": DeskWork("answers.see_desk", labels.JOB[Job.APPROVE], desk_queries.to_approve,
                                desk_queries.approved_lines),
    "answers.second_review": DeskWork("answers.see_desk", _l("재심사"), desk_queries.to_review,
                                      desk_queries.reviewed_lines),
    "answers.asked": DeskWork("answers.see_desk", _l("다른 부서에 답하기"), desk_queries.to_reply, desk_queries.asked_lines,
                              within=desk_queries.REPLIED_WITHIN),
}
LEAD.add_section(on_proposal)
HOLDS.add(desk_queries.held_by)
IN_HAND.add(queries.in_hand)
WHY_NOT_MERGE.add(queries.refused)
jobs.keep_for("RETAIN_FORMAL_CONTACTS_DAYS", "contacts of formal proposals")(author.forget_contacts)
PERSONAL_DATA["answers"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)
