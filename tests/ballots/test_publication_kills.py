"""Killed at each step between close and publication: repeating the command finishes it."""

import json
import signal

import pytest
import sqlalchemy as sa

from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.officials import queries as confirmations
from civic_forum.ballots.published import heads, records
from civic_forum.ballots.models import BallotBox, LogLeaf, Participated, Promise, Voter
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests import factories
from tests.ballots import killed
from tests.ballots.boxes import box
from tests.ballots.test_restoring import site  # noqa: F401  (a fixture)
from tests.servers.forks import PROCESSES

TOTALS = [{"option": 1, "votes": 8}, {"option": 2, "votes": 3}, {"option": 3, "votes": 0}, {"option": 4, "votes": 0}]


@pytest.fixture
def over(site):  # noqa: F811
    """A vote of fourteen in which eleven took part, one twice, and two officials."""
    town = factories.Town()
    made = box(14, subject="test:killed")
    for number, voter in enumerate(made.voters[:11]):
        made.cast(voter, 1 if number < 8 else 2)
    made.cast(made.voters[0], 1)
    names = town.moderator(sign_in_name="first.one").sign_in_name, town.official(sign_in_name="second.one").sign_in_name
    return made, names


def run_until_killed(app, made, names, point):
    """The command, which dies there; whatever it had open is gone with it."""
    db.session.remove()
    db.engine.dispose()
    process = PROCESSES.Process(target=killed.publish_and_die, daemon=True, args=(
        app.config["DATA"], app.config["DATABASE_URL"], made.id, names, point))
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL, point


def count(table, made):
    return db.session.scalar(sa.select(sa.func.count()).select_from(table).filter_by(box_id=made.id))


def never_both_and_never_neither(made):
    """Everybody who took part stands in one of two tables, whole; the key is never gone before the casts are."""
    db.session.rollback()
    assert (count(Voter, made), count(Promise, made), count(Participated, made)) in ((11, 12, 0), (0, 0, 11))
    if keyring.tombstone_of(made.id):
        assert count(Promise, made) == 0
    if not count(Promise, made):
        assert confirmations.destruction(boxes.by_id(made.id)), "nothing goes before two officials confirmed it"
    row = boxes.by_id(made.id)
    assert count(LogLeaf, made) == (320 if row.closed_at else 0)
    if row.published_at:
        assert keyring.tombstone_of(made.id) and not keyring.is_there(made.id)


def is_published_as_it_was_cast(made):
    row = db.session.get(BallotBox, made.id, populate_existing=True)
    result = json.loads(row.result)
    assert (result["totals"], result["ballots"]) == (TOTALS, 11)
    assert [head.kind for head in heads.of_box(made.id)] == ["opening", "closing", "final"]
    assert keyring.last_head(made.id)["kind"] == "final"
    assert row.published_at and records.are_as_written(row) and not keyring.is_there(made.id)
    assert sorted(path.name for path in records.public(row).parent.glob("*.zip*")) == ["observers.zip", "public.zip"]
    publication._verify(row)


@pytest.mark.in_turns(of=10)
def test_killed_at_one_step_after_the_other_it_arrives_all_the_same(site, over):  # noqa: F811
    made, names = over
    for point in killed.POINTS:
        run_until_killed(site, made, names, point)
        never_both_and_never_neither(made)
    clock.shift(killed.AFTER_THE_CLOSE_S)
    killed.publish(made.id, *names)
    never_both_and_never_neither(made)
    is_published_as_it_was_cast(made)
    killed.publish(made.id, *names)
    is_published_as_it_was_cast(made)
