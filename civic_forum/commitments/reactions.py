"""Commitments that are made of what was promised elsewhere, and their places on other pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.agendas import extensions as agenda_pages
from civic_forum.agendas.models import Agenda
from civic_forum.agendas.queries.detail import Detail as AgendaDetail
from civic_forum.answers.events import AnswerPublished
from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerKind, AnswerOutcome
from civic_forum.blocks import kinds
from civic_forum.blocks.extensions import ME
from civic_forum.blocks.kinds import Decidable, Ref
from civic_forum.budgets import extensions as project_pages
from civic_forum.budgets.events import ProjectMoved
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import ProjectState
from civic_forum.district.labels import CATEGORY
from civic_forum.forums import extensions as forum_pages
from civic_forum.forums.events import DecisionWritten
from civic_forum.forums.models import Forum
from civic_forum.forums.record.models import Decision
from civic_forum.outcomes import extensions as outcome_pages
from civic_forum.outcomes.events import OutcomePublished
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import PROMISES
from civic_forum.platform import clock, hooks, rich_text
from civic_forum.platform.i18n import Language, _l, local, speaking
from civic_forum.platform.waiting import DeskEntry, DeskWork, ENTRIES, WORK
from civic_forum.platform.work import going_on
from civic_forum.proposals import extensions as proposal_pages
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.queries import Detail
from civic_forum.search import operations as search

from . import days, labels, operations, queries
from .detail import Row
from .events import EntryApproved
from .kinds import COMMITMENT
from .models import Commitment, CommitmentNews
from .operations import Promised
from .rules import EntryKind, Line, Source

ACCEPTED = (AnswerOutcome.ACCEPTED, AnswerOutcome.PARTLY_ACCEPTED)
APPROVED_WITHIN = timedelta(days=3)


@hooks.on(AnswerPublished)
def keep_answer(fact: AnswerPublished, session: Any) -> None:
    """An answer that accepts a proposal promises it; corrected, it may move the day or promise nothing any more."""
    answer = session.get_one(Answer, fact.answer_id)
    if answer.kind is not AnswerKind.FINAL:
        return
    proposal = session.get_one(Proposal, fact.proposal_id)
    if answer.outcome not in ACCEPTED:
        operations.lose_origin(going_on(), "answer", answer.id, "declined")
        return
    due_on = days.day_meant(answer.by_when)
    known = queries.made_of("answer", answer.id)
    if known is not None:
        _move_day(known, due_on)
        return
    subject = Ref("proposal", proposal.id)
    decided = (subject,) if queries.made_of(subject.kind, subject.id) else ()
    operations.keep(going_on(), Promised(
        origins=(Ref("answer", answer.id), *decided), title=proposal.title, department_id=answer.department_id,
        promised_on=answer.dated_on, due_on=due_on, goal=rich_text.excerpt(answer.text_html, 300),
        field=_category(proposal.category), lines=_cost(answer.cost, due_on or answer.dated_on),
        neighbourhood_ids=[proposal.neighbourhood_id] if proposal.neighbourhood_id else []))


@hooks.on(OutcomePublished)
def keep_outcome(fact: OutcomePublished, session: Any) -> None:
    """An outcome that decides for something promises it; what its subject promised before is the same commitment."""
    outcome = session.get_one(Outcome, fact.outcome_id)
    if outcome.decision not in PROMISES:
        operations.lose_origin(going_on(), "outcome", outcome.id, "declined")
        return
    known = queries.made_of("outcome", outcome.id)
    if known is not None:
        _move_day(known, outcome.promised_on)
        return
    decides = kinds.with_capability(outcome.subject, Decidable)
    record = kinds.of(outcome.subject).record(outcome.subject_id)
    subject = Ref(outcome.subject, outcome.subject_id)
    answered = session.scalars(sa.select(Answer.id).where(
        Answer.proposal_id == outcome.subject_id, Answer.outcome.in_(ACCEPTED))) if subject.kind == "proposal" else ()
    made = operations.keep(going_on(), Promised(
        origins=(subject, Ref("outcome", outcome.id), *(Ref("answer", one) for one in answered)), title=outcome.title,
        department_id=outcome.department_id, promised_on=outcome.decided_on, due_on=outcome.promised_on,
        goal=rich_text.excerpt(outcome.what_follows_html, 300), field=_field_of(session, subject, decides),
        neighbourhood_ids=decides.neighbourhoods(record), lines=_cost(outcome.cost, outcome.promised_on)))
    if made.due_on is None and outcome.promised_on is not None:
        _move_day(made.id, outcome.promised_on)


@hooks.on(ProjectMoved)
def keep_project(fact: ProjectMoved, session: Any) -> None:
    """A project in the budget is promised, with its money and without a day until its department says one."""
    project = session.get_one(Project, fact.project_id)
    if project.state is ProjectState.DROPPED:
        operations.lose_origin(going_on(), "project", project.id, "dropped")
    elif project.state is ProjectState.IN_BUDGET:
        year = session.scalar(sa.select(BudgetRound.year).where(BudgetRound.id == project.round_id))
        operations.keep(going_on(), Promised(
            origins=(Ref("project", project.id),), title=project.title, department_id=project.department_id,
            promised_on=local(going_on().at).date(), goal=rich_text.excerpt(project.text_html, 300),
            field=_category(project.category),
            neighbourhood_ids=[project.neighbourhood_id] if project.neighbourhood_id else [],
            lines=(Line(year, Source.DISTRICT, "", project.cost, project.decided_amount, None),)))


@hooks.on(DecisionWritten)
def keep_decision(fact: DecisionWritten, session: Any) -> None:
    """A decision of a forum with a department is promised by it."""
    decision = session.get_one(Decision, fact.decision_id)
    if decision.removed_at is not None:
        operations.lose_origin(going_on(), "forum_decision", decision.id, "taken_away")
        return
    if decision.department_id is None:
        return
    known = queries.made_of("forum_decision", decision.id)
    if known is not None:
        _move_day(known, decision.due_on)
        return
    operations.keep(going_on(), Promised(
        origins=(Ref("forum_decision", decision.id),), title=decision.text, department_id=decision.department_id,
        promised_on=local(decision.at).date(), due_on=decision.due_on))


def _move_day(commitment_id: int, due_on: date | None) -> None:
    """A corrected day is a slip like any other: the one before stays to be seen."""
    work, commitment = going_on(), queries.locked(commitment_id)
    if due_on is None or due_on == commitment.due_on:
        return
    with speaking(Language.KO):
        why = str(_l("약속한 글에서 날을 바로잡았어요."))
    operations.put(work, commitment, EntryKind.SLIP, local(work.at).date(), {"to": due_on.isoformat(), "why": why},
                   by_id=getattr(work.actor, "id", None))


def _cost(cost: int | None, on: date | None) -> tuple[Line, ...]:
    return (Line(on.year, Source.DISTRICT, "", cost, None, None),) if cost and on else ()


def _category(category: Any) -> str:
    with speaking(Language.KO):
        return str(CATEGORY[category]) if category else ""


def _field_of(session: Any, subject: Ref, decides: Decidable[Any]) -> str:
    """Field of the first of the proposals that it is about."""
    category = session.scalar(sa.select(Proposal.category).where(
        Proposal.id.in_(decides.proposals(subject.id)), Proposal.category.is_not(None)).order_by(Proposal.id).limit(1))
    return _category(category)


@hooks.on(EntryApproved)
def make_findable(fact: EntryApproved, session: Any) -> None:
    one = session.get_one(Commitment, fact.commitment_id)
    search.put(session, COMMITMENT.name, one.id, title=one.title, body=f"{one.goal} {one.code or ''} {one.field}",
               at=going_on().at)


# Sections of other pages


@dataclass(frozen=True)
class CommitmentSection:
    """Commitments that were made in the thing of a page."""

    rows: Sequence[Row]
    template: str = "commitments/of_one.html"
    labels: ModuleType = labels


def _section(found: Sequence[Commitment]) -> CommitmentSection | None:
    today = local(clock.now()).date()
    return CommitmentSection([Row.of(one, today) for one in found]) if found else None


def on_proposal(found: Detail) -> CommitmentSection | None:
    """Asks nothing about a proposal that was not answered yet."""
    if not found.steps_taken & {"answered", "answered_again", "decided", "in_progress", "done"}:
        return None
    answers = sa.select(Answer.id).where(Answer.proposal_id == found.proposal.id)
    return _section(queries.of_things("answer", answers))


def on_agenda(found: AgendaDetail) -> CommitmentSection | None:
    agenda: Agenda = found.agenda
    return _section(queries.of_things("agenda", [agenda.id]))


def on_project(project: Project) -> CommitmentSection | None:
    return _section(queries.of_things("project", [project.id]))


def on_forum(forum: Forum) -> CommitmentSection | None:
    return _section(queries.of_things("forum_decision", sa.select(Decision.id).where(Decision.forum_id == forum.id)))


def on_outcome(outcome: Outcome) -> CommitmentSection | None:
    return _section(queries.of_things("outcome", [outcome.id]))


def on_me(user: Any) -> dict[str, Any] | None:
    return {"label": _l("내가 함께한 일은 어떻게 되었나요"), "url": "/me/commitments",
            "total": queries.count_of_mine(user)}


def collect(user: Any) -> dict[str, list[dict[str, object]]]:
    """Commitments of which somebody hears."""
    return {"commitment_news": [{"commitment": one.commitment_id, "entry": one.number,
                                 "told_at": one.told_at and one.told_at.isoformat()} for one in queries.news_of(user)]}


def erase(user: Any, session: Any) -> None:
    session.execute(sa.delete(CommitmentNews).where(CommitmentNews.user_id == user.id))


ENTRIES["commitments"] = DeskEntry("commitments.see_desk", _l("약속 챙기기"), "commitment_desk.overview")
WORK |= {
    "commitments.approve": DeskWork("commitments.see_desk", _l("약속 기록 승인"), queries.to_approve, queries.lines,
                                    within=APPROVED_WITHIN),
    "commitments.do": DeskWork("commitments.see_desk", _l("약속 실행"), queries.to_do, queries.lines),
    "commitments.plan": DeskWork("commitments.see_desk", _l("약속 단계 나누기"), queries.to_plan, queries.lines),
    "commitments.tell": DeskWork("commitments.see_desk", _l("분기 실적"), queries.to_tell, queries.quarter_lines),
}
PERSONAL_DATA["commitments"] = PersonalData(collect=collect, erase=erase)
ME.add(on_me)
proposal_pages.BODY.add_section(on_proposal)
agenda_pages.PAGE.add_section(on_agenda)
project_pages.PROJECT.add_section(on_project)
forum_pages.FINISHED.add_section(on_forum)
outcome_pages.PAGE.add_section(on_outcome)
