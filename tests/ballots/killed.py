"""Processes that cast a ballot, do a job of the worker, or publish a vote, and kill themselves on the way."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import config
import sqlalchemy as sa
from civic_forum import cli
from civic_forum.accounts.queries import users
from civic_forum.app import create_app
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box import additions_file, closing_file, definition, ledger_file, watching
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import publication
from civic_forum.ballots.counting import closing as closing_services
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.published import heads
from civic_forum.ballots.voting import adding
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.box import casting as box_casting
from civic_forum.ballots.box import ending as closing
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots.record import editions as record
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.platform import subprocess_call, erasure, jobs, storage
from civic_forum.platform.base import db
from tests.ballots.officials import COPIES, observers_sign
from tests.running.machine import patience

AFTER_THE_CLOSE_S = 3700


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def before(owner, name, when=lambda *_given: True):
    """Die as soon as this function is called (with arguments like these)."""
    real = getattr(owner, name)
    setattr(owner, name, lambda *given, **more: die() if when(*given) else real(*given, **more))


def after(owner, name, when=lambda *_given: True):
    """Die when this function has done its work, before anybody hears of it."""
    real = getattr(owner, name)

    def deadly(*given, **more):
        done = real(*given, **more)
        if when(*given):
            die()
        return done

    setattr(owner, name, deadly)


def is_final(box_id):
    return heads.newest(box_id).kind == "final"


def after_publishing_inside_the_transaction():
    real = confirmations._DO[ConfirmedAction.PUBLISH]
    confirmations._DO[ConfirmedAction.PUBLISH] = lambda *given: (real(*given), die())


POINTS = {
    "closing, not committed": lambda: after(closing, "close", lambda box_id, _at: boxes.by_id(box_id).closed_at),
    "closed, head not kept": lambda: before(heads, "keep"),
    "finishing, not committed": lambda: after(closing, "finish"),
    "finished, head not kept": lambda: before(heads, "keep", is_final),
    "counted, not written down": lambda: after(publication, "_counted"),
    "counted": lambda: before(publication, "write_record"),
    "one edition written": lambda: after(record, "write_record"),
    "both editions written": lambda: before(publication, "_verify"),
    "verified, not written down": lambda: after(publication, "_verify"),
    "recorded": lambda: before(confirmations, "propose"),
    "destruction proposed": lambda: before(confirmations, "confirm"),
    "destruction confirmed": lambda: before(publication, "empty"),
    "emptying, not committed": lambda: after(publication, "_write_participated"),
    "emptied, files not cleared": lambda: before(erasure, "forget_deleted"),
    "emptied": lambda: before(keyring, "destroy"),
    "tombstone written": lambda: after(keyring, "write_file"),
    "key overwritten": lambda: before(Path, "unlink", lambda path: path.suffix == ".key" and "box-" in path.name),
    "key destroyed, not written down": lambda: after(keyring, "destroy"),
    "publishing, not committed": after_publishing_inside_the_transaction,
}


def after_the_addition():
    """In the transaction that adds somebody to the roll, before it is committed."""
    real = adding.rolls.own_entry

    def deadly(*given):
        found = real(*given)
        db.session.connection().execute(sa.text("SELECT 1"))
        sa.event.listen(db.session(), "before_commit", lambda _session: die())
        return found

    adding.rolls = SimpleNamespace(**{name: getattr(adding.rolls, name) for name in dir(adding.rolls)} | {
        "own_entry": deadly})


ADD_POINTS = {
    "added, not committed": after_the_addition,
    "added, not written beside the keys": lambda: before(additions_file, "append"),
    "written beside the keys, nothing cast": lambda: after(additions_file, "append"),
    "cast, not committed": lambda: after(box_casting, "cast"),
    "cast, not in the ledger": lambda: before(ledger_file, "append"),
}


def add_and_die(data, address, box, persons, account_id, form, point):
    """The first ballot of somebody who is added to the roll by it, of which nobody hears."""
    app = create_app(config.load({}, DATA=data, DATABASE_URL=address, SECRET_KEY="only for the tests"))
    with app.app_context():
        ADD_POINTS[point]()
        casting.cast_as(box, persons, CastForm(*form), Channel.ONLINE, account_id)


def half_a_line():
    """Of what is written to the ledger the first half arrives."""
    real = os.write

    def deadly(opened, line):
        if len(line) == 121:
            real(opened, line[:60])
            die()
        return real(opened, line)

    storage.os = SimpleNamespace(**{name: getattr(os, name) for name in dir(os)} | {"write": deadly})


CAST_POINTS = {
    "in the box, not committed": lambda: after(box_casting, "cast"),
    "committed, not in the ledger": lambda: before(ledger_file, "append"),
    "half a line in the ledger": half_a_line,
    "in the ledger, not answered": lambda: after(ledger_file, "append"),
}


def cast_and_die(data, address, box, person, form, point):
    """A ballot that nobody hears of; `form`: its values in order."""
    app = create_app(config.load({}, DATA=data, DATABASE_URL=address, SECRET_KEY="only for the tests"))
    with app.app_context():
        CAST_POINTS[point]()
        casting.cast(box, person, CastForm(*form), Channel.ONLINE)


LOOK, SIGN, CLOSE, REBUILD = ("open votes and their ledgers", "signed counts of open votes", "votes whose time is over",
                             "lost leaves of closed votes")
WORK_POINTS = {
    "compared, no word said": (LOOK, lambda: after(watching, "figures_of")),
    "count signed, not committed": (SIGN, lambda: after(watching.signing, "signed")),
    "count committed": (SIGN, lambda: after(watching, "_sign")),
    "closing, nothing frozen": (CLOSE, lambda: before(closing_file, "write")),
    "frozen, nothing in the log": (CLOSE, lambda: after(closing_file, "write")),
    "in the log, no head signed": (CLOSE, lambda: after(closing, "_write_log")),
    "head signed, not committed": (CLOSE, lambda: after(closing, "close", lambda box_id, _at: closing.is_signed(
        boxes.by_id(box_id)))),
    "committed, head not kept": (CLOSE, lambda: before(heads, "keep")),
    "lost leaves written, not committed": (REBUILD, lambda: after(closing, "rebuild")),
}
"""By name: the worker's job, and where in it the worker dies."""
ALARM_POINTS = {
    "alarm given, not committed": (LOOK, lambda: after(watching, "publish")),
    "instants put back, not committed": (LOOK, lambda: after(definition, "put_instants_back")),
}
"""The same where something is amiss."""


