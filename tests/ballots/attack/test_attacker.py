"""Somebody who has files, write-ahead log, ledger, the copies of all evenings and both editions, who watched the town
and knows whose row is whose, learns no more of what anybody chose than by luck."""

import os
import random
import sqlite3
from contextlib import closing
from itertools import count
from math import exp
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.ballots.keys import keyring
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.box import definition
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.site_version import SiteVersion
from tests import factories
from tests.conftest import empty
from tests.polls import making

from . import dumps
from .leaks import LEAKS, Copy
from .strategies import STRATEGIES, named
from .vote import CHANGES, Held, Plan, held

SMALL, LARGE = (80, 3), (1_000, 7)
"""Voters and days."""
RARELY = 1e-6
DIFFERS = {("voter", "sealed"), ("promise", "sealed")}
"""Values that may differ between the copies of two votes in which people chose otherwise."""


def six_of_18(voter: int, cast: int) -> list[int]:
    chance = random.Random(voter * 1_000 + cast)
    return sorted(chance.sample(range(1, 19), chance.choice([0, 1, 2, 3, 4, 5, 6, 6])))


EIGHTEEN = {"kind": "up_to_k", "max_choices": 6, "options": making.options(18)}


@pytest.fixture(scope="module", params=[
    pytest.param(("sqlite", *SMALL, 0), id="sqlite"),
    pytest.param(("postgres", *SMALL, 0), id="postgres", marks=pytest.mark.servers),
    pytest.param(("sqlite", *SMALL, 30), id="sqlite-growing", marks=pytest.mark.long),
    pytest.param(("postgres", *SMALL, 30), id="postgres-growing", marks=[pytest.mark.servers, pytest.mark.long]),
    pytest.param(("sqlite", *LARGE, 0), id="sqlite-1000", marks=pytest.mark.long),
    pytest.param(("postgres", *LARGE, 0), id="postgres-1000", marks=[pytest.mark.servers, pytest.mark.long])])
def vote(request, tmp_path_factory) -> Held:
    """Some change 1, 2, 5 and 37 times, some come to a kiosk, some take paper."""
    database, voters, days, newcomers = request.param
    grows = {"eligibility": making.entry()["eligibility"] | {"roll_grows": True}} if newcomers else {}
    app, usual = request.getfixturevalue(f"{database}_app"), casting.changed
    casting.changed = casting.Limiter(1_000)
    try:
        with app.app_context():
            done = held(app, factories.Town(), Plan.drawn(random.Random(2020), voters, days),
                        tmp_path_factory.mktemp("vote"), choose=six_of_18, facts=EIGHTEEN | grows,
                        server_log=dumps.log_of_the_server, newcomers=newcomers)
            leave_nothing()
    finally:
        casting.changed = usual
    return done


def leave_nothing() -> None:
    """Empty the tables for the next one: the attacker's material is in memory."""
    clock.shift(0)
    db.session.rollback()
    empty()
    if is_sqlite():  # or each copy of the next is as large as the largest before it
        with closing(sqlite3.connect(db.engine.url.database)) as connection:
            connection.execute("VACUUM")


def right(vote: Held, guess: dict[int, int]) -> int:
    """Of how many the guess says what they chose."""
    choices = {leaf: vote.material.choice_at(leaf) for leaf in {*guess.values(), *vote.truth.values()}}
    return sum(choices[leaf] == choices[vote.truth[user]] for user, leaf in guess.items() if user in vote.truth)


def live_choices(vote: Held) -> list[bytes]:
    return [ballot.choice for ballot in vote.material.ballots]


def by_luck(choices: list[bytes]) -> int:
    """So many right that more happen once in a million to whoever pairs people and their ballots by chance (Poisson: of
    each choice as many pairs as people times ballots with it, over all ballots)."""
    mean = sum(choices.count(choice) ** 2 for choice in set(choices)) / len(choices)
    at, term = 0, exp(-mean)
    total = term
    while 1 - total > RARELY:
        at += 1
        term *= mean / at
        total += term
    return at


@pytest.mark.in_turns(of=5)
def test_the_attacker_has_what_they_are_said_to_have(vote):
    material = vote.material
    live = [voter for voter in material.voters if not voter.paper]
    assert len(live) == len(material.ballots) and len(live) + len(material.papers) == len(vote.truth)
    assert {len(voter.casts) - 1 for voter in live} >= {0, *CHANGES}
    assert {row.channel for row in material.rows.values()} == {1, 2, 4}
    assert sum(len(voter.casts) for voter in material.voters) == len(material.promises)
    for found in (*(material.rows[voter.row_key] for voter in live), *map(material.promise_of, live)):
        assert found.in_files >= 0 and found.in_wal >= 0
    assert len({voter.row_key for voter in material.voters}) == len(vote.truth) == len(material.rows)
    for choices in (material.papers, live_choices(vote)):
        assert by_luck(choices) < 0.9 * len(choices)


