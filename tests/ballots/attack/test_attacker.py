"""Somebody who has every dump, log and backup, and watched the whole town, learns no more than by luck."""

import os
import random
import re
import sqlite3
from collections import Counter
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.ballots import keyring
from civic_forum.kernel import clock, keys
from civic_forum.kernel.base import db, is_sqlite
from tests import factories
from tests.conftest import empty
from tests.polls import making

from .election import Election, Plan, held
from .leaks import LEAKS
from .strategies import STRATEGIES, matches

THOUSAND, THIRD = [312, 96, 1, 261, 44, 178, 108], [104, 32, 1, 87, 15, 59, 36]
"""Voters a day. The bounds of luck are the same for fewer; they find what names more than a few of the voters."""
BY_LUCK, BY_LUCK_IN_GROUPS = 9, 19
"""More matches than these happen by luck once in a million: Poisson with a mean of 1, and of 5 groups."""
SMALL, LONE = [6, 4, 1, 4, 2, 3, 2], 2
NAMED_BY_LUCK = {15: 12, 30: 17}
"""Of so many votes; more happens once in a hundred thousand times to whoever guesses among the ballots that were
changed as often (right in 28 and 26 of a hundred). What always names the lone voter names all 15."""
MOMENT = re.compile(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
"""PostgreSQL's clock goes on, and a dump leaves zeros at its end out."""
DIFFERS = {("ballot_cast", "sealed")}
"""What may differ between the backups of two votes in which people chose otherwise."""


def six_of_18(voter: int, cast: int) -> list[int]:
    chance = random.Random(voter * 1_000 + cast)
    return sorted(chance.sample(range(1, 19), chance.choice([0, 1, 2, 3, 4, 5, 6, 6])))


EIGHTEEN = {"kind": "up_to_k", "max_choices": 6, "options": making.options(18)}


@pytest.fixture(scope="module", params=[
    pytest.param(("sqlite", THOUSAND), id="sqlite"),
    pytest.param(("postgres", THIRD), id="postgres-third", marks=pytest.mark.servers),
    pytest.param(("postgres", THOUSAND), id="postgres", marks=[pytest.mark.servers, pytest.mark.long])])
def election(request, tmp_path_factory) -> Election:
    """Voters in seven uneven days, one of them alone on the third; some change, some take paper."""
    database, first_ballots = request.param
    app = request.getfixturevalue(f"{database}_app")
    plan = Plan.drawn(random.Random(2020), first_ballots, changing=0.2, most=5, papers=sum(first_ballots) // 25)
    with app.app_context():
        done = held(app, factories.Town(), plan, tmp_path_factory.mktemp("vote"), choose=six_of_18, facts=EIGHTEEN,
                    server_log=log_of_the_server)
        leave_nothing()
    return done


def leave_nothing() -> None:
    """What the attacker has is in memory; the tables are for the next one."""
    clock.shift(0)
    db.session.rollback()
    empty()
    if is_sqlite():  # or each backup of the next is as large as the largest before it
        with closing(sqlite3.connect(db.engine.url.database)) as connection:
            connection.execute("VACUUM")


def log_of_the_server() -> str:
    """All that PostgreSQL has written so far (tests/servers/postgres.py puts it beside the data)."""
    if is_sqlite():
        return ""
    data = db.session.execute(sa.text("SHOW data_directory")).scalar_one()
    db.session.rollback()
    return (Path(data).parent / "log").read_text(errors="replace")


def test_the_vote_is_what_the_bounds_speak_of(election):
    voters = election.material.voters
    assert 300 < len(voters) == len(election.truth) == len(election.material.ballots) == len(election.material.rows)
    assert len({voter.ballots for voter in voters}) <= 5
    assert max(voter.ballots for voter in voters) > 2
    assert len(election.material.days) == 7


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.name)
def test_no_way_finds_more_than_luck(election, strategy):
    found = matches(strategy.guess(election.material), election.truth)
    assert found <= (BY_LUCK_IN_GROUPS if strategy.grouped else BY_LUCK)


@pytest.mark.parametrize("strategy", STRATEGIES, ids=lambda strategy: strategy.name)
def test_every_way_finds_what_leaks(election, strategy):
    copy = election.copy()
    LEAKS[strategy.name](copy)
    assert matches(strategy.guess(copy.material), copy.truth) >= 0.95 * len(copy.truth)


def test_nothing_that_was_logged_or_backed_up_names_a_row_of_the_box_beside_a_person(election):
    """Row keys, cast ids and tags stand in the tables of the box and nowhere else."""
    for day in election.material.days:
        secret = {row[name].hex() for row in day.tables["ballot_cast"] for name in ("row_key", "cast_id", "sealed")}
        others = [str(value.hex() if isinstance(value, bytes) else value) for name, rows in day.tables.items()
                  if name not in ("ballot_cast", "participation") for row in rows for value in row.values()]
        assert not secret & set(others)
        assert not any(value in day.log for value in secret)


@pytest.fixture(scope="module", params=[15, pytest.param(30, marks=pytest.mark.long)])
def small_votes(request, sqlite_app, tmp_path_factory) -> list[Election]:
    """Votes with eight choices, in each of which one day has a single voter."""
    done = []
    with sqlite_app.app_context():
        for number in range(request.param):
            plan = Plan.drawn(random.Random(number), SMALL, changing=0.25, most=3)
            done.append(held(sqlite_app, factories.Town(), plan, tmp_path_factory.mktemp("small"), seed=number,
                             choose=lambda voter, cast, number=number: [1 + random.Random(
                                 f"{number} {voter} {cast}").randrange(8)],
                             facts={"options": making.options(8)}, evenings=(LONE - 1, LONE, 6)))
            leave_nothing()
    return done


def lone_voter(election: Election) -> int:
    return next(voter.user_id for voter in election.material.voters if voter.days[0] == LONE)


def by_what_most_chose(election: Election) -> bytes:
    """Of the ballots that were changed as often as the only new row of that day: the choice of most."""
    before, after = ({row["row_key"] for row in day.tables["participation"]} for day in election.material.days[:2])
    new, = after - before
    changed = sum(cast["row_key"] == new for cast in election.material.days[-1].tables["ballot_cast"])
    alike = Counter(ballot.choice for ballot in election.material.ballots if ballot.ballots == changed)
    return alike.most_common(1)[0][0]


@pytest.mark.parametrize("strategy", [*STRATEGIES, None], ids=lambda one: one.name if one else "what most chose")
def test_the_only_voter_of_a_day_is_named_no_more_often_than_by_luck(small_votes, strategy):
    named = 0
    for election in small_votes:
        lone = lone_voter(election)
        if strategy is None:
            guess = by_what_most_chose(election)
        else:
            choices = {ballot.leaf: ballot.choice for ballot in election.material.ballots}
            guess = choices.get(strategy.guess(election.material).get(lone))
        named += guess == election.choice_of[lone]
    assert named <= NAMED_BY_LUCK[len(small_votes)]


@pytest.fixture
def same_chance(monkeypatch):
    """Every random byte and every moment the same from here on: what differs then comes from the choices."""

    def begin():
        streams: dict[int, random.Random] = {}  # one for each length: a library may draw for its own, once
        for name in ("os.urandom", "random._urandom"):
            monkeypatch.setattr(name, lambda size: streams.setdefault(size, random.Random(size)).randbytes(size))
        monkeypatch.setattr(factories, "_number", count(1))
        monkeypatch.setattr(making, "_number", count(1))
        if is_sqlite():
            stopped = factories.MAY
            monkeypatch.setattr(clock, "now", lambda: stopped + clock._offset)

    assert os.urandom(8) != os.urandom(8)
    return begin


def test_votes_that_differ_in_their_choices_alone_leave_the_same_behind(app, town, same_chance, tmp_path):
    plan = Plan.drawn(random.Random(5), [9, 4, 1, 6, 3, 2, 5], changing=0.3, most=3, papers=3)
    keyring.make(os.urandom(16))  # the keys of the site are there before
    keys.keyed_hash("tests", b"")
    done = []
    for number, choose in enumerate((lambda voter, cast: [1], lambda voter, cast: [2, 5, 7, 11, 13, 18])):
        same_chance()
        before = keys_of_boxes(app)
        done.append(held(app, town, plan, tmp_path / str(number), choose=choose, facts=EIGHTEEN))
        for path in keys_of_boxes(app) - before:  # the other vote gets the very same key
            path.unlink()
        leave_nothing()
    one, other = done
    for first, second in zip(one.material.days, other.material.days, strict=True):
        assert shapes(first) == shapes(second)
        assert length(first.backup) == length(second.backup)
        assert first.log == second.log
        if is_sqlite():
            assert differing(first, second) == DIFFERS


def length(backup: bytes) -> int:
    """Of SQLite the file; of a dump of PostgreSQL the rows. (A table's definition says that it was clustered once.)"""
    if is_sqlite():
        return len(backup)
    return len(MOMENT.sub(b"", backup[backup.index(b"\nCOPY "):backup.rindex(b"\n\\.\n")]))


def keys_of_boxes(app) -> set[Path]:
    folder = Path(app.config["KEYS"])
    return {*folder.glob("box-*"), *folder.glob("heads/*.json")}


def shapes(day) -> dict:
    """How long every value of every row is, numbers and moments aside."""
    return {name: sorted(tuple((column, len(value)) for column, value in row.items() if isinstance(value, str | bytes)
                               and not column.endswith("at")) for row in rows) for name, rows in day.tables.items()}


def differing(one, other) -> set[tuple[str, str]]:
    return {(name, column) for name, rows in one.tables.items() for left, right in zip(
        rows, other.tables[name], strict=True) for column in left if left[column] != right[column]}
