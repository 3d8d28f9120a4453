"""Commitments inside the transaction of another feature: made of what was promised, kept in step with their entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from civic_forum.blocks.kinds import Ref
from civic_forum.budgets.projects import operations as projects
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import ProjectState, may_move
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.district.queries import department_now
from civic_forum.outcomes import operations as outcomes
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries import participants
from civic_forum.outcomes.rules import Progress
from civic_forum.platform.base import upsert
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import Language, local, speaking
from civic_forum.platform.work import Work
from civic_forum.proposals.models import Follow

from . import faults, handing, labels, rules
from .events import CommitmentMade, EntryApproved
from .extensions import ENTRY
from .ledger import sort_day
from .models import EDITION, Commitment, CommitmentEntry, CommitmentNews, CommitmentOrigin
from .queries import records as queries
from .rules import CommitmentKind, Entry, EntryKind, EntryState, Ledger, Line, Status, Unit

CARRIES = (EntryKind.REACHED, EntryKind.STATUS, EntryKind.QUARTER, EntryKind.LOG)
"""Entries that bring what it came from along."""


@dataclass(frozen=True)
class Promised:
    """Something that was promised, as far as the thing in which it was promised says it."""

    origins: Sequence[Ref]
    """The first is where it was made."""
    title: str
    department_id: int | None
    promised_on: date
    due_on: date | None = None
    goal: str = ""
    field: str = ""
    neighbourhood_ids: Sequence[int] = ()
    lines: Sequence[Line] = ()


def keep(work: Work, promised: Promised) -> Commitment:
    """The commitment of this promise: a new one, or the one that one of its origins made, which gets the others."""
    known = work.session.scalar(sa.select(CommitmentOrigin.commitment_id).where(sa.or_(*(
        sa.and_(CommitmentOrigin.kind == origin.kind, CommitmentOrigin.record_id == origin.id)
        for origin in promised.origins))).order_by(CommitmentOrigin.commitment_id).limit(1))
    if known is not None:
        commitment = queries.locked(known)
        add_origins(work, commitment, promised.origins)
        return commitment
    facts = {"title": promised.title[:rules.TITLE_MOST], "goal": promised.goal[:rules.GOAL_MOST],
             "field": promised.field[:rules.FIELD_MOST], "department": department_now(promised.department_id),
             "due_on": promised.due_on and promised.due_on.isoformat(), "kinds": [CommitmentKind.NEW],
             "begins_on": promised.promised_on.isoformat(), "neighbourhoods": list(promised.neighbourhood_ids)}
    commitment = _stored(work, promised.origins[0].kind, promised.promised_on, facts["title"])
    add_origins(work, commitment, promised.origins)
    _put_first(work, commitment, promised.promised_on, (EntryKind.FACTS, facts), *(
        [(EntryKind.MONEY, money(promised.lines, None))] if promised.lines else []),
        (EntryKind.STATUS, {"status": Status.ON_TRACK, "why": ""}))
    work.record("commitments.made", commitment)
    note_news(work, commitment.id, 1, told=True)
    work.emit(CommitmentMade(commitment.id))
    return commitment


def begin(work: Work, origin: str, promised_on: date, facts: Mapping[str, Any], *,
          by_id: int | None = None) -> Commitment:
    """A commitment with its first entry."""
    commitment = _stored(work, origin, promised_on, facts["title"])
    put(work, commitment, EntryKind.FACTS, promised_on, facts, by_id=by_id)
    work.record("commitments.made", commitment)
    return commitment


def _stored(work: Work, origin: str, promised_on: date, title: str) -> Commitment:
    return work.store(Commitment(origin=origin, title=title, promised_on=promised_on, version=0))


def _put_first(work: Work, commitment: Commitment, on: date, *entries: tuple[EntryKind, Mapping[str, Any]]) -> None:
    """Entries of one that has none yet; all count at once."""
    commitment.version = len(entries)
    work.session.add_all(CommitmentEntry(
        commitment_id=commitment.id, number=number, kind=kind, state=EntryState.APPROVED, on=on, content=dict(content),
        at=work.at, decided_at=work.at, place=number) for number, (kind, content) in enumerate(entries, 1))
    work.session.flush()
    project(work, commitment, queries.ledger(commitment.id))
    for number in range(1, len(entries) + 1):
        work.emit(EntryApproved(commitment.id, number))


def add_origins(work: Work, commitment: Commitment, origins: Sequence[Ref]) -> None:
    work.session.execute(upsert(CommitmentOrigin).values([
        {"commitment_id": commitment.id, "kind": origin.kind, "record_id": origin.id} for origin in origins])
        .on_conflict_do_nothing(index_elements=["kind", "record_id"]))


def money(lines: Sequence[Line], total: int | None) -> dict[str, Any]:
    """Content of an entry of money."""
    return {"total": total, "lines": list(map(rules.row_of, lines))}


def put(work: Work, commitment: Commitment, kind: EntryKind, on: date, content: Mapping[str, Any], *,
        by_id: int | None = None, corrects: int | None = None, why: str | None = None,
        waits: bool = False) -> CommitmentEntry:
    """Write an entry down. Unless it `waits` for a second official, it counts at once."""
    commitment.version += 1
    entry = CommitmentEntry(
        commitment_id=commitment.id, number=queries.next_number(commitment.id), kind=kind, state=EntryState.WAITING,
        on=on, content=dict(content), corrects=corrects, why=why, by_id=by_id, at=work.at)
    work.session.add(entry)
    if waits:
        work.session.flush()
        commitment.waiting += 1
        return entry
    approve(work, commitment, entry, by_id=by_id)
    return entry


def refuse_undecided(commitment: Commitment, ledger: Ledger, entry: Entry) -> None:
    """Raises Conflict for an entry on which somebody else has to decide first."""
    if reason := next(iter(ENTRY.ask(commitment, ledger, entry)), None):
        raise Conflict(reason)


def approve(work: Work, commitment: Commitment, entry: CommitmentEntry, *, by_id: int | None) -> Ledger:
    """Let an entry count, and bring everything in step with it."""
    entry.state, entry.decided_by_id, entry.decided_at = EntryState.APPROVED, by_id, work.at
    entry.place = queries.next_place(commitment.id)
    work.session.flush()
    ledger = queries.ledger(commitment.id)
    project(work, commitment, ledger)
    work.emit(EntryApproved(commitment.id, entry.number))
    return ledger


def project(work: Work, commitment: Commitment, ledger: Ledger) -> None:
    """Write what the entries come to into the columns that lists and sums ask."""
    session, facts, sums = work.session, ledger.facts, ledger.sums
    hidden = queries.hidden_texts(commitment.id)
    commitment.title = in_korean(labels.HIDDEN) if facts["title"] in hidden else facts["title"]
    commitment.goal = "" if facts.get("goal") in hidden else facts.get("goal") or ""
    commitment.field, commitment.code = facts.get("field") or "", facts.get("code") or None
    commitment.department_id, commitment.person_id = facts.get("department"), facts.get("person")
    commitment.with_all, commitment.kinds = bool(facts.get("with_all")), list(facts.get("kinds", ()))
    commitment.unit = Unit(facts.get("unit", Unit.THOUSAND))
    commitment.begins_on, commitment.ends_on = rules.day(facts.get("begins_on")), rules.day(facts.get("ends_on"))
    commitment.cooperating = _rows(session, Department, facts.get("cooperating"))
    commitment.neighbourhoods = _rows(session, Neighbourhood, facts.get("neighbourhoods"))
    commitment.status, commitment.progress, commitment.done_on = ledger.status, ledger.progress, ledger.done_on
    commitment.due_on, commitment.first_due_on = ledger.due_on, ledger.first_due_on
    commitment.next_due_on, commitment.next_first_on = ledger.next_days
    commitment.sort_on = sort_day(ledger, has_term=commitment.term_ends_on is not None)
    commitment.told_on = max(ledger.told_on, commitment.promised_on) if ledger.told_on else None
    commitment.reported, commitment.edition = ledger.reported, EDITION
    commitment.steps, commitment.reached = len(ledger.milestones), sum(step.is_shown for step in ledger.milestones)
    commitment.planned, commitment.secured, commitment.executed = ledger.planned, sums.secured, sums.executed
    if facts.get("money_shared"):  # it counts with the commitment that it is a part of
        commitment.planned = commitment.secured = commitment.executed = None
    commitment.last_quarter, commitment.origin_lost = ledger.last_quarter, bool(ledger.origin_lost)
    session.flush()


def in_korean(text: object) -> str:
    """A text that is kept, whatever language the page is in on which it came about."""
    with speaking(Language.KO):
        return str(text)


def _rows(session: Any, model: type[Any], ids: Sequence[int] | None) -> list[Any]:
    return list(session.scalars(sa.select(model).where(model.id.in_(ids)))) if ids else []


def follow_up(work: Work, commitment: Commitment, entry: CommitmentEntry, ledger: Ledger, told: str) -> None:
    """Bring what it came from as far as the commitment is, and note who is to be told. The caller holds the locks of
    the origins (`queries.hold_origins`)."""
    if entry.kind in CARRIES:
        _carry(work, commitment, entry.on, ledger, told)
    if (entry.kind is EntryKind.SLIP and not entry.content.get("milestone")
            and (outcome := queries.outcome_of(commitment.id)) is not None):
        outcome.promised_on = ledger.due_on or outcome.promised_on
    if entry.kind in rules.TELLS:
        note_news(work, commitment.id, entry.number)


def _carry(work: Work, commitment: Commitment, on: date, ledger: Ledger, told: str) -> None:
    """One outcome says it for all; without one each thing in which it was made is brought along."""
    progress, link = progress_of(ledger), f"/commitments/{commitment.id}"
    outcome = queries.outcome_of(commitment.id)
    if outcome is not None:
        outcomes.carried_out(work, outcome, progress, on=ledger.done_on or on, spent=ledger.sums.executed, told=told)
    for origin in queries.origins(commitment.id):
        if isinstance(origin.record, Project):
            _move_project(work, origin.record, progress, told, link)
        elif outcome is None and origin.decides is not None:
            outcomes.move_proposals(work, origin.decides, origin.record, progress, told, link)


def progress_of(ledger: Ledger) -> Progress:
    if ledger.status is Status.DONE:
        return Progress.DONE
    began = any(milestone.is_shown for milestone in ledger.milestones) or ledger.quarters or ledger.logs
    return Progress.IN_PROGRESS if began else Progress.PROMISED


def _move_project(work: Work, record: Project, progress: Progress, told: str, link: str) -> None:
    for after in (ProjectState.IN_PROGRESS, ProjectState.DONE)[:list(Progress).index(progress)]:
        if may_move(record.state, after):
            projects.move(work, record, after, evidence=told, link=link)


def note_news(work: Work, commitment_id: int, number: int, *, told: bool = False) -> None:
    """Note for everybody who took part in what the commitment came from that they hear of this entry; `told`: they did
    already, by the notice of the answer or the outcome. Who took part in the vote that chose it is noted by a job."""
    if not told:
        work.session.execute(sa.update(CommitmentEntry).values(for_voters=True).where(
            CommitmentEntry.commitment_id == commitment_id, CommitmentEntry.number == number))
    for origin in queries.origins(commitment_id):
        if origin.decides is None:
            continue
        subject = Outcome(subject=origin.ref.kind, subject_id=origin.ref.id)
        followers = sa.select(Follow.user_id).where(Follow.proposal_id.in_(participants.proposals_of(subject)))
        for query in (participants.of(subject), followers):
            people = query.subquery()
            work.session.execute(upsert(CommitmentNews).from_select(
                ["user_id", "commitment_id", "number", "told_at"],
                sa.select(people.c.user_id, sa.literal(commitment_id), sa.literal(number),
                          sa.literal(work.at if told else None, CommitmentNews.told_at.type)).distinct()
                .where(people.c.user_id.is_not(None)).order_by(people.c.user_id)).on_conflict_do_nothing())


def tell(work: Work, commitment_id: int, told: str, *, is_done: bool) -> None:
    """Write down what was told on the page of what a commitment came from. Done there is done here, unless milestones
    are left: then its department is asked for what shows them."""
    commitment, on = queries.locked(commitment_id), local(work.at).date()
    by_id = getattr(work.actor, "id", None)
    put(work, commitment, EntryKind.LOG, on, {"text": told[:rules.TEXT_MOST]}, by_id=by_id)
    done = {"status": Status.DONE, "why": ""}
    if is_done and faults.fault(queries.ledger(commitment_id), Entry(0, EntryKind.STATUS, on, done)) is None:
        note_news(work, commitment_id, put(work, commitment, EntryKind.STATUS, on, done, by_id=by_id).number)


def lose_origin(work: Work, kind: str, record_id: int, step: str) -> None:
    """Note that what a commitment came from is gone: the promise stands, also as kept, until its department says what
    follows."""
    commitment_id = queries.made_of(kind, record_id)
    if commitment_id is None:
        return
    commitment = queries.locked(commitment_id)
    if commitment.status is Status.DROPPED or commitment.origin_lost:
        return
    put(work, commitment, EntryKind.ORIGIN, local(work.at).date(), {"step": step})


def drop(work: Work, origin: Ref, why: str) -> bool:
    """End the commitment that this thing made, before it is done, for a reason. True if there was one."""
    commitment_id = queries.made_of(origin.kind, origin.id)
    if commitment_id is None or (commitment := queries.locked(commitment_id)).status in rules.OVER:
        return False
    on, why = local(work.at).date(), in_korean(why)
    made = put(work, commitment, EntryKind.STATUS, on, {"status": Status.DROPPED, "why": why})
    follow_up(work, commitment, made, queries.ledger(commitment_id), why)
    return True


def name_person(work: Work, commitment: Commitment, person_id: int | None) -> None:
    """An entry of the site itself: who was in charge leaves."""
    put(work, commitment, EntryKind.FACTS, local(work.at).date(), {"person": person_id})


def hand_over(work: Work, commitment: Commitment, department_id: int) -> None:
    """An entry of the site itself: the department was closed and has a successor. Who is in charge stays."""
    put(work, commitment, EntryKind.FACTS, local(work.at).date(),
        {"department": department_id, handing.FROM: commitment.department_id})
