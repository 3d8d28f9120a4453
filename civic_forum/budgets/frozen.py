"""The last guard: once a vote of a round is open, nothing that people vote on or by is written any more.

Every service refuses already; this says it for whatever is written past them. A column is frozen unless it is named
here, so a new one is frozen by itself.
"""

from collections.abc import Collection
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState

from civic_forum.ballots.models import BallotBox
from civic_forum.blocks.kinds import WrongDeclaration
from civic_forum.platform.base import BULK_GUARDS

from .models import BudgetPhase, BudgetRound, ChoiceGroup, Envelope, ExclusionGroup, ExclusionReason, ProjectKind
from .projects.models import Project, ProjectVersion
from .rules import BEFORE_VOTING, Phase

MAY_CHANGE: dict[type, frozenset[str]] = {
    BudgetRound: frozenset(("version", "department_id", "season_accepted_by_id", "season_accepted_at")),
    BudgetPhase: frozenset(("note",)),
    Envelope: frozenset(("box_id",)),
    Project: frozenset(("number", "state", "place_in_order", "decided_amount", "department_id", "hidden_at",
                        "hidden_rule", "author_id")),
    ProjectVersion: frozenset(), ChoiceGroup: frozenset(), ExclusionGroup: frozenset(), ExclusionReason: frozenset(),
    ProjectKind: frozenset(),
}
"""The columns that may still be written once a vote is open; all others of these tables are frozen, and no row comes or
goes. A box may still be made for an envelope, of what stands there. The number of a project is frozen with the box of
its own envelope: before that a hidden project gives it back. The days after the vote may still move."""
TO_THE_VOTE = frozenset((*BEFORE_VOTING, Phase.VOTING))


class Frozen(Exception):
    """Something in the site tried to change a round whose vote is open: a fault of ours, never of a person."""


def freeze(model: type, may_change: Collection[str]) -> None:
    """Keep the rows of a table as they are once their vote is open, but for these columns. Raises WrongDeclaration for
    a column that the table does not have."""
    if unknown := set(may_change) - set(sa.inspect(model).columns.keys()):
        raise WrongDeclaration(f"{model.__name__} has no column {', '.join(sorted(unknown))} that may still change.")
    sa.event.listen(model, "before_insert", _keep_their_number)
    sa.event.listen(model, "before_delete", _keep_their_number)
    sa.event.listen(model, "before_update", lambda _mapper, connection, record: _keep(connection, record, may_change))
    BULK_GUARDS[model] = lambda state: _keep_in_bulk(state, may_change)


@cache
def _names(model: type) -> tuple[str, ...]:
    """Names of all that is written of a record: its columns, and the links that have a table of their own."""
    mapper = sa.inspect(model)
    linked = [link.key for link in mapper.relationships if link.secondary is not None]
    return tuple(sorted([*mapper.columns.keys(), *linked]))


def _keep(connection, record, may_change: Collection[str]) -> None:
    changed = [name for name in _names(type(record)) if sa.inspect(record).attrs[name].history.has_changes()]
    name = next((name for name in changed if name not in may_change), None)
    if name is not None and _is_kept(connection, record):
        raise Frozen(f"{name} of {_called(record)} whose vote is open")
    if isinstance(record, Project) and "number" in changed and _is_on_an_open_ballot(connection, record):
        raise Frozen("number of a project that is voted on")


def _keep_their_number(_mapper, connection, record) -> None:
    if _is_kept(connection, record):
        raise Frozen(f"{_called(record)} of a round whose vote is open")


def _called(record) -> str:
    table = sa.inspect(record).mapper.local_table.name
    return f"{table} {record.phase}" if isinstance(record, BudgetPhase) else table


def _is_kept(connection, record) -> bool:
    """True if the vote of its round is open, as it is written; whoever opens one writes it under the lock of the round.
    """
    if isinstance(record, BudgetPhase) and not {record.phase, _before(record, "phase")} & TO_THE_VOTE:
        return False
    statement = sa.select(BudgetRound.opened_at).where(BudgetRound.id == _round_of(connection, record))
    return connection.scalar(statement) is not None


def _round_of(connection, record) -> int | None:
    if isinstance(record, BudgetRound):
        return _before(record, "id")
    if isinstance(record, ProjectVersion):
        return connection.scalar(sa.select(Project.round_id).where(Project.id == _before(record, "project_id")))
    if isinstance(record, ChoiceGroup | ExclusionGroup):
        return connection.scalar(sa.select(Envelope.round_id).where(Envelope.id == _before(record, "envelope_id")))
    return _before(record, "round_id")


def _is_on_an_open_ballot(connection, project: Project) -> bool:
    statement = sa.select(BallotBox.opened_at).join(Envelope, Envelope.box_id == BallotBox.id)
    return connection.scalar(statement.where(Envelope.id == _before(project, "envelope_id"))) is not None


def _before(record, name: str):
    """Value that the row still has."""
    history = sa.inspect(record).attrs[name].history
    return history.deleted[0] if history.deleted else getattr(record, name)


def _keep_in_bulk(state: ORMExecuteState, may_change: Collection[str]) -> None:
    """A statement that writes many rows at once names no record: it may not touch what is frozen."""
    columns = {getattr(column, "key", column) for column in getattr(state.statement, "_values", None) or ()}
    if state.is_delete or not columns or columns - set(may_change) or "number" in columns:
        raise Frozen(f"{state.bind_mapper.local_table.name} is written row by row")


for _model, _may_change in MAY_CHANGE.items():
    freeze(_model, _may_change)
