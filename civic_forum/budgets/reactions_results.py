"""Reactions to the publication of an envelope's vote: its projects become chosen or not chosen."""

import json

import sqlalchemy as sa

from civic_forum.ballots.events import BoxPublished
from civic_forum.ballots.models import BallotBox
from civic_forum.platform import hooks, work

from .kinds import ENVELOPE
from .projects.models import Project
from .queries import records
from .rules.states import ProjectState
from .results import labels
from .results import council as steps


@hooks.on(BoxPublished)
def say_what_was_chosen(fact: BoxPublished, session) -> None:
    """As the signed outcome says. The box is locked by whoever publishes it, so no edit of the round is under way."""
    if not ENVELOPE.names(fact.subject):
        return
    box = session.get_one(BallotBox, fact.box_id)
    if box.rehearsal:
        return
    envelope = records.envelope_by_subject(fact.subject)
    result = json.loads(box.result)
    said = labels.said_of(envelope.name, result)
    on_ballot = session.scalars(sa.select(Project.id).where(
        Project.envelope_id == envelope.id, Project.state == ProjectState.ON_BALLOT))
    going_on, link = work.going_on(), f"/budgets/{envelope.round.slug}/{envelope.slug}/results"
    for project in steps.held(session, list(on_ballot)):
        project.place_in_order = said.places.get(project.code)
        after = ProjectState.CHOSEN if project.code in said.selected else ProjectState.NOT_CHOSEN
        steps.move(going_on, project, after, evidence=said.evidence(project.code), link=f"{link}/{project.code}")
