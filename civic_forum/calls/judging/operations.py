"""The reserve of a call, inside the transaction of who holds the call."""

from civic_forum.platform.work import Work

from ..models import Call, CallApplication
from ..rules import ApplicationState
from . import queries
from .events import ReserveMovedUp


def move_up(work: Work, call: Call) -> CallApplication | None:
    """The first of the reserve is chosen and told, within the money that is left; None where nobody can be. The caller
    holds the call, of which somebody chosen was withdrawn."""
    work.session.flush()
    tally = queries.tally(call.id)
    left = None if call.budget is None else call.budget - tally.won
    is_full = call.places is not None and tally[ApplicationState.CHOSEN] >= call.places
    if is_full or left is not None and left <= 0 or (application := queries.next_reserve(call.id)) is None:
        return None
    application.state, application.decided_at = ApplicationState.CHOSEN, work.at
    application.won = 0 if left is None else min(application.asked or 0, left)
    work.record("calls.reserve_moved_up", application, place=application.reserve_place)
    work.emit(ReserveMovedUp(call.id, application.id))
    return application
