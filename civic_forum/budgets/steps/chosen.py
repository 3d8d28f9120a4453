"""Consequences for chosen projects, in their own journeys and in those of the proposals behind them."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from civic_forum.journeys import steps as journeys
from civic_forum.platform.work import Work
from civic_forum.proposals import queries as proposals

from ..projects import operations as steps
from ..projects.models import Project
from ..queries import records
from ..rules.states import ProjectState


def held(session, project_ids: Collection[int]) -> list[Project]:
    """These projects, locked after the proposals behind them, in the order of their ids."""
    behind = session.scalars(sa.select(Project.proposal_id).where(
        Project.id.in_(project_ids), Project.proposal_id.is_not(None)))
    for proposal_id in sorted(set(behind)):
        proposals.locked(proposal_id)
    return [records.locked_project(project_id) for project_id in sorted(project_ids)]


def move(work: Work, project: Project, after: ProjectState, *, evidence: str, link: str | None = None) -> None:
    """The next state, with the same public step for the project and for its proposal. The caller holds both.

    Raises Conflict when the table of moves has no such way.
    """
    link = link or steps.address(project)
    steps.move(work, project, after, evidence=evidence, link=link)
    _tell_proposal(work, project, f"project_{after.value}", work.at, evidence, link)


def note(work: Work, project: Project, step: str, *, evidence: str) -> None:
    """A public step without another state. The caller holds the project and its proposal."""
    link = steps.address(project)
    if project.journey_id is not None:
        journeys.add(work.session, project.journey_id, step, at=work.at, evidence=evidence, link=link)
    _tell_proposal(work, project, step, work.at, evidence, link)


def _tell_proposal(work: Work, project: Project, step: str, at: datetime, evidence: str, link: str) -> None:
    proposal = project.proposal
    if proposal is not None and proposal.journey_id is not None:
        journeys.add(work.session, proposal.journey_id, step, at=at, evidence=evidence, link=link)
