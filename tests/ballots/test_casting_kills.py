"""Killed at each step of a cast: sent again, the same form is in the box once, in the ledger, and has its receipt."""

import signal

import pytest

from civic_forum.ballots.box import closing_file, ledger_file, watching
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import closing
from civic_forum.ballots.voting import services as casting
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots import killed
from tests.ballots.boxes import box
from tests.ballots.proofs import holds
from tests.ballots.test_restoring import site  # noqa: F401  (a fixture)
from tests.servers.forks import PROCESSES


def cast_until_killed(app, made, person, form, point):
    """Somebody's ballot, by a process that dies there."""
    db.session.remove()
    db.engine.dispose()
    values = form.fingerprint, form.form_key, form.state, form.mine, form.choice
    process = PROCESSES.Process(target=killed.cast_and_die, daemon=True, args=(
        app.config["DATA"], app.config["DATABASE_URL"], made.id, person, values, point))
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL, point


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("point", killed.CAST_POINTS)
def test_whenever_it_dies_the_ballot_is_in_the_box_once_or_not_at_all(site, point):  # noqa: F811
    made = box(5)
    made.cast(made.voters[0], 1)
    form = made.form(made.voters[1], 2)
    cast_until_killed(site, made, made.voters[1], form, point)
    lines = ledger_file.path(made.id).read_bytes().count(b"\n")
    assert made.promises() == (1 if point == "in the box, not committed" else 2)
    assert lines == (2 if point == "in the ledger, not answered" else 1)
    assert watching.figures_of(made.id) == watching.CLEAN
    receipt = casting.cast(made.id, made.voters[1], form, Channel.ONLINE)
    assert holds(receipt) and casting.cast(made.id, made.voters[1], form, Channel.ONLINE) == receipt
    made.cast(made.voters[2], 3)
    assert made.promises() == 3 and made.named().revisions == {made.row_key(voter): 1 for voter in made.voters[:3]}
    assert watching.figures_of(made.id) == watching.CLEAN
    clock.shift(killed.AFTER_THE_CLOSE_S)
    assert closing.close(made.id)
    assert sorted(live.choice for live in closing_file.read(made.row).live) == sorted(map(made.choice, (1, 2, 3)))
