"""The last guard: once a vote of a round is open, nothing that people vote on or by is written any more.

Every service refuses already; this says it for whatever is written past them.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session, object_session

from civic_forum.ballots.models import BallotBox

from ..rules.phases import BEFORE_VOTING, Phase
from .projects import Project, ProjectVersion
from .rounds import (BudgetPhase, BudgetRound, ChoiceGroup, Envelope, ExclusionGroup, ExclusionReason, ProjectKind)

ROUND = frozenset((
    "slug", "title", "programme", "year", "description", "description_html", "texts", "project_cap",
    "review_due_days", "second_look_days", "counting", "counting_note", "draw", "binding", "publishes",
    "eligibility", "admits_residents", "admits_members", "roll_source", "min_age", "roll_fixed_on", "roll_check_from",
    "roll_check_to", "paper_until", "committee_size", "committee_fixed_at", "committee_note", "opened_at"))
"""Of a round. What may still change: its version, and who answered for an election season."""
ENVELOPE = frozenset((
    "round_id", "slug", "position", "name", "texts", "amount", "theme", "neighbourhood_id", "max_choices", "exactly",
    "within_money", "min_votes", "counting", "roll_id", "voters_of"))
"""Of an envelope. Its box may still be made, of what stands here."""
PROJECT = frozenset((
    "round_id", "envelope_id", "code", "number", "kind_id", "group_id", "exclusion_id", "merged_into_id", "category",
    "neighbourhood_id", "title", "text", "place", "scope", "cost", "cost_note", "proposed_cost", "texts",
    "committee_votes"))
"""Of a project. What may still change: its state, its place in the order, what the council left of it, the department
that answers for it, whether it is hidden, and whose it was."""
NUMBER = frozenset(("number",))
"""Of a project, once the box of its own envelope is open."""
WHOLE = (ChoiceGroup, ExclusionGroup, ExclusionReason, ProjectKind, ProjectVersion)
"""Of these nothing changes, none comes and none goes."""
TO_THE_VOTE = frozenset((*BEFORE_VOTING, Phase.VOTING))
MOMENTS = frozenset(("round_id", "phase", "starts_at", "ends_at"))
"""Of a phase; its note may be written anew."""


class Frozen(Exception):
    """Something in the site tried to change a round whose vote is open: a fault of ours, never of a person."""


def _is_open(connection, round_id: int | None) -> bool:
    """As it is written; whoever opens a vote writes it under the lock of the round."""
    found = sa.select(BudgetRound.opened_at).where(BudgetRound.id == round_id)
    return connection.scalar(found) is not None


def _changed(record, names: frozenset[str]) -> str | None:
    attributes = sa.inspect(record).attrs
    return next((name for name in sorted(names) if attributes[name].history.has_changes()), None)


@sa.event.listens_for(BudgetRound, "before_update")
def _keep_the_round(_mapper, connection, budget_round: BudgetRound) -> None:
    name = _changed(budget_round, ROUND)
    if name is not None and _is_open(connection, budget_round.id):
        raise Frozen(f"{name} of a round whose vote is open")


@sa.event.listens_for(Envelope, "before_update")
def _keep_the_envelope(_mapper, connection, envelope: Envelope) -> None:
    name = _changed(envelope, ENVELOPE)
    if name is not None and _is_open(connection, _before(envelope, "round_id")):
        raise Frozen(f"{name} of an envelope whose vote is open")


@sa.event.listens_for(Project, "before_update")
def _keep_the_project(_mapper, connection, project: Project) -> None:
    name = _changed(project, PROJECT - NUMBER)
    if name is not None and _is_open(connection, _before(project, "round_id")):
        raise Frozen(f"{name} of a project that is voted on")
    if _changed(project, NUMBER) and _is_on_an_open_ballot(connection, _before(project, "envelope_id")):
        raise Frozen("number of a project that is voted on")


def _is_on_an_open_ballot(connection, envelope_id: int) -> bool:
    """True if its box is open. Before the first opening a hidden project gives its number back."""
    found = sa.select(BallotBox.opened_at).join(Envelope, Envelope.box_id == BallotBox.id)
    return connection.scalar(found.where(Envelope.id == envelope_id)) is not None


def _before(record, name: str):
    """Value that the row still has."""
    history = sa.inspect(record).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(record, name)


@sa.event.listens_for(BudgetPhase, "before_insert")
@sa.event.listens_for(BudgetPhase, "before_delete")
def _keep_the_days(_mapper, connection, phase: BudgetPhase) -> None:
    """The vote and what was before it; the days after it may still move."""
    if {phase.phase, _before(phase, "phase")} & TO_THE_VOTE and _is_open(connection, phase.round_id):
        raise Frozen(f"{phase.phase} of a round whose vote is open")


@sa.event.listens_for(BudgetPhase, "before_update")
def _keep_their_moments(mapper, connection, phase: BudgetPhase) -> None:
    if _changed(phase, MOMENTS) is not None:
        _keep_the_days(mapper, connection, phase)


@sa.event.listens_for(Envelope, "before_insert")
@sa.event.listens_for(Envelope, "before_delete")
@sa.event.listens_for(Project, "before_insert")
@sa.event.listens_for(Project, "before_delete")
def _keep_their_number(_mapper, connection, record) -> None:
    if _is_open(connection, record.round_id):
        raise Frozen(f"{record.__tablename__} of a round whose vote is open")


def _keep_whole(_mapper, connection, record) -> None:
    if _is_open(connection, _round_of(connection, record)):
        raise Frozen(f"{record.__tablename__} of a round whose vote is open")


def _keep_unchanged(mapper, connection, record) -> None:
    if object_session(record).is_modified(record):
        _keep_whole(mapper, connection, record)


def _round_of(connection, record) -> int | None:
    if isinstance(record, ProjectVersion):
        return connection.scalar(sa.select(Project.round_id).where(Project.id == record.project_id))
    if isinstance(record, ChoiceGroup | ExclusionGroup):
        return connection.scalar(sa.select(Envelope.round_id).where(Envelope.id == record.envelope_id))
    return record.round_id


for _model in WHOLE:
    sa.event.listen(_model, "before_insert", _keep_whole)
    sa.event.listen(_model, "before_delete", _keep_whole)
    sa.event.listen(_model, "before_update", _keep_unchanged)


@sa.event.listens_for(Session, "do_orm_execute")
def _keep_in_bulk(state) -> None:
    """A statement that writes many rows at once names no record: it may not touch what is frozen."""
    if not (state.is_update or state.is_delete):
        return
    mapper = state.bind_mapper
    if mapper is None or mapper.class_ not in (BudgetRound, Envelope, Project, BudgetPhase, *WHOLE):
        return
    columns = {getattr(column, "key", column) for column in getattr(state.statement, "_values", None) or ()}
    frozen = {BudgetRound: ROUND, Envelope: ENVELOPE, Project: PROJECT}.get(mapper.class_)
    if state.is_delete or frozen is None or columns & frozen:
        raise Frozen(f"{mapper.local_table.name} is written row by row")
