"""Registrations of calls with the rest of the site."""

from civic_forum.accounts.personal_data import PERSONAL_DATA, PersonalData
from civic_forum.blocks.extensions import HOME, ME
from civic_forum.blocks.first_page import Current
from civic_forum.blocks.pages import MENU, USED, Navigation
from civic_forum.platform import clock, countdown, hooks, jobs, site_version
from civic_forum.platform.delivery import becomes_another
from civic_forum.platform.i18n import _, _l, end
from civic_forum.platform.waiting import ENTRIES, DeskEntry
from civic_forum.platform.work import going_on
from civic_forum.search import operations as search

from . import kinds, labels, queries, services
from .applying import own_data
from .events import ApplicationWithdrawn, CallAnnounced, CallEdited
from .judging import own_data as jurors  # noqa: F401 (it registers itself)
from .judging.operations import move_up
from .models import Call, CallApplication
from .rules import ApplicationState


def on_first_page() -> list[Current]:
    """Calls for which one can apply now."""
    if site_version.of_table(Call.__tablename__) == (None, False):  # a district without any
        return []
    calls = queries.open_now(clock.now())
    becomes_another(*(call.closes_at for call in calls))
    return [_current(call) for call in calls]


def _current(call: Call) -> Current:
    return kinds.PUBLIC.current(
        call, scene="self-governance", label=str(labels.STAGE[call.stage]), action=_("자세히 보기"), is_open=True,
        until=call.closes_at, left=countdown.days_left(call.closes_at, clock.now()),
        at=_("%(moment)s까지", moment=end(call.closes_at, year=False)))


@hooks.on(ApplicationWithdrawn)
def give_way(fact: ApplicationWithdrawn, session) -> None:
    """Somebody chosen takes it back: the next of the reserve moves up."""
    if fact.was == ApplicationState.CHOSEN:
        move_up(going_on(), session.get_one(CallApplication, fact.call_application_id).call)


search.follow(kinds.PUBLIC, "call_id", CallAnnounced, CallEdited)
jobs.every(60, "answers that were to be kept so long")(services.forget)
PERSONAL_DATA["calls"] = PersonalData(collect=own_data.collect, erase=own_data.erase)
ME.add(own_data.on_me)
HOME.add(on_first_page)
ENTRIES["calls"] = DeskEntry("calls.see_desk", _l("모집·공모"), "call_desk.calls")
MENU["calls"] = Navigation(_l("모집·공모"), "calls.show_list", 37)
USED["calls"] = Call.__tablename__
