"""Commitments of answers, outcomes, projects and decisions of forums, made or brought in step with them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from civic_forum.agendas.models import AgendaLink
from civic_forum.agendas.rules import Relation
from civic_forum.answers.models import Answer
from civic_forum.answers.queries import records as answers
from civic_forum.answers.rules import PROMISES as ANSWERED_FOR
from civic_forum.answers.rules import AnswerKind, AnswerOutcome
from civic_forum.blocks import kinds
from civic_forum.blocks.kinds import Decidable, Ref
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import ProjectState
from civic_forum.district.queries import categories
from civic_forum.district.queries import department_names
from civic_forum.forums.record.models import Decision
from civic_forum.meetings.models import Meeting
from civic_forum.meetings.queries import item_behind
from civic_forum.meetings.rules import PASSED
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries import records
from civic_forum.outcomes.rules import PROMISES
from civic_forum.platform import periods
from civic_forum.platform.i18n import _l, local
from civic_forum.platform.rich_text import excerpt
from civic_forum.platform.work import Work
from civic_forum.proposals.models import Proposal

from . import operations
from .models import Commitment
from .queries import records as queries
from .operations import Promised
from .queries.records import EXCERPT, IN_BUDGET
from .days import day_meant
from .events import EntryProposed
from .rules import WHY_MOST, Entry, EntryKind, Line, Source, Status


def of_answer(work: Work, answer: Answer) -> None:
    """An answer that accepts a proposal promises it, one that does it differently what it says instead; corrected,
    it may move the day or promise nothing any more. What its agenda has promised before is the same commitment."""
    if answer.kind is not AnswerKind.FINAL:
        return
    if answer.outcome not in ANSWERED_FOR:
        operations.lose_origin(work, "answer", answer.id, "declined")
        return
    due_on, proposal = periods.last_day(answer.by_when) or day_meant(answer.by_when), answer.proposal
    known = queries.made_of("answer", answer.id)
    if known is not None:
        *_earlier, before, version = answers.versions(answer.id)
        if before.details.get("by_when") != answer.by_when:
            _move_day(work, known, due_on, version.why)
        return
    within = work.session.scalars(sa.select(AgendaLink.agenda_id).where(
        AgendaLink.proposal_id == proposal.id, AgendaLink.ended_at.is_(None), AgendaLink.relation == Relation.CORE))
    subjects = (Ref("proposal", proposal.id), *(Ref("agenda", agenda_id) for agenda_id in within))
    decided = [subject for subject in subjects if queries.made_of(subject.kind, subject.id)]
    operations.keep(work, Promised(
        origins=(Ref("answer", answer.id), *decided), title=_title(answer), department_id=answer.department_id,
        promised_on=answer.dated_on, due_on=due_on, goal=excerpt(answer.text_html, EXCERPT),
        field=_category(proposal.category), lines=_cost(answer.cost, due_on or answer.dated_on),
        neighbourhood_ids=[proposal.neighbourhood_id] if proposal.neighbourhood_id else []))


def _title(answer: Answer) -> str:
    title = answer.proposal.title
    return f"{title} (다르게 하기로 한 일)" if answer.outcome == AnswerOutcome.DIFFERENTLY else title


def of_outcome(work: Work, outcome: Outcome) -> None:
    """An outcome that decides for something, or says what else is done by a day, promises it; what its subject promised
    before is the same commitment."""
    if _promises_no_more(outcome):
        for kind, record_id in (("outcome", outcome.id), (outcome.subject, outcome.subject_id)):
            operations.lose_origin(work, kind, record_id, "declined")
        return
    known = queries.made_of("outcome", outcome.id)
    if known is not None:
        _move_day(work, known, outcome.promised_on, records.version(outcome.id, outcome.version).why)
        return
    decides = kinds.with_capability(outcome.subject, Decidable)
    record = kinds.of(outcome.subject).record(outcome.subject_id)
    subject = Ref(outcome.subject, outcome.subject_id)
    answered = work.session.scalars(sa.select(Answer.id).where(
        Answer.proposal_id == outcome.subject_id,
        Answer.outcome.in_(ANSWERED_FOR))) if subject.kind == "proposal" else ()
    made = operations.keep(work, Promised(
        origins=(subject, Ref("outcome", outcome.id), *(Ref("answer", answer_id) for answer_id in answered)),
        title=outcome.title, department_id=outcome.department_id, promised_on=outcome.decided_on,
        due_on=outcome.promised_on, goal=excerpt(outcome.what_follows_html, EXCERPT),
        field=_field_of(work.session, subject, decides), neighbourhood_ids=decides.neighbourhoods(record),
        lines=_cost(outcome.cost, outcome.promised_on)))
    if made.due_on is None and outcome.promised_on is not None:
        _move_day(work, made.id, outcome.promised_on, on=outcome.decided_on)


def _promises_no_more(outcome: Outcome) -> bool:
    """True for one that promises nothing, and for one that was corrected from yes to no."""
    if outcome.decision in PROMISES:
        return False
    before = records.version(outcome.id, outcome.version - 1).content["decision"] if outcome.version > 1 else None
    return not outcome.promises or before in PROMISES


def of_project(work: Work, project: Project) -> None:
    """A project in the budget is promised, with its money and without a day until its department says one."""
    if project.state is ProjectState.DROPPED:
        operations.lose_origin(work, "project", project.id, "dropped")
    elif project.state in IN_BUDGET and queries.made_of("project", project.id) is None:
        year = work.session.scalar(sa.select(BudgetRound.year).where(BudgetRound.id == project.round_id))
        made = operations.keep(work, Promised(
            origins=(Ref("project", project.id),), title=project.title, department_id=project.department_id,
            promised_on=queries.decided_on(project), goal=excerpt(project.text_html, EXCERPT),
            field=_category(project.category),
            neighbourhood_ids=[project.neighbourhood_id] if project.neighbourhood_id else [],
            lines=(Line(year, Source.DISTRICT, "", project.cost, project.decided_amount, None),)))
        if project.state is ProjectState.DONE:
            done_on = queries.day_of_step(project.journey_id, f"project_{ProjectState.DONE}")
            operations.put(work, made, EntryKind.STATUS, done_on or made.promised_on,
                           {"status": Status.DONE, "why": ""})


def redate(work: Work, commitment: Commitment) -> None:
    """Give what the site itself wrote of a project long after its round the day on which that was decided."""
    projects = [origin.record for origin in queries.origins(commitment.id) if origin.ref.kind == "project"]
    if commitment.origin != "project" or not projects:
        return
    decided_on, late = queries.decided_on(projects[0]), commitment.promised_on.isoformat()
    if decided_on >= commitment.promised_on:
        return
    for entry in queries.entries(commitment.id):
        if entry.by_id is None and entry.on == commitment.promised_on:
            entry.on = decided_on
            if entry.content.get("begins_on") == late:
                entry.content = {**entry.content, "begins_on": decided_on.isoformat()}
    commitment.promised_on = decided_on
    work.session.flush()


def of_decision(work: Work, decision: Decision) -> None:
    """A decision of a forum with a department, or with a day, is promised; until it has a department, moderators name
    it."""
    if decision.removed_at is not None:
        operations.lose_origin(work, "forum_decision", decision.id, "taken_away")
        return
    own = Ref("forum_decision", decision.id)
    known = queries.made_of(own.kind, own.id)
    if known is not None:
        commitment = queries.locked(known)
        _name_department(work, commitment, decision)
        _move_day(work, known, None if commitment.due_on else decision.due_on)
        return
    if decision.department_id is None and (decision.due_on is None or decision.department_name):
        return
    confirmed = _confirmed(decision)
    made = operations.keep(work, Promised(
        origins=(own, *confirmed), title=decision.text, department_id=decision.department_id,
        promised_on=local(decision.at).date(), due_on=decision.due_on))
    _name_department(work, made, decision)
    _move_day(work, made.id, None if made.due_on else decision.due_on)
    if confirmed:
        operations.note_news(work, made.id, queries.next_number(made.id) - 1)


def _confirmed(decision: Decision) -> Sequence[Ref]:
    """The decision of a hall about which a body decided this first: one promise, of which those who came hear."""
    item = item_behind(decision)
    about = item and item.about
    return [about] if about and about.kind == "forum_decision" and item.decision_ids[0] == decision.id else []


def of_meeting(work: Work, meeting: Meeting) -> None:
    """Changes of the money of commitments that a body decided, in public: entries that their departments approve."""
    shifts = [(commitment_id, item.number, item.title, money) for item in meeting.items if item.result in PASSED
              and (money := item.money) and (commitment_id := item.about_one("commitment"))]
    for commitment_id, number, title, money in sorted(shifts) if meeting.forum.announced_at else ():
        commitment = queries.locked(commitment_id)
        entry = operations.put(work, commitment, EntryKind.SHIFT, meeting.starts_on, {
            "item_from": money["from"], "item_to": money["to"], "of": money["of"], "moved": money["moved"],
            "why": f"{meeting.forum.title}: {title}"[:WHY_MOST],
            "link": f"/forums/{meeting.forum.slug}#item-{number}"}, by_id=work.actor.id, waits=True)
        work.record("commitments.proposed", commitment, entry=entry.number)
        work.emit(EntryProposed(commitment.id, entry.number, commitment.department_id))


def _name_department(work: Work, commitment: Commitment, decision: Decision) -> None:
    """The department that moderators named now; a changed text takes it from nobody to whom it was handed."""
    is_named = decision.earlier and decision.earlier[-1]["department"] != department_names().get(decision.department_id)
    if (is_named or commitment.department_id is None) and commitment.department_id != decision.department_id:
        operations.put(work, commitment, EntryKind.FACTS, local(work.at).date(),
                       {"department": decision.department_id, "person": None}, by_id=getattr(work.actor, "id", None))


def _move_day(work: Work, commitment_id: int, due_on: date | None, why: str | None = None, *,
              on: date | None = None) -> None:
    """A corrected day is a slip like any other: the one before stays to be seen. `why`: of the correction; `on`: not
    today, but when it was said. Raises Conflict for one on which somebody else has to decide first."""
    commitment = queries.locked(commitment_id)
    if due_on is not None and due_on != commitment.due_on:
        why = why or operations.in_korean(_l("약속한 글에서 날을 정했어요."))
        slip = Entry(0, EntryKind.SLIP, on or local(work.at).date(), {"to": due_on.isoformat(), "why": why})
        operations.refuse_undecided(commitment, queries.ledger(commitment_id), slip)
        operations.put(work, commitment, slip.kind, slip.on, slip.content, by_id=getattr(work.actor, "id", None))


def _cost(cost: int | None, on: date | None) -> tuple[Line, ...]:
    return (Line(on.year, Source.DISTRICT, "", cost, None, None),) if cost and on else ()


def _category(key: str | None) -> str:
    return categories()[key].name_ko if key else ""


def _field_of(session: Any, subject: Ref, decides: Decidable[Any]) -> str:
    """Field of the first of the proposals that it is about."""
    category = session.scalar(sa.select(Proposal.category).where(
        Proposal.id.in_(decides.proposals(subject.id)), Proposal.category.is_not(None)).order_by(Proposal.id).limit(1))
    return _category(category)
