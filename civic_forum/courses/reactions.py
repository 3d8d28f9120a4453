"""Registrations of courses with the rest of the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks.extensions import ME
from civic_forum.calls.events import ApplicationWithdrawn
from civic_forum.calls.extensions import ABOUT, CAME, CERTIFIED, OWN, TAUGHT
from civic_forum.calls.models import Call, CallApplication
from civic_forum.calls.rules import ApplicationState, CallKind
from civic_forum.forums.models import Forum
from civic_forum.platform import hooks
from civic_forum.platform.work import going_on

from . import labels, operations, own_data, queries
from .models import CourseAttendance, CourseCertificate


@hooks.on(ApplicationWithdrawn)
def give_back(fact: ApplicationWithdrawn, _session: Any) -> None:
    """Places at sessions that are still to come go to others once somebody withdraws from the course."""
    operations.give_back(going_on(), [fact.call_application_id])


@dataclass(frozen=True)
class Sessions:
    """Sessions of a course on its page."""

    gatherings: Sequence[Forum]
    template: str = "courses/sessions.html"


def on_call(call: Call) -> Sessions | None:
    gatherings = queries.sessions(call.id) if call.kind is CallKind.COURSE else ()
    return Sessions([each for each in gatherings if each.announced_at is not None]) if gatherings else None


@dataclass(frozen=True)
class OwnHours:
    """Sessions of a course on the page of an own application."""

    places: Sequence[CourseAttendance]
    progress: str
    is_finished: bool
    certificate: CourseCertificate | None
    template: str = "courses/own.html"


def on_application(application: CallApplication) -> OwnHours | None:
    is_chosen = application.state is ApplicationState.CHOSEN and application.call.decided_at is not None
    places = queries.attended([application.id]) if application.call.kind is CallKind.COURSE and is_chosen else ()
    came = queries.minutes([application.id]).get(application.id, 0) if places else 0
    return OwnHours(places, labels.progress(application.call.hours, came), operations.has_hours(application),
                    queries.certificate(application.id)) if places else None


PERSONAL_DATA["courses"] = PersonalData(collect=own_data.collect, erase=own_data.erase)
ME.add(own_data.on_me)
ABOUT.add_section(on_call)
OWN.add_section(on_application)
TAUGHT.add(operations.taught)
CAME.add(operations.came)
CERTIFIED.add(operations.certified)
