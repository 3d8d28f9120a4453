"""Beginnings and ends of duties, registrations of answers with the rest of the site, and one's own data."""

from dataclasses import dataclass
from datetime import date
from types import ModuleType

import sqlalchemy as sa

from civic_forum.accounts.extensions import HOLDS, Holding
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.accounts.rules import Role
from civic_forum.agendas.events import MergeUndone, ProposalMerged
from civic_forum.district import queries as district
from civic_forum.district.extensions import KEPT, OPEN_WORK, Moving
from civic_forum.district.models import Reason
from civic_forum.district.rules import DistrictList
from civic_forum.platform import clock, hooks, jobs, settings
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _, _l, local
from civic_forum.platform.policy import can
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK
from civic_forum.proposals.queries.detail import Detail
from civic_forum.platform.web import visitor
from civic_forum.proposals.events import ProposalWithdrawn, StepReached, ThresholdLost, ThresholdReached
from civic_forum.proposals.extensions import IN_HAND, LATER_DECISION, LEAD, WHY_NOT_MERGE
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import Owing

from . import labels, operations, personal_data, rules
from .queries import desk as desk_queries
from .queries import records as queries
from .kinds import ANSWER  # noqa: F401 (a kind is there once its module is imported)
from .models import Answer, Assignment, Duty, LaterAnswer
from .rules import AnswerOutcome, AnswerState, DutyEnd, DutyKind, Job
from .services import author


@hooks.on(ThresholdReached)
def oblige(fact: ThresholdReached, session) -> None:
    """The clock starts, with the setting of this day or that of its category."""
    at, key = session.execute(sa.select(Proposal.threshold_reached_at, Proposal.category).filter_by(
        id=fact.proposal_id)).one()
    days = district.category(key).answer_days or settings.value("ANSWER_DAYS")
    operations.begin_duty(session, fact.proposal_id, DutyKind.THRESHOLD, at=at or clock.now(), days=days,
                          working=settings.value("ANSWER_WORKING_DAYS"))


OWED_AT_STEP = {str(Owing.DEPARTMENT): DutyKind.STEP, str(Owing.MAYOR): DutyKind.MAYOR}


@hooks.on(StepReached)
def oblige_further(fact: StepReached, session) -> None:
    """One more clock starts, with the days that the proposal has kept."""
    if (kind := OWED_AT_STEP.get(fact.owing)) is not None:
        operations.begin_duty(session, fact.proposal_id, kind, at=clock.now(), days=fact.days, working=False,
                              step=fact.supports)


@hooks.on(ThresholdLost)
def owe_nothing(fact: ThresholdLost, session) -> None:
    """The merge that had carried it over the threshold was undone, perhaps while it was itself merged."""
    duties = queries.open_duties(fact.proposal_id) or queries.ended_duties(fact.proposal_id, DutyEnd.MERGED)
    owed = [duty for duty in duties if duty.kind is DutyKind.THRESHOLD]
    operations.end_duties(session, owed, DutyEnd.UNDONE, at=owed and owed[0].ended_at or clock.now())


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
    operations.end_duties(session, queries.open_duties(fact.merged_id), DutyEnd.MERGED, at=clock.now())


@hooks.on(MergeUndone)
def go_on(fact: MergeUndone, session) -> None:
    operations.resume_duties(session, fact.merged_id, DutyEnd.MERGED)


def _end(session, proposal_id: int, how: DutyEnd) -> None:
    at = clock.now()
    operations.end_duties(session, queries.open_duties(proposal_id), how, at=at)
    case = queries.case(session.get_one(Proposal, proposal_id))
    if case.draft is not None:
        session.delete(case.draft)
    operations.end_assignments(session, case, at=at)


OFFICE_STEPS = {"threshold", "formal", "second_review", "interim_answer", "answered", "answered_again", "referred",
                "step_department", "step_mayor"}
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
        shown = queries.PublicAnswer(proposal, [], None, None, None, None, None, [], {})
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
    "answers.mayor": DeskWork("answers.see_desk", _l("구청장 답변 쓰기"), desk_queries.to_write_for_mayor,
                              desk_queries.written_lines),
    "answers.later": DeskWork("answers.see_desk", _l("나중에 하기로 한 답변"), desk_queries.to_answer_later,
                              desk_queries.later_lines),
    "answers.approve": DeskWork("answers.see_desk", labels.JOB[Job.APPROVE], desk_queries.to_approve,
                                desk_queries.approved_lines),
    "answers.second_review": DeskWork("answers.see_desk", _l("재심사"), desk_queries.to_review,
                                      desk_queries.reviewed_lines),
    "answers.asked": DeskWork("answers.see_desk", _l("다른 부서에 답하기"), desk_queries.to_reply, desk_queries.asked_lines,
                              within=desk_queries.REPLIED_WITHIN),
}
LEAD.add_section(on_proposal)
HOLDS["answers"] = Holding(
    label=_l("쓰던 답변"), model=Answer, column=Answer.written_by_id, is_open=(Answer.state == AnswerState.DRAFT,),
    roles=frozenset((Role.OFFICIAL,)), department=Answer.department_id)
HOLDS["later_answers"] = Holding(
    label=_l("쓰던 답변"), model=LaterAnswer, column=LaterAnswer.written_by_id,
    is_open=(LaterAnswer.state == AnswerState.DRAFT,), roles=frozenset((Role.OFFICIAL,)),
    department=LaterAnswer.department_id)
IN_HAND.add(queries.in_hand)
WHY_NOT_MERGE.add(queries.refused)
jobs.keep_for("RETAIN_FORMAL_CONTACTS_DAYS", "contacts of formal proposals")(author.forget_contacts)
PERSONAL_DATA["answers"] = PersonalData(collect=personal_data.collect, erase=personal_data.erase)
OPEN_WORK |= {
    "assignments": Moving(label=_l("답할 제안"), model=Assignment, column=Assignment.department_id,
                          is_open=(Assignment.ended_at.is_(None),), move=operations.move_assignment),
    "answers": Moving(label=_l("알리지 않은 답변"), model=Answer, column=Answer.department_id,
                      is_open=(Answer.state != AnswerState.PUBLISHED,)),
    "duties": Moving(label=_l("나중에 하기로 한 답변"), model=Duty, column=Duty.department_id,
                     is_open=(Duty.ended_at.is_(None),)),
    "later_answers": Moving(label=_l("알리지 않은 답변"), model=LaterAnswer, column=LaterAnswer.department_id,
                            is_open=(LaterAnswer.state != AnswerState.PUBLISHED,)),
    "answers.outcome": Moving(label=_l("알리지 않은 답변"), model=Answer, list=DistrictList.REASONS, column=Answer.outcome,
                              is_open=(Answer.state != AnswerState.PUBLISHED,), move=operations.restate),
}
KEPT[Reason] = (*rules.PROMISES, AnswerOutcome.DECLINED)
