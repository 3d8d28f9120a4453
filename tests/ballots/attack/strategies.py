"""Ways to find out who cast which ballot. Each names a leaf for as many voters as it can.

A strategy that pairs without groups has one match by luck, one that pairs inside groups about one for each group.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from .material import Ballot, Material, Row, Truth, Voter

WIDE = 12
"""Bytes from which on two equal values are no accident."""


@dataclass(frozen=True)
class Strategy:
    name: str
    guess: Callable[[Material], Truth]
    grouped: bool = False


def paired(left: Iterable, right: Iterable, left_key: Callable, right_key: Callable,
           left_group: Callable[[object], Hashable] = lambda _: 0,
           right_group: Callable[[object], Hashable] = lambda _: 0) -> list[tuple]:
    """Both sides sorted by their keys, then the first with the first, inside groups of equal names."""
    groups: dict[Hashable, tuple[list, list]] = defaultdict(lambda: ([], []))
    for one in left:
        groups[left_group(one)][0].append(one)
    for other in right:
        groups[right_group(other)][1].append(other)
    return [pair for ours, theirs in groups.values()
            for pair in zip(sorted(ours, key=left_key), sorted(theirs, key=right_key), strict=False)]


def direct(voter_key: Callable[[Voter], object], ballot_key: Callable[[Ballot], object], **groups) -> Callable:
    """Voters in one order, ballots in another."""
    return lambda material: {voter.user_id: ballot.leaf for voter, ballot in paired(
        material.voters, material.ballots, voter_key, ballot_key, **groups)}


def through_rows(voter_key: Callable[[Voter], object], row_key: Callable[[Row], object],
                 other_row_key: Callable[[Row], object], ballot_key: Callable[[Ballot], object],
                 voter_group: Callable = lambda _: 0, row_group: Callable = lambda _: 0,
                 other_row_group: Callable = lambda _: 0, ballot_group: Callable = lambda _: 0) -> Callable:
    """From voters to rows of the box by one pair of orders, from there to ballots by another."""

    def guess(material: Material) -> Truth:
        rows = dict((row.row_key, voter) for voter, row in paired(
            material.voters, material.rows, voter_key, row_key, voter_group, row_group))
        return {rows[row.row_key].user_id: ballot.leaf for row, ballot in paired(
            material.rows, material.ballots, other_row_key, ballot_key, other_row_group, ballot_group)
            if row.row_key in rows}

    return guess


def by_position(voter: Voter) -> int:
    return voter.position


def by_account(voter: Voter) -> int:
    return voter.user_id


def by_leaf(ballot: Ballot) -> int:
    return ballot.leaf


def by_cast_id(row: Row) -> bytes:
    return row.casts[-1]["cast_id"]


def in_dump(row: Row) -> int:
    return row.offset


# Joins

def wide(value: object) -> bytes | None:
    """The value as bytes if it is long enough to recognise: binary, or hexadecimal text."""
    if isinstance(value, str) and len(value) >= 2 * WIDE and re.fullmatch(r"(?:[0-9a-f]{2})+", value):
        value = bytes.fromhex(value)
    if isinstance(value, bytes | memoryview) and len(value) >= WIDE:
        return bytes(value)
    return None


def join_values(material: Material) -> Truth:
    """Follow equal values and numbers of rows from the account through every table into the record."""
    tables = material.days[-1].tables
    links: dict[bytes, list[tuple[str, dict]]] = defaultdict(list)
    for name, rows in tables.items():
        for row in rows:
            for value in filter(None, map(wide, row.values())):
                links[value].append((name, row))
    shared = {value for value, rows in links.items() if len(rows) > 50}  # a box or a digest of all is nobody's
    leaves = _values_of_leaves(material)
    return {voter.user_id: leaf for voter in material.voters
            if (leaf := _joined(voter, tables, links, shared, leaves)) is not None}


def _values_of_leaves(material: Material) -> dict[bytes, int]:
    leaves = {value: ballot.leaf for ballot in material.ballots
              for value in (ballot.hash, ballot.tag, ballot.n1, ballot.n2)}
    entries = material.files.get("entries.txt", b"").split()
    for ballot in material.ballots:
        if ballot.leaf < len(entries):
            leaves |= {bytes.fromhex(entries[ballot.leaf].decode())[at:at + 32]: ballot.leaf for at in (-68, -32)}
    return leaves


def _joined(voter, tables, links, shared, leaves) -> int | None:
    own = [row for row in tables.get("user", ()) if row["id"] == voter.user_id]
    persons = {row["person_id"] for row in own} - {None}
    reached = [row for row in own]
    for name, rows in tables.items():
        reached += [row for row in rows if row.get("user_id") == voter.user_id
                    or row.get("person_id") in persons or name == "person" and row["id"] in persons]
    known: set[bytes] = set()
    while reached:
        row = reached.pop()
        for value in filter(None, map(wide, row.values())):
            if value in leaves:
                return leaves[value]
            if value not in known and value not in shared:
                known.add(value)
                reached += [other for _, other in links[value] if other is not row]
    return None


def plain_hashes(material: Material) -> Truth:
    """A hash that needs no key can be made from a number of the account by anybody."""
    tags = {value: ballot.leaf for ballot in material.ballots for value in (ballot.tag, ballot.n1)}
    persons = {row["id"]: row["person_id"] for row in material.days[-1].tables.get("user", ())}
    hashes = {row["id"]: bytes(row["identity_hash"]) for row in material.days[-1].tables.get("person", ())}
    found = {}
    for voter in material.voters:
        person = persons.get(voter.user_id)
        starts = [str(voter.user_id).encode(), str(person).encode(), voter.user_id.to_bytes(8, "big"),
                  hashes.get(person, b"")]
        for start in starts:
            if (made := sha256(start).digest()) in tags:
                found[voter.user_id] = tags[made]
    return found


# Times and logs

def latest_instants(material: Material) -> dict[int, str]:
    """For each account the latest moment that any row that names it holds."""
    found: dict[int, str] = {}
    for rows in material.days[-1].tables.values():
        for row in rows:
            moments = [moment for value in row.values() if (moment := instant(value))]
            for name in ("user_id", "actor_id", "by_id"):
                if moments and isinstance(row.get(name), int):
                    found[row[name]] = max(found.get(row[name], ""), *moments)
    return found


def instant(value: object) -> str:
    """A moment or a day as text that sorts; empty for anything else."""
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return value if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value) else ""


def times_in_tables(material: Material) -> Truth:
    latest = latest_instants(material)
    return direct(lambda voter: (latest.get(voter.user_id, ""), voter.user_id),
                  lambda ballot: (ballot.at, ballot.leaf))(material)


def lines_of_the_log(material: Material) -> dict[int, tuple[int, int]]:
    """For each account that a log names: the last line that does, and the largest number on it (a size)."""
    found = {}
    lines = "\n".join(day.log for day in material.days).splitlines()
    for number, line in enumerate(lines):
        for user in re.findall(r"\buser[ =:/]*(\d+)", line):
            sizes = [int(size) for size in re.findall(r"(\d+) bytes", line)]
            found[int(user)] = (number, max(sizes, default=0))
    return found


def order_of_the_log(material: Material) -> Truth:
    lines = lines_of_the_log(material)
    return direct(lambda voter: (lines.get(voter.user_id, (0, 0))[0], voter.user_id), by_leaf)(material)


def sizes_in_the_log(material: Material) -> Truth:
    """The length of an answer against how many options were chosen."""
    lines = lines_of_the_log(material)
    return direct(lambda voter: (lines.get(voter.user_id, (0, 0))[1], voter.position),
                  lambda ballot: (chosen(ballot.choice), ballot.leaf))(material)


def chosen(choice: bytes) -> int:
    """A whole ballot as one number, the more options the larger."""
    options = sum(1 for at in range(1, len(choice), 2) if any(choice[at:at + 2]))
    return options << 40 | int.from_bytes(choice[-5:], "big")


def of_sealed(row: Row) -> tuple[int, int]:
    return len(row.casts[-1]["sealed"]), row.offset


def batch(material: Material) -> Callable[[Ballot], int]:
    """Which head first held the leaf: a log that is signed daily has a batch for each day."""
    return lambda ballot: sum(size <= ballot.leaf for size in material.heads)


def leaf_batches(material: Material) -> Truth:
    number = batch(material)
    batches = sorted({number(ballot) for ballot in material.ballots})
    days = sorted({voter.days[-1] for voter in material.voters})
    names = dict(zip(days, batches, strict=False))
    return direct(by_position, by_leaf, left_group=lambda voter: names.get(voter.days[-1]),
                  right_group=number)(material)


STRATEGIES = (
    Strategy("joins of equal values", join_values),
    Strategy("plain hashes of numbers", plain_hashes),
    Strategy("order of voting, order of the log", direct(by_position, by_leaf)),
    Strategy("order of voting, order of tags", direct(by_position, lambda ballot: ballot.tag)),
    Strategy("order of voting, order of nonces", direct(by_position, lambda ballot: ballot.n1)),
    Strategy("order of accounts, order of the log", direct(by_account, by_leaf)),
    Strategy("order of accounts, order of tags", direct(by_account, lambda ballot: ballot.tag)),
    Strategy("primary keys of casts", through_rows(by_position, by_cast_id, by_cast_id, by_leaf)),
    Strategy("primary keys of participations", through_rows(
        by_account, lambda row: row.row_key, lambda row: row.row_key, lambda ballot: ballot.tag)),
    Strategy("physical order, then primary keys", through_rows(by_position, in_dump, by_cast_id, by_leaf)),
    Strategy("physical order, then physical order", through_rows(by_position, in_dump, in_dump, by_leaf)),
    Strategy("sizes of what is sealed", through_rows(
        by_position, in_dump, of_sealed, lambda ballot: (chosen(ballot.choice), ballot.leaf))),
    Strategy("times in the tables", times_in_tables),
    Strategy("order of the lines of the log files", order_of_the_log),
    Strategy("sizes in the log files", sizes_in_the_log),
    Strategy("batches of leaves", leaf_batches),
    Strategy("numbers of changes", direct(
        by_position, by_leaf, left_group=lambda voter: voter.ballots, right_group=lambda ballot: ballot.ballots), True),
    Strategy("differences between backups, then numbers of changes", through_rows(
        by_position, in_dump, by_cast_id, by_leaf,
        voter_group=lambda voter: tuple(voter.days), row_group=lambda row: tuple(row.days),
        other_row_group=lambda row: len(row.casts), ballot_group=lambda ballot: ballot.ballots), True),
)


def matches(guess: Truth, truth: Truth) -> int:
    return sum(truth[user] == leaf for user, leaf in guess.items() if user in truth)
