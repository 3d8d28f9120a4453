"""Chosen projects with what the district council did with them, for those who enter it and for everybody."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from ..models import Envelope
from ..projects.models import CouncilStep, Project
from ..rules.states import WON, ProjectState
from .results import ResultRow


@dataclass(frozen=True)
class Chosen:
    """A project that the vote chose, and what the council made of it."""

    project: Project
    step: CouncilStep | None
    """None: nothing is entered yet."""

    @property
    def waits(self) -> bool:
        return self.project.state is ProjectState.CHOSEN

    @property
    def carried_on(self) -> ProjectState | None:
        """Steps that can be reported next."""
        return {ProjectState.IN_BUDGET: ProjectState.IN_PROGRESS,
                ProjectState.IN_PROGRESS: ProjectState.DONE}.get(self.project.state)


def chosen(round_id: int) -> list[Chosen]:
    """By envelope, in the order in which they were chosen."""
    rows = db.session.execute(
        sa.select(Project, CouncilStep).outerjoin(CouncilStep, CouncilStep.project_id == Project.id)
        .join(Envelope, Envelope.id == Project.envelope_id)
        .where(Project.round_id == round_id, Project.state.in_(sorted(WON)))
        .order_by(Envelope.position, Project.place_in_order, Project.code)
        .options(joinedload(Project.department)))
    return [Chosen(project, step) for project, step in rows]


def decided(round_id: int, code: str) -> Chosen:
    """One of which something is entered. Raises NotFound."""
    found = next((one for one in chosen(round_id) if one.project.code == code and one.step is not None), None)
    if found is None:
        raise NotFound(_("아직 적지 않은 사업이에요."))
    return found


@dataclass(frozen=True)
class Council:
    """Projects and money that the district council left of what was chosen."""

    chosen: list[ResultRow]
    decided: list[ResultRow]

    @property
    def is_complete(self) -> bool:
        return bool(self.chosen) and len(self.decided) == len(self.chosen)

    @property
    def money(self) -> int:
        """Won that were chosen."""
        return sum(line.cost for line in self.chosen)

    @property
    def confirmed(self) -> int:
        """Won that are in the budget."""
        return sum(line.council.amount for line in self.decided if line.council)

    @property
    def changed(self) -> list[ResultRow]:
        """Those of which it took something away."""
        return [line for line in self.decided if line.council and line.council.amount != line.cost]

    @property
    def kept(self) -> list[ResultRow]:
        """Those that it left as they were."""
        return [line for line in self.decided if line.council and line.council.amount == line.cost]


def council_of(funded: Iterable[ResultRow]) -> Council:
    """Those of the chosen projects that the council left."""
    won = list(funded)
    return Council(won, [line for line in won if line.council is not None])