def work_and_die(data, address, point, offset_s):
    """A job of the worker; `offset_s`: seconds that its clock is ahead."""
    app = create_app(config.load({}, DATA=data, DATABASE_URL=address, SECRET_KEY="only for the tests",
                                 CLOCK_OFFSET_S=offset_s))
    job, die_there = (WORK_POINTS | ALARM_POINTS)[point]
    with app.app_context():
        die_there()
        jobs.periodic[job].run()


def show_page_and_die(settings, box_id, point):
    """A process that serves pages has a large box closed by another one and dies: at once, so that nobody waits for
    that one, or where a point is given, once that one has died there."""
    os.environ |= {config.PREFIX + name: str(value) for name, value in settings.items()}
    app = create_app(config.load(os.environ))
    subprocess_call.serves_pages = lambda: True
    if point:
        run = subprocess.Popen
        subprocess_call.subprocess = SimpleNamespace(DEVNULL=subprocess.DEVNULL, Popen=lambda command, **how: run(
            [*command[:2], "tests.ballots.killed", point, *command[3:]], **how))
    with app.app_context():
        assert not closing_services.close_if_due(box_id)
    [(_at, process)] = subprocess_call._started.values()
    if not point or process.wait(patience(120)) == -signal.SIGKILL:
        die()


def publish(box_id, *names):
    """Two officials in turn, until it is published."""
    for turn in range(8):
        by = users.by_name(names[turn % 2])
        if boxes.by_id(box_id).recorded_at is not None:
            observers_sign(box_id)
        publication.advance(box_id, copies=COPIES, by=by)
        if boxes.by_id(box_id).published_at is not None:
            return
    raise AssertionError("never published")


def publish_and_die(data, address, box, names, point):
    app = create_app(config.load({}, DATA=data, DATABASE_URL=address, SECRET_KEY="only for the tests",
                                 CLOCK_OFFSET_S=AFTER_THE_CLOSE_S))
    with app.app_context():
        POINTS[point]()
        publish(box, *names)


if __name__ == "__main__":
    WORK_POINTS[sys.argv.pop(1)][1]()
    cli.run()
