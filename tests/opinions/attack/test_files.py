"""Somebody who has the files of every moment, no key, and knows what all others answered and when each press was,
guesses neither what the next press of somebody said nor in which group they are."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import comb
from typing import Any

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.opinions import answering, computing, identities, keyring, operations, queries, sealing
from civic_forum.opinions.letters import services as post
from civic_forum.opinions.models import Participant
from civic_forum.opinions.paper import services as paper
from civic_forum.platform import subprocess_call
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.ballots.attack.dumps import WrittenAhead

from ..making import consultation, letters

STATEMENTS, KNOWN = 12, 8
"""Of these everybody answered so many before the first copy of the files."""
HEAD, NONCE, TAG = 9, 12, 16
"""Bytes before the answers in what a row holds, and around what is sealed: the source says so to everybody."""
RARELY = 1e-8
Row = tuple[tuple[str, Any], ...]
Features = dict[tuple, Any]


@dataclass(frozen=True)
class Press:
    """A press of somebody, and what the files said before and after it."""

    person: int
    statement: int
    value: int
    features: Features


@dataclass
class Material:
    presses: list[Press] = field(default_factory=list)
    rows: list[Features] = field(default_factory=list)
    """Of each person, after the result."""
    camps: list[int] = field(default_factory=list)
    log: bytes = b""
    sealed: list[bytes] = field(default_factory=list)
    """Rows as they are at last, and what is in them."""
    codes: list[bytes] = field(default_factory=list)
    texts: str = ""
    """All that the tables of consultations hold after the result but what everybody may read."""


def files() -> dict[str, dict[Any, dict[str, Any]]]:
    """Rows of each table of consultations by their key, as the log replayed to this moment has them."""
    db.session.rollback()
    found = {}
    for name, table in db.metadata.tables.items():
        if name.startswith("opinion_"):
            keys = [column.name for column in table.primary_key]
            rows = db.session.execute(sa.text(f'SELECT * FROM "{name}"')).mappings()
            found[name] = {tuple(_plain(row[key]) for key in keys): {
                column: _plain(value) for column, value in row.items()} for row in rows}
    db.session.rollback()
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def changed(before: dict, after: dict) -> Iterator[tuple[str, Any, dict[str, Any] | None, dict[str, Any]]]:
    for name, rows in after.items():
        for key, row in rows.items():
            if row != before[name].get(key):
                yield name, key, before[name].get(key), row


def features(table: str, was: dict[str, Any] | None, row: dict[str, Any]) -> Features:
    """All by which one row could tell something: values, lengths, how bytes differ from those before."""
    found: Features = {}
    for column, value in row.items():
        if not isinstance(value, bytes):
            found[table, column] = round(value, 1) if isinstance(value, float) else str(value)
            continue
        earlier = (was or {}).get(column) or bytes(len(value))
        found[table, column, "length"] = len(value), len(earlier)
        body, old = (each[NONCE + HEAD:-TAG] for each in (value, earlier))
        differing = [(4 * place + at // 2, a >> at & 3) for place, (a, b) in enumerate(zip(body, old))
                     for at in (0, 2, 4, 6) if (a ^ b) >> at & 3]
        found[table, column, "places"] = [place for place, _code in differing][:2]
        found[table, column, "codes"] = [code for _place, code in differing][:2]
        found |= {(table, column, "byte", place): byte & 3 for place, byte in enumerate(value[:NONCE + HEAD + 20])}
    return found


def lived(town, people: int, chance: random.Random) -> Material:
    """Two camps; each person answers what is left in an order of their own, and then a result comes."""
    asked = consultation([f"한 줄 의견 {number}번이에요." for number in range(1, STATEMENTS + 1)])
    users = [town.user() for _person in range(people)]
    camps = [person % 2 for person in range(people)]
    chance.shuffle(camps)
    answers = [{number: chance.choices((1, 0, -1), (7, 2, 2) if (number + camp) % 2 else (2, 2, 7))[0]
                for number in range(1, STATEMENTS + 1)} for camp in camps]
    orders = [chance.sample(range(1, STATEMENTS + 1), STATEMENTS) for _person in users]
    with use_case(None) as work:
        held = queries.locked(asked.id)
        operations.bring_in(work, held, [operations.BroughtIn(
            *identities.of_account(asked.id, user)[0], {number: given[number] for number in order[:KNOWN]})
            for user, given, order in zip(users, answers, orders)])
    paper.print_sheets(asked.id, 2, by=(clerk := town.moderator()))
    paper.type_in(asked.id, 1, "121212121212", by=clerk)
    left = [(person, number) for person, order in enumerate(orders) for number in order[KNOWN:]]
    chance.shuffle(left)
    made, log, rows = Material(camps=camps), WrittenAhead(), {}
    before = files()
    for person, number in left:
        answering.respond(asked.id, number, answers[person][number], by=users[person])
        after, seen = files(), {}
        for table, key, was, row in changed(before, after):
            seen |= features(table, was, row)
            if table == "opinion_participant":
                rows[person] = key
        made.presses.append(Press(person, number, answers[person][number], seen))
        before = after
    made.log, there = log.taken(), db.session.scalars(sa.select(Participant)).all()
    made.sealed, made.codes = [row.sealed for row in there], [
        keyring.keys(asked.id).open_row(row).codes for row in there]
    assert computing.compute(asked.id)
    after = files()
    made.rows = [features("opinion_participant", before["opinion_participant"].get(rows[person]),
                          after["opinion_participant"][rows[person]]) for person in range(people)]
    made.texts = str([{column: value for column, value in row.items() if column != "published"}
                      for table in ("opinion_map", "opinion_paper_typing") for row in after[table].values()])
    return made


def right(labels: Sequence[Any], shown: Sequence[Features]) -> int:
    """Of how many the best way says the label, each guessed from all the others: what most of those have who have the
    same feature."""
    best = 0
    for name in {name for each in shown for name in each}:
        having: dict[str, Counter] = defaultdict(Counter)
        for label, each in zip(labels, shown):
            having[str(each.get(name))][label] += 1
        best = max(best, sum(_guess(having[str(each.get(name))], label) for label, each in zip(labels, shown)))
    return best


def _guess(among: Counter, label: Any) -> bool:
    """True if most of the others of them have this label."""
    others = (among - Counter([label])).most_common(1)
    return bool(others) and others[0][0] == label


def by_luck(labels: Sequence[Any]) -> int:
    """So many right that more happen once in a hundred million to whoever always says what is most frequent."""
    many = len(labels)
    share = Counter(labels).most_common(1)[0][1] / many
    return next(least for least in range(many + 1) if sum(
        comb(many, number) * share**number * (1 - share)**(many - number)
        for number in range(least + 1, many + 1)) <= RARELY)


GUESSES: dict[str, Callable[[Material], tuple[list, list[Features]]]] = {
    "statement": lambda made: ([one.statement for one in made.presses], [one.features for one in made.presses]),
    "answer": lambda made: ([one.value for one in made.presses], [one.features for one in made.presses]),
    "group": lambda made: (made.camps, made.rows),
}


def told(made: Material) -> set[str]:
    """Kinds of what the attacker says more often than by luck."""
    found = set()
    for name, guess in GUESSES.items():
        labels, shown = guess(made)
        assert by_luck(labels) < len(labels)
        if right(labels, shown) > by_luck(labels):
            found.add(name)
    return found


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    monkeypatch.setattr(subprocess_call, "call_limited", lambda _s, _m, function, *given: function(*given))


@pytest.mark.parametrize("people", [40, pytest.param(200, marks=pytest.mark.long)])
def test_files_log_and_all_others_tell_neither_statement_nor_answer_nor_group(app, town, people):
    made = lived(town, people, random.Random(200))
    assert told(made) == set()
    assert "priority" not in made.texts and "121212121212" not in made.texts
    assert made.sealed and all(sealed[-TAG:-4] in made.log for sealed in made.sealed), "but for last bytes as before"
    assert not any(codes in made.log for codes in made.codes)


@pytest.mark.both
def test_no_order_of_rows_tells_which_letters_of_a_pile_were_taken_up(town):
    """Whoever printed them knows in which order, and has both copies of the files."""
    chance, asked = random.Random(55), consultation(by_letter=True)
    codes = letters(asked, 60, town)
    taken = chance.sample([True, False] * 30, 60)
    before = files()["opinion_letter"]
    for code, is_taken in zip(codes, taken, strict=True):
        if is_taken:
            post.take_up(asked.id, code, f"browser of {code}", by=AnonymousUserMixin())
    after = files()["opinion_letter"]
    changed = [after[key] != row for key, row in before.items()]
    assert sum(changed) == 30, "files tell how many"
    for column in ("as they lie", *next(iter(before.values()))):
        rows = sorted(zip(before.values(), changed, strict=True), key=lambda pair: str(
            None if column == "as they lie" else pair[0][column]).zfill(20))
        for order in (rows, rows[::-1]):
            right = sum(is_changed is is_taken for (_row, is_changed), is_taken in zip(order, taken, strict=True))
            assert right <= by_luck(taken), column


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_attack_finds_what_is_not_sealed(app, town, monkeypatch):
    monkeypatch.setattr(sealing, "seal", lambda _key, content, _place: bytes(NONCE) + content + bytes(TAG))
    monkeypatch.setattr(sealing, "open_sealed", lambda _key, sealed, _place: sealed[NONCE:-TAG])
    made = lived(town, 40, random.Random(200))
    assert told(made) == {"statement", "answer", "group"} and "121212121212" in made.texts
    assert any(codes in made.log for codes in made.codes)
