"""Closing by the clock alone: whoever reads a box after its time closes it, and no worker is needed for that."""

import logging

from civic_forum.accounts.models import User
from civic_forum.kernel import work
from civic_forum.kernel.base import database_now
from civic_forum.kernel.errors import Refusal

from .. import events, heads
from ..models import BallotBox
from ..queries import boxes
from ..rules.boxes import close_is_due
from ..steps import closing, locking

log = logging.getLogger(__name__)


def close_if_due(box_id: bytes) -> bool:
    """Close a box whose time is over; doing it again does nothing. Returns whether it is closed now.

    Called by every reading of a box that may be due, outside any transaction of the caller. It also keeps the head
    beside the keys where a crash came between. A box whose K is lost cannot be closed: that is logged, the page is
    shown, and by the clock no ballot is taken.
    """
    box = boxes.by_id(box_id)
    if box is None:
        raise boxes.missing()
    if box.closed_at is None and not (box.opened_at and close_is_due(box, database_now())):
        return False
    try:
        close(box_id)
    except Refusal as trouble:
        log.error("box %s cannot be closed: %s", box_id.hex(), trouble)
        return False
    return True


def close(box_id: bytes) -> bool:
    """The same for commands: raises Unavailable where it cannot be done. Returns whether it is closed now."""
    box = boxes.by_id(box_id)
    if box is None or box.closed_at is None:
        with work.use_case(None) as change:
            at = locking.take_lock_alone(box_id)
            box = boxes.held(box_id)
            if close_is_due(box, at) and closing.close(box_id, at):
                change.record("ballot_box.closed", f"ballot_box:{box_id.hex()}")
                change.tell(events.BoxClosed(box_id, box.subject))
    if box.closed_at is not None:
        heads.keep(box_id)
    return box.closed_at is not None


def close_due() -> list[bytes]:
    """Close every box whose time is over; returns those that were closed. The first failure is raised at the end."""
    closed, failures = [], []
    for box_id in boxes.ids_due(database_now()):
        try:
            if close(box_id):
                closed.append(box_id)
        except Refusal as trouble:
            log.error("box %s cannot be closed: %s", box_id.hex(), trouble)
            failures.append(trouble)
    if failures:
        raise failures[0]
    return closed


def finish(box_id: bytes, *, by: User | None) -> BallotBox:
    """Put paper and objections into the log and sign the final head; doing it again does nothing.

    Raises what `steps.closing.finish` raises. Whether `by` may is decided by whoever offers it.
    """
    close(box_id)
    with work.use_case(by) as change:
        at = locking.take_lock_alone(box_id)
        if box := closing.finish(box_id, at):
            change.record("ballot_box.finished", f"ballot_box:{box_id.hex()}")
            change.tell(events.BoxFinished(box_id, box.subject))
    heads.keep(box_id)
    return boxes.by_id(box_id)
