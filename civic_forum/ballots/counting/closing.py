"""Closing by the clock alone: whoever reads a box after its time closes it, and no worker is needed for that."""

import logging

from civic_forum.accounts.models import User
from civic_forum.platform import subprocess_call, work
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Refusal

from .. import events
from .. import queries as boxes
from ..box import ending, locking, watching
from ..models import BallotBox
from ..published import heads
from ..rolls import queries as rolls

log = logging.getLogger(__name__)
MOST_BESIDE_PAGES = 5_000
"""Voters of a box that is closed by whoever reads it."""


def close_if_due(box_id: bytes) -> bool:
    """Close a box whose time is over; doing it again does nothing. Returns whether it is closed now. Called by every
    reading of a box that may be due, outside any transaction of the caller. It also keeps the head beside the keys
    where a crash came between. What delays a closing is logged, the page is shown, and no ballot is taken. A large box
    is closed by a process of its own, while this one goes on serving pages."""
    box = boxes.required(box_id)
    try:
        if box.closed_at is None and not boxes.is_due(box, database_now()):
            return False
        if is_closed_apart(box) and not ending.is_signed(box):
            subprocess_call.start("poll", "close-due")
            return False
        return close(box_id)
    except Refusal as trouble:
        log.error("box %s cannot be closed: %s", box_id.hex(), trouble)
        return False


def is_closed_apart(box: BallotBox) -> bool:
    """True if its closing would keep others waiting for their pages."""
    return subprocess_call.serves_pages() and rolls.size(box.roll_id) > MOST_BESIDE_PAGES


def close(box_id: bytes) -> bool:
    """The same for commands. Returns whether it is closed now and its closing head signed; where that is delayed,
    nothing is cast any more all the same."""
    watching.mend(box_id)
    box = boxes.by_id(box_id)
    if box is None or not ending.is_signed(box):
        with work.use_case(None) as change:
            at = locking.take_lock_alone(box_id)
            box = boxes.row_held(box_id)
            due = boxes.is_due(box, at)
            if (due or box.closed_at is not None) and ending.close(box_id, at) and due:
                change.record("ballot_box.closed", box)
                change.emit(events.BoxClosed(box_id, box.subject))
    signed = ending.is_signed(box)
    if signed:
        heads.keep(box_id)
    return signed


def close_due() -> list[bytes]:
    """Close every box whose time is over or whose closing was delayed; returns those that were closed. The first
    failure is raised at the end."""
    closed, failures = [], []
    for box_id in boxes.ids_due(database_now()):
        try:
            if close(box_id):
                closed.append(box_id)
        except Exception as trouble:  # whatever it is, it keeps no other box open
            db.session.rollback()
            log.error("box %s cannot be closed: %s", box_id.hex(), trouble, exc_info=not isinstance(trouble, Refusal))
            failures.append(trouble)
    if failures:
        raise failures[0]
    return closed


def finish(box_id: bytes, *, by: User | None) -> BallotBox:
    """Put paper and objections into the log and sign the final head; doing it again does nothing. Raises what
    `box.ending.finish` raises. Whether `by` may is decided by whoever offers it."""
    close(box_id)
    with work.use_case(by) as change:
        at = locking.take_lock_alone(box_id)
        if box := ending.finish(box_id, at):
            change.record("ballot_box.finished", box)
            change.emit(events.BoxFinished(box_id, box.subject))
    heads.keep(box_id)
    return boxes.by_id(box_id)


def rebuild_lost() -> list[bytes]:
    """Write lost leaves of closed boxes again, as long as what was frozen is there; returns the boxes."""
    rebuilt = []
    for box_id in boxes.closed_ids():
        try:
            with work.use_case(None):
                at = locking.take_lock_alone(box_id)
                if ending.rebuild(box_id, at):
                    rebuilt.append(box_id)
        except Refusal as trouble:
            log.critical("ALARM: box %s: %s", box_id.hex(), trouble)
    return rebuilt
