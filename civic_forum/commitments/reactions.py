"""Commitments that are made of what was promised elsewhere, and their places on other pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.extensions import HOLDS, Holding
from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.accounts.rules import Role
from civic_forum.agendas import extensions as agenda_pages
from civic_forum.agendas.models import Agenda
from civic_forum.agendas.queries.detail import Detail as AgendaDetail
from civic_forum.answers.events import AnswerPublished, ProposalCarriedOn
from civic_forum.answers.models import Answer
from civic_forum.attachments.models import Attachment
from civic_forum.blocks.charts import Stacked
from civic_forum.blocks.extensions import FIGURES, ME
from civic_forum.blocks.pages import MENU, Navigation
from civic_forum.blocks.sheets import declare
from civic_forum.budgets import extensions as project_pages
from civic_forum.budgets.events import ProjectCarriedOut, ProjectMoved, ProjectsHidden, ProjectsShown
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import WON
from civic_forum.district.extensions import OPEN_WORK, Moving
from civic_forum.forums import extensions as forum_pages
from civic_forum.forums.events import DecisionWritten
from civic_forum.forums.models import Forum
from civic_forum.forums.record.models import Decision
from civic_forum.meetings.events import MeetingKept
from civic_forum.meetings.models import Meeting
from civic_forum.outcomes import extensions as outcome_pages
from civic_forum.outcomes.events import OutcomePublished
from civic_forum.outcomes.models import Outcome
from civic_forum.platform import hooks, jobs
from civic_forum.platform.i18n import _, _l, won
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK
from civic_forum.platform.work import going_on
from civic_forum.proposals import extensions as proposal_pages
from civic_forum.proposals.events import ProposalsHidden, ProposalsShown
from civic_forum.proposals.queries.detail import Detail
from civic_forum.search import operations as search

from . import labels, operations, pictures, promises, sheets, voters
from .events import EntryApproved
from .kinds import COMMITMENT
from .models import Commitment, CommitmentEntry, CommitmentNews
from .queries import board
from .queries import desk as desk_queries
from .queries import records as queries
from .rows import Row
from .rules import EntryKind
from .services import backlog
from .story import Told

APPROVED_WITHIN = timedelta(days=3)


@hooks.on(AnswerPublished)
def keep_answer(fact: AnswerPublished, session: Any) -> None:
    promises.of_answer(going_on(), session.get_one(Answer, fact.answer_id))


@hooks.on(OutcomePublished)
def keep_outcome(fact: OutcomePublished, session: Any) -> None:
    promises.of_outcome(going_on(), session.get_one(Outcome, fact.outcome_id))


@hooks.on(ProjectMoved)
def keep_project(fact: ProjectMoved, session: Any) -> None:
    promises.of_project(going_on(), session.get_one(Project, fact.project_id))


@hooks.on(ProposalCarriedOn)
def tell_of_proposal(fact: ProposalCarriedOn, _session: Any) -> None:
    answers = sa.select(Answer.id).where(Answer.proposal_id == fact.proposal_id)
    commitments = queries.of_things("answer", answers) + queries.of_things("proposal", [fact.proposal_id])
    for commitment in {commitment.id: commitment for commitment in commitments}.values():
        operations.tell(going_on(), commitment.id, fact.told, is_done=fact.is_done)


@hooks.on(ProjectCarriedOut)
def tell_of_project(fact: ProjectCarriedOut, _session: Any) -> None:
    for commitment in queries.of_things("project", [fact.project_id]):
        operations.tell(going_on(), commitment.id, fact.told, is_done=fact.is_done)


@hooks.on(DecisionWritten)
def keep_decision(fact: DecisionWritten, session: Any) -> None:
    promises.of_decision(going_on(), session.get_one(Decision, fact.decision_id))


@hooks.on(MeetingKept)
def propose_shifts(fact: MeetingKept, session: Any) -> None:
    promises.of_meeting(going_on(), session.get_one(Meeting, fact.meeting_id))


@jobs.every(60, "promises that have no ledger yet", at_start=True)
def catch_up() -> None:
    backlog.catch_up()


jobs.keep_for("RETAIN_ROLLS_DAYS", "news of those who voted")(voters.forget)


@hooks.on(EntryApproved)
def make_findable(fact: EntryApproved, session: Any) -> None:
    _find(session, session.get_one(Commitment, fact.commitment_id))


def _find(session: Any, commitment: Commitment) -> None:
    search.put(session, COMMITMENT.name, commitment.id, title=commitment.title,
               body=f"{commitment.goal} {commitment.code or ''} {commitment.field}", at=going_on().at)


@hooks.on(ProposalsHidden)
@hooks.on(ProposalsShown)
def follow_proposals(fact: ProposalsHidden | ProposalsShown, session: Any) -> None:
    answers = sa.select(Answer.id).where(Answer.proposal_id.in_(fact.proposal_ids))
    _say_anew(session, [*queries.made_in("proposal", fact.proposal_ids), *queries.made_in("answer", answers)])


@hooks.on(ProjectsHidden)
@hooks.on(ProjectsShown)
def follow_projects(fact: ProjectsHidden | ProjectsShown, session: Any) -> None:
    _say_anew(session, queries.made_in("project", fact.project_ids))


def _say_anew(session: Any, commitment_ids: Sequence[int]) -> None:
    """Commitments say nothing in the words of what is hidden, and say it again once it is shown."""
    for commitment_id in sorted(set(commitment_ids)):
        commitment = queries.locked(commitment_id)
        operations.project(going_on(), commitment, queries.ledger(commitment_id))
        _find(session, commitment)


# Sections of other pages


@dataclass(frozen=True)
class CommitmentSection:
    """Commitments that were made in the thing of a page."""

    rows: Sequence[Row]
    template: str = "commitments/of_one.html"
    labels: ModuleType = labels


def _section(commitments: Sequence[Commitment]) -> CommitmentSection | None:
    return CommitmentSection([Row.of(commitment, board.today()) for commitment in commitments]) if commitments else None


def on_proposal(detail: Detail) -> CommitmentSection | None:
    """Asks nothing about a proposal that was not answered yet."""
    if not detail.steps_taken & {"answered", "answered_again", "decided", "in_progress", "done"}:
        return None
    answers = sa.select(Answer.id).where(Answer.proposal_id == detail.proposal.id)
    return _section(queries.of_things("answer", answers))


def on_agenda(detail: AgendaDetail) -> CommitmentSection | None:
    agenda: Agenda = detail.agenda
    return _section(queries.of_things("agenda", [agenda.id]))


def on_project(project: Project) -> CommitmentSection | None:
    """Asks nothing about a project that was not chosen."""
    return None if project.state not in WON else _section(queries.of_things("project", [project.id]))


def on_forum(forum: Forum) -> CommitmentSection | None:
    return _section(queries.of_forum(forum.id))


TOLD = (EntryKind.REACHED, EntryKind.WITHDRAWN, EntryKind.QUARTER, EntryKind.LOG, EntryKind.SLIP, EntryKind.STATUS)
"""Entries that say how far something is carried out."""


@dataclass(frozen=True)
class OutcomeSection:
    """Progress of an outcome, as its commitment says."""

    outcome: Outcome
    commitment: Commitment
    row: Row
    story: Sequence[Told]
    pictures: Mapping[str, Attachment]
    executed: str | None
    template: str = "commitments/on_outcome.html"
    labels: ModuleType = labels


def on_outcome(outcome: Outcome) -> OutcomeSection | None:
    commitment = queries.of_outcome(outcome.id)
    if commitment is None:
        return None
    rows = queries.entries(commitment.id)
    ledger = queries.ledger_of(rows)
    told = [entry for entry in rows if entry.kind in TOLD and not _is_first(entry)]
    return OutcomeSection(
        outcome, commitment, Row.of(commitment, board.today()), [Told.of(entry, ledger) for entry in told],
        queries.files([key for entry in told for key in entry.content.get("files", ())]),
        None if commitment.executed is None else won(commitment.executed))


def _is_first(entry: CommitmentEntry) -> bool:
    """True for the status with which the site itself began."""
    return entry.kind is EntryKind.STATUS and entry.by_id is None


@dataclass(frozen=True)
class FigureSection:
    """Promises kept, on the page of figures."""

    totals: board.Totals
    charts: Sequence[tuple[object, Stacked, object]]
    """Title, picture, and name of its rows."""
    template: str = "commitments/figures.html"

    @property
    def rows(self) -> Iterator[tuple[object, ...]]:
        """As rows of the file of figures."""
        for standing, count in self.totals.standings.items():
            yield _("약속"), labels.STANDING[standing], _("수"), count
        for name, won_of_all, unknown in ((_("계획(원)"), self.totals.planned, self.totals.unplanned),
                                          (_("확보(원)"), self.totals.secured, self.totals.unsecured),
                                          (_("집행(원)"), self.totals.executed, self.totals.unexecuted)):
            yield _("약속의 돈"), name, _("아는 약속을 더한 것"), won_of_all
            yield _("약속의 돈"), name, _("알려지지 않은 약속의 수"), unknown


def on_figures() -> FigureSection | None:
    """Asks for the totals and for the standings by department and by field."""
    totals = board.totals(board.COMMITMENTS.of())
    if not totals.all:
        return None
    charts = ((_("부서마다 지킨 약속"), pictures.kept(board.kept_by_department()), _("부서")),
              (_("분야마다 지킨 약속"), pictures.kept(board.kept_by_field()), _("분야")))
    return FigureSection(totals, charts)


def on_me(user: Any) -> dict[str, Any] | None:
    return {"label": _l("내가 함께한 일은 어떻게 되었나요"), "url": "/me/commitments", "total": queries.count_of_mine(user)}


def collect(user: Any) -> dict[str, list[dict[str, object]]]:
    """Commitments of which somebody hears."""
    return {"commitment_news": [{"commitment": news.commitment_id, "entry": news.number,
                                 "told_at": news.told_at and news.told_at.isoformat()}
                                for news in queries.news_of(user)]}


def erase(user: Any, session: Any) -> None:
    session.execute(sa.delete(CommitmentNews).where(CommitmentNews.user_id == user.id))


for kind in sheets.KINDS:
    declare(kind)
MENU["commitments"] = Navigation(_l("약속"), "commitments.index", 41, "results")
ENTRIES["commitments"] = DeskEntry("commitments.see_desk", _l("약속 챙기기"), "commitment_desk.overview")
WORK |= {
    "commitments.approve": DeskWork("commitments.see_desk", _l("약속 기록 승인"), desk_queries.to_approve, desk_queries.lines,
                                    within=APPROVED_WITHIN),
    "commitments.do": DeskWork("commitments.see_desk", _l("약속 실행"), desk_queries.to_do, desk_queries.lines),
    "commitments.plan": DeskWork("commitments.see_desk", _l("약속 단계 나누기"), desk_queries.to_plan, desk_queries.lines,
                                 within=desk_queries.PLANNED_WITHIN),
    "commitments.assign": DeskWork("forums.oversee", _l("맡을 부서 정하기"), desk_queries.to_assign, desk_queries.assign_lines,
                                   within=desk_queries.NAMED_WITHIN),
    "commitments.tell": DeskWork("commitments.see_desk", _l("분기 실적"), desk_queries.to_tell, desk_queries.quarter_lines),
}
PERSONAL_DATA["commitments"] = PersonalData(collect=collect, erase=erase)
ME.add(on_me)
HOLDS["commitments"] = Holding(
    label=_l("약속"), model=Commitment, column=Commitment.person_id, is_open=(desk_queries.UNFINISHED,),
    roles=frozenset((Role.OFFICIAL,)), department=Commitment.department_id, due=Commitment.next_due_on,
    move=operations.name_person)
FIGURES.add_section(on_figures)
proposal_pages.BODY.add_section(on_proposal)
agenda_pages.PAGE.add_section(on_agenda)
project_pages.PROJECT.add_section(on_project)
forum_pages.FINISHED.add_section(on_forum)
outcome_pages.PAGE.add_section(on_outcome)
OPEN_WORK["commitments"] = Moving(
    label=_l("약속"), model=Commitment, column=Commitment.department_id, move=operations.hand_over,
    is_open=(desk_queries.UNFINISHED,))
