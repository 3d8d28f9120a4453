"""One thing of each kind that people pass on, as everybody reads it."""

import io
from datetime import timedelta

from PIL import Image

from civic_forum.agendas.models import Agenda
from civic_forum.agendas.rules import AgendaState
from civic_forum.attachments.models import Attachment
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.journeys.models import Journey
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.rules import Decision, OutcomeState
from civic_forum.platform import clock, storage
from civic_forum.platform.i18n import local
from tests.budgets.making import new_round, project
from tests.calls.making import call
from tests.factories import saved
from tests.forums.scene import announced_forum
from tests.opinions.making import consultation
from tests.polls.making import poll

KINDS = ("proposal", "agenda", "poll", "budget_round", "project", "forum", "outcome", "consultation", "call")


def picture(colour: str = "#aa3322") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (900, 700), colour).save(written, "PNG")
    return written.getvalue()


def with_picture(town, record, data: bytes | None = None):
    """The record, in whose set of attachments a picture lies."""
    digest = storage.keep(data or picture())
    saved(Attachment(key=f"picture{record.id}", set_id=record.attachment_set_id, position=1, name="그림.png",
                     media_type="image/png", is_picture=True, size=100, digest=digest, width=900, height=700,
                     added_by_id=town.user().id, added_at=clock.now()))
    return record


def agenda(town, **facts) -> Agenda:
    return saved(Agenda(**{
        "slug": "alley-lights", "question": "골목을 어떻게 밝힐까요?", "summary": "골목마다 밝기가 달라요.",
        "state": AgendaState.IN_DELIBERATION, "created_by_id": town.moderator().id, "created_at": clock.now(),
        "published_at": clock.now(), "journey_id": saved(Journey()).id} | facts))


def outcome(town, **facts) -> Outcome:
    today, about = local(clock.now()).date(), town.proposal()
    return saved(Outcome(**{
        "subject": "proposal", "subject_id": about.id, "department_id": town.department().id,
        "state": OutcomeState.PUBLISHED, "decision": Decision.PARTLY, "title": "골목 여섯 곳을 밝혀요",
        "reasons": "예산이 모자라 여섯 곳부터 해요.", "decided_on": today, "promised_on": today + timedelta(days=60),
        "first_promised_on": today + timedelta(days=60), "cost": 87_000_000, "written_at": clock.now(),
        "published_at": clock.now(), "written_by_id": town.official().id} | facts))


def made(town, kind: str, **facts):
    """A thing of this kind with its address below `/share`."""
    if kind == "proposal":
        one = with_picture(town, town.proposal(**{"support_count": 11} | facts))
        return one, f"/share/proposals/{one.number}"
    if kind == "agenda":
        one = agenda(town, **facts)
        return one, f"/share/agendas/{one.slug}"
    if kind == "poll":
        one = poll(town, **facts)
        return one, f"/share/polls/{one.slug}"
    if kind == "consultation":
        one = consultation(**facts)
        return one, f"/share/consultations/{one.slug}"
    if kind == "budget_round":
        one = new_round(town, phase=Phase.COLLECTING, **facts)
        return one, f"/share/budgets/{one.slug}"
    if kind == "project":
        one = project(town, new_round(town, phase=Phase.VOTING), state=ProjectState.ON_BALLOT, **facts)
        return one, f"/share/projects/{one.round.slug}.{one.code}"
    if kind == "forum":
        one = announced_forum(town, **facts)
        return one, f"/share/forums/{one.slug}"
    if kind == "call":
        one = call(town, **facts)
        return one, f"/share/calls/{one.slug}"
    one = outcome(town, **facts)
    return one, f"/share/outcomes/{one.id}"


def page_of(kind: str, record) -> str:
    """The address of its own page."""
    return {
        "proposal": lambda: f"/proposals/{record.number}", "agenda": lambda: f"/agendas/{record.slug}",
        "poll": lambda: f"/polls/{record.slug}", "budget_round": lambda: f"/budgets/{record.slug}",
        "project": lambda: f"/budgets/{record.round.slug}/projects/{record.code}",
        "forum": lambda: f"/forums/{record.slug}", "outcome": lambda: f"/outcomes/{record.id}",
        "consultation": lambda: f"/consultations/{record.slug}", "call": lambda: f"/calls/{record.slug}"}[kind]()