def test_there_are_twenty_five_ways_each_with_its_leak():
    assert len(STRATEGIES) == 25 and STRATEGIES.keys() == LEAKS.keys()


@pytest.mark.parametrize("name", STRATEGIES)
def test_no_way_says_what_more_people_chose_than_luck(vote, name):
    choices = vote.material.papers if name == "numbers of papers" else live_choices(vote)
    assert right(vote, STRATEGIES[name](vote.material)) <= by_luck(choices)


@pytest.mark.parametrize("name", STRATEGIES)
def test_every_way_finds_what_leaks(vote, name):
    copy = Copy(vote.material, vote.truth)
    LEAKS[name](copy)
    wanted = {user for user, leaf in copy.truth.items() if (leaf < 0) == (name == "numbers of papers")}
    assert named(STRATEGIES[name](copy.material), copy.truth) >= 0.95 * len(wanted) > 5


def test_nothing_that_was_logged_or_copied_names_a_row_of_the_box_beside_a_person(vote):
    """Row keys, names of promises and what is sealed stand in the tables of the box and nowhere else."""
    for day in vote.material.days:
        secret = {value.hex() for table in ("voter", "promise") for row in day.tables[table]
                  for column, value in row.items() if isinstance(value, bytes) and column != "box_id"}
        others = {str(value.hex() if isinstance(value, bytes) else value) for name, rows in day.tables.items()
                  if name not in ("voter", "promise") for row in rows for value in row.values()}
        assert len(secret) > 60 and not secret & others
        assert not any(value in day.log for value in secret)


@pytest.fixture
def same_chance(monkeypatch):
    """Every random byte and every moment the same from here on: what differs then comes from the choices."""

    def begin():
        streams: dict[int, random.Random] = {}  # one for each length: a library may draw for its own, once
        for name in ("os.urandom", "random._urandom"):
            monkeypatch.setattr(name, lambda size: streams.setdefault(size, random.Random(size)).randbytes(size))
        db.session.remove()
        db.engine.dispose()  # another connection: a chain of the audit log begins anew
        monkeypatch.setattr(factories, "_number", count(1))
        monkeypatch.setattr(making, "_number", count(1))
        if is_sqlite():
            stopped = factories.MAY
            monkeypatch.setattr(clock, "read", lambda: stopped + clock._offset)

    assert os.urandom(8) != os.urandom(8)
    monkeypatch.setattr(casting, "changed", casting.Limiter(1_000))
    return begin


@pytest.mark.in_turns(of=10)
def test_votes_that_differ_in_their_choices_alone_leave_the_same_behind(app, town, same_chance, tmp_path):
    plan = Plan.drawn(random.Random(5), 30, 3)
    keyring.make(os.urandom(16))  # the keys of the site are there before
    keys.keyed_hash("tests", b"")
    done = []
    for number, choose in enumerate((lambda voter, cast: [1], lambda voter, cast: [2, 5, 7, 11, 13, 18])):
        same_chance()
        db.session.execute(sa.delete(SiteVersion))
        db.session.commit()
        before = keys_of_boxes(app)
        done.append(held(app, town, plan, tmp_path / str(number), choose=choose, facts=EIGHTEEN))
        for path in keys_of_boxes(app) - before:  # the other vote gets the very same key
            path.unlink()
        definition._kept.clear()
        leave_nothing()
    one, other = (vote.material for vote in done)
    assert one.ledger == other.ledger
    for first, second in zip(one.days, other.days, strict=True):
        assert shapes(first) == shapes(second) and first.log == second.log
        assert first.size == second.size
        if is_sqlite():
            assert differing(first, second) == DIFFERS


def keys_of_boxes(app) -> set[Path]:
    folder = Path(app.config["KEYS"])
    patterns = "box-*", "heads/*.json", "*.ledger", "*.closing", "*.definition", "*.roll", "*.backups"
    return {path for pattern in patterns for path in folder.glob(pattern)}


def shapes(day) -> dict:
    """The length of every value of every row, numbers and moments aside."""
    return {name: sorted(tuple((column, len(value)) for column, value in row.items() if isinstance(value, str | bytes)
                               and not column.endswith("at")) for row in rows) for name, rows in day.tables.items()}


def differing(one, other) -> set[tuple[str, str]]:
    return {(name, column) for name, rows in one.tables.items() for left, right in zip(
        rows, other.tables[name], strict=True) for column in left if left[column] != right[column]}
