"""Registrations of envelopes with ballots, and of their opening with the round. `reactions` imports it."""

from civic_forum.ballots import subjects
from civic_forum.ballots.events import BoxOpened
from civic_forum.ballots.models import BallotBox
from civic_forum.journeys import steps as journeys
from civic_forum.kernel import clock, hooks
from civic_forum.kernel.i18n import _, _l
from civic_forum.kernel.registries import DeskEntry, registries
from civic_forum.kernel.work import going_on

from .definition import definition
from .events import ProjectMoved
from .models import Envelope
from .policy.preparing import why_not_object
from .queries import preparing, records
from .rules.states import ProjectState
from .services import opening
from .steps.counting import outcome

KIND = "envelope"


@hooks.on(BoxOpened)
def freeze(fact, session) -> None:
    """The first box that is opened closes the round to changes; the projects of each stand on its ballot for good."""
    if not fact.subject.startswith(f"{KIND}:"):
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


def _of(box: BallotBox) -> Envelope:
    return records.envelope_by_subject(box.subject)


def _named(name: str) -> Envelope | None:
    """`<round>/<envelope>`, as people call a vote of a round."""
    slug, _slash, envelope = name.partition("/")
    budget_round = records.slugged(slug) if envelope else None
    return next((one for one in budget_round.envelopes if one.slug == envelope), None) if budget_round else None


def _box_named(name: str) -> BallotBox | None:
    envelope = _named(name)
    return envelope.box if envelope else None


def _roll_named(name: str) -> int | None:
    envelope = _named(name)
    return envelope.roll_id if envelope else None


def _url(box: BallotBox) -> str:
    envelope = _of(box)
    return f"/budgets/{envelope.round.slug}/{envelope.slug}"


def _title(box: BallotBox) -> str:
    envelope = _of(box)
    return f"{envelope.round.title} — {envelope.name}"


def _way(box: BallotBox) -> list[tuple[str, str]]:
    envelope = _of(box)
    return [(_("주민참여예산"), "/budgets"), (envelope.round.title, f"/budgets/{envelope.round.slug}"),
            (envelope.name, _url(box))]


def _invitation(box: BallotBox) -> subjects.Invitation:
    """To the round, once, and where all envelopes stand in which its reader may vote."""
    budget_round = _of(box).round
    return subjects.Invitation(f"round:{budget_round.id}", budget_round.title, f"/budgets/{budget_round.slug}/ballot")


def _together(box: BallotBox) -> list[tuple[str, BallotBox]]:
    return records.boxes_of(_of(box).round_id)


def _definition(box: BallotBox):
    envelope = _of(box)
    return definition(envelope, preparing.on_ballot(envelope))


def _why_not_open(box: BallotBox) -> str | None:
    """Filled in, announced, fit, and not in an election season that nobody answered for."""
    budget_round = _of(box).round
    if budget_round.announced_at is None:
        return _("먼저 주민참여예산을 알려 주세요.")
    if budget_round.opened_at is None and any(one.box is None and preparing.on_ballot(one)
                                              for one in budget_round.envelopes):
        return _("투표의 내용이 그 사이에 바뀌었어요. 투표함을 다시 준비해 주세요.")  # afterwards it could get no box
    return opening.why_not_ready(budget_round) or opening.why_not_in_season(budget_round)


def _of_roll(roll_id: int) -> subjects.RollOf | None:
    envelope = preparing.envelope_of_roll(roll_id)
    if envelope is None:
        return None
    slug = envelope.round.slug
    return subjects.RollOf(envelope.subject, f"{envelope.round.title} — {envelope.name}",
                           f"/budgets/{slug}/{envelope.slug}/roll", f"/desk/budgets/{slug}/rolls/{envelope.slug}")


def _why_not_object(roll_id: int) -> str | None:
    budget_round = preparing.round_of_roll(roll_id)
    return why_not_object(budget_round, clock.now()) if budget_round else None


subjects.register(subjects.Subject(
    kind=KIND, title=_title, url=_url, way=_way, definition=_definition, gather=records.envelopes_of, find=_box_named,
    find_roll=_roll_named, of_roll=_of_roll, why_not_object=_why_not_object, why_not_open=_why_not_open,
    outcome=outcome,
    hold=lambda box: records.held(_of(box).round_id), invites=_invitation, together=_together,
    desk_url=lambda box: f"/desk/budgets/{_of(box).round.slug}/opening"))
registries.desk["budgets"] = DeskEntry("budgets.see_desk", _l("주민참여예산 준비하기"), "budget_desk.rounds")
