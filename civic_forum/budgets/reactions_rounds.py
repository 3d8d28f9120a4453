"""Registrations of envelopes with ballots, and of their opening with the round. `reactions` imports it."""

from civic_forum.ballots.events import BoxOpened
from civic_forum.journeys import steps as journeys
from civic_forum.platform import hooks
from civic_forum.platform.i18n import _l
from civic_forum.platform.waiting import ENTRIES, DeskEntry
from civic_forum.platform.work import going_on

from .events import ProjectMoved
from .kinds import ENVELOPE
from .queries import preparing, records
from .rules.states import ProjectState
from .rounds import opening


@hooks.on(BoxOpened)
def freeze(fact, session) -> None:
    """The first box that is opened closes the round to changes; the projects of each stand on its ballot for good."""
    if not ENVELOPE.names(fact.subject):
        return
    envelope = records.envelope_by_subject(fact.subject)
    budget_round, work = envelope.round, going_on()
    if budget_round.opened_at is None:
        opening.end_the_vote(budget_round)
        session.flush()
        budget_round.opened_at = work.at
        budget_round.version += 1
        work.record("budgets.opened", budget_round)
    projects = preparing.held_projects([preparing.numbered(envelope.id)])
    for project in projects:
        project.state = ProjectState.ON_BALLOT
    session.flush()
    journeys.add_to_all(session, [one.journey_id for one in projects if one.journey_id], "project_on_ballot",
                        at=work.at)
    for project in projects:
        work.emit(ProjectMoved(project.id))


ENTRIES["budgets"] = DeskEntry("budgets.see_desk", _l("주민참여예산 준비하기"), "budget_desk.rounds")
