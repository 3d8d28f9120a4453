"""Files of a round to take home: the vote of an envelope as a Pabulib file, its projects and results as tables."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from civic_forum.ballots.published import records as record_files
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _

from ..formats.pabulib import file_of_vote
from ..formats.pabulib.parsing import PabulibFile
from ..formats.records import choices_of
from .. import labels
from ..models import BudgetRound, Envelope
from ..projects.models import Project
from . import queries
from .labels import SHORT

BALLOTS = "ballots"
"""`publishes` of a box whose whole ballots everybody gets."""
AT_A_TIME = 200


def election(envelope: Envelope, *, unit: str) -> PabulibFile:
    """The published vote of an envelope: with every ballot where whole ballots are published, else with totals alone.

    Raises Conflict until it is published. `unit` is what the district is called in the file.
    """
    if not queries.is_published(envelope):
        raise Conflict(_("아직 결과를 공개하지 않은 투표예요."))
    box = envelope.box
    definition, result = json.loads(box.definition), json.loads(box.result)
    if "small" in result:
        raise Conflict(_("투표한 사람이 적어서 표 수를 공개하지 않는 투표예요. 그래서 pb 파일이 없어요."))
    hidden = {project.code: queries.title_of(project) for project in db.session.scalars(
        sa.select(Project).where(Project.envelope_id == envelope.id, Project.hidden_at.is_not(None)))}
    for option in definition["options"]:
        option["title"] = hidden.get(option["code"], option["title"])
    choices = choices_of(record_files.public(box)) if box.publishes == BALLOTS else None
    return file_of_vote(definition, result, choices, unit=unit, year=envelope.round.year)


def projects(budget_round: BudgetRound) -> Iterator[tuple]:
    """Every project of a round, a row for each, in the order of codes; of those that are hidden no text."""
    last = 0
    statement = sa.select(Project).filter_by(round_id=budget_round.id).order_by(Project.id).limit(AT_A_TIME).options(
        joinedload(Project.envelope), joinedload(Project.kind), joinedload(Project.group),
        joinedload(Project.department), joinedload(Project.neighbourhood), joinedload(Project.proposal),
        joinedload(Project.merged_into))
    while rows := list(db.session.scalars(statement.where(Project.id > last))):
        last = rows[-1].id
        yield from map(_project, rows)
        db.session.expunge_all()


def _project(project: Project) -> tuple:
    shown = project.hidden_at is None
    return (project.code, queries.title_of(project), project.envelope.name,
            project.neighbourhood and project.neighbourhood.name, project.kind and project.kind.name,
            project.group and project.group.name, str(labels.STATE[project.state]), project.cost,
            project.proposed_cost, project.department and project.department.name, project.place if shown else None,
            project.scope if shown else None, project.text if shown else None,
            project.proposal and project.proposal.number, project.merged_into and project.merged_into.code,
            project.created_at)


def outcomes(budget_round: BudgetRound) -> Iterator[tuple]:
    """Every project whose result is published, by envelope: funded ones in their order, then as the count lists them.

    Where few voted, and of projects that were chosen elsewhere than in a vote of this site, there are no votes and no
    reason.
    """
    for part in queries.of_round(budget_round):
        if part.result is not None:
            committee = part.result.committee or {}
            for line in part.result.lines:
                yield _outcome(line, part.envelope.name, committee.get(line.project.code))
        for line in part.few.lines if part.few else ():
            yield _outcome(line, part.envelope.name, None)
        for project in part.elsewhere:
            yield (part.envelope.name, project.place_in_order, project.code, queries.title_of(project),
                   project.neighbourhood and project.neighbourhood.name, project.cost, None, None, None,
                   str(labels.STATE[project.state]), project.decided_amount, None)


def _outcome(line: queries.ResultRow, envelope: str, committee: int | None) -> tuple:
    project, step = line.project, line.council
    reason = None if line.place or line.said is None else str(SHORT[line.said.reason])
    return (envelope, line.place, project.code, line.title, project.neighbourhood and project.neighbourhood.name,
            line.cost, None if line.said is None else line.votes, committee, reason, str(labels.STATE[project.state]),
            step and step.amount, step and step.reason)
