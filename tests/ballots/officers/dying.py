"""Processes that take one step of a vote as an officer, an observer or a voter at a kiosk, and kill themselves on
it."""

import config
from civic_forum.accounts.models import User
from civic_forum.app import create_app
from civic_forum.ballots.box import ledger_file
from civic_forum.ballots.keys import copies as key_copy
from civic_forum.ballots.keys import services as key_copies
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.observing import services as observing
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.strikes import services as strikes
from civic_forum.ballots.published import heads
from civic_forum.ballots.box import casting as box_casting
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots.officers import queries
from civic_forum.ballots.officers import services as officers
from civic_forum.platform import events, storage
from civic_forum.platform.base import db
from tests.ballots.killed import after, before

NOT_COMMITTED, COMMITTED = "not committed", "committed, nobody told"
STEPS = {
    "copy": lambda by, box, phrase: key_copies.confirm(box, phrase, by=by),
    "confirm": lambda by, proposal: confirmations.confirm(proposal, by=by),
    "strike": lambda by, proposal: strikes.confirm(proposal, by=by),
    "replace": lambda by, box: officers.confirm_change(box, by=by),
    "sign": lambda by, box, file: observing.take(box, file, by=by),
    "code": lambda by, box, visit: kiosk.issue(box, visit, by=by),
    "vote": lambda by, secret, form, device: kiosk.use(secret, CastForm(*form), device),
}
POINTS = {
    NOT_COMMITTED: lambda: before(db.session, "commit"),
    COMMITTED: lambda: before(events, "publish"),
    "sealed": lambda: after(key_copy, "seal"),
    "head not kept": lambda: before(heads, "keep"),
    "file written": lambda: after(storage, "write"),
    "replacement kept": lambda: after(queries, "keep_changes"),
    "in the box, not committed": lambda: after(box_casting, "cast"),
    "committed, not in the ledger": lambda: before(ledger_file, "append"),
    "in the ledger, pass not ended": lambda: before(kiosk, "_used"),
    "pass ended, not committed": lambda: after(kiosk.desk_counts, "add"),
}


def step_and_die(data, address, offset_s, step, by, given, point):
    """The step of this user (their number, or None), cut off at that point."""
    app = create_app(config.load({}, DATA=data, DATABASE_URL=address, SECRET_KEY="only for the tests",
                                 CLOCK_OFFSET_S=offset_s))
    with app.app_context():
        user = by and db.session.get(User, by)
        db.session.rollback()
        POINTS[point]()
        STEPS[step](user, **given)
