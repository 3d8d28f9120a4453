"""Ways to find out who cast which ballot. Each names a leaf for as many voters as it can."""

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256

from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import BoxKeys, Damaged, MINE_BYTES, mark

from .material import Ballot, Material, Truth, Voter

WIDE = 12
"""Bytes from which on two equal values are no accident."""
Strategy = Callable[[Material], Truth]


def in_order(voter_key: Callable[[Material, Voter], object], ballot_key: Callable[[Ballot], object]) -> Strategy:
    """Those who voted online or at a kiosk sorted by what is known of each, the live ballots by what the record says
    of each, and the first with the first."""
    def guess(material: Material) -> Truth:
        voters = sorted((voter for voter in material.voters if not voter.paper),
                        key=lambda voter: (voter_key(material, voter), voter.casts[-1]))
        ballots = sorted(material.ballots, key=lambda ballot: (ballot_key(ballot), ballot.leaf))
        return {voter.user_id: ballot.leaf for voter, ballot in zip(voters, ballots, strict=False)}

    return guess


def nothing_but_the_leaf(_ballot: Ballot) -> int:
    return 0


def last_cast(_material: Material, voter: Voter) -> int:
    return voter.casts[-1]


# Values

def windows(value: bytes, size: int = WIDE) -> set[bytes]:
    return {value[at:at + size] for at in range(len(value) - size + 1)}


def values_of_rows(material: Material) -> Truth:
    """Bytes of somebody's row, of their promise or of their lines in the ledger that stand in the record."""
    leaves = {part: ballot.leaf for ballot in material.ballots for value in ballot.values for part in windows(value)}
    found = {}
    for voter in material.voters:
        row = material.rows.get(voter.row_key)
        line = material.last_lines.get(voter.row_key)
        promise = material.promises.get(line[1]) if line else None
        for value in (voter.row_key, row and row.sealed, line and line[1], promise and promise.sealed):
            for part in windows(value or b"") & leaves.keys():
                found[voter.user_id] = leaves[part]
    return found


def wide(value: object) -> bytes | None:
    """The value as bytes if it is long enough to recognise: binary, or hexadecimal text."""
    if isinstance(value, str) and len(value) >= 2 * WIDE and re.fullmatch(r"(?:[0-9a-f]{2})+", value):
        value = bytes.fromhex(value)
    return bytes(value) if isinstance(value, bytes | memoryview) and len(value) >= WIDE else None


def joins(material: Material) -> Truth:
    """Follow equal values and numbers of rows from the account through every table into the record."""
    tables = material.days[-1].tables
    links: dict[bytes, list[dict]] = defaultdict(list)
    for found in tables.values():
        for row in found:
            for value in filter(None, map(wide, row.values())):
                links[value].append(row)
    shared = {value for value, found in links.items() if len(found) > 50}  # a box or a digest of all is nobody's
    leaves = {value: ballot.leaf for ballot in material.ballots for value in ballot.values}
    persons = {row["id"]: row["person_id"] for row in tables["user"]}
    named: dict[int, list[dict]] = defaultdict(list)
    for name, found in tables.items():
        for row in found:
            for user in {row.get("user_id"), row["id"] if name == "user" else None} - {None}:
                named[user].append(row)
    of_persons = {row["id"]: row for row in tables["person"]}
    joined = {}
    for voter in material.voters:
        person = of_persons.get(persons.get(voter.user_id))
        if (leaf := _followed([*named[voter.user_id], *filter(None, [person])], links, shared, leaves)) is not None:
            joined[voter.user_id] = leaf
    return joined


def _followed(reached: list[dict], links, shared, leaves) -> int | None:
    known: set[bytes] = set()
    while reached:
        row = reached.pop()
        for value in filter(None, map(wide, row.values())):
            if value in leaves:
                return leaves[value]
            if value not in known and value not in shared:
                known.add(value)
                reached += [other for other in links[value] if other is not row]
    return None


def plain_hashes(material: Material) -> Truth:
    """A hash that needs no key can be made by anybody from a number of the account or from the names of a row."""
    leaves = {value[:MINE_BYTES]: ballot.leaf for ballot in material.ballots for value in ballot.values}
    tables = material.days[-1].tables
    persons = {row["id"]: row["person_id"] for row in tables["user"]}
    hashes = {row["id"]: bytes(row["identity_hash"]) for row in tables["person"]}
    found = {}
    for voter in material.voters:
        person = persons.get(voter.user_id)
        line = material.last_lines.get(voter.row_key)
        for start in (str(voter.user_id).encode(), str(person).encode(), voter.user_id.to_bytes(8, "big"),
                      hashes.get(person, b""), voter.row_key, line[1] if line else b""):
            if (made := sha256(start).digest()[:MINE_BYTES]) in leaves:
                found[voter.user_id] = leaves[made]
    return found


def hashes_of_the_format(material: Material) -> Truth:
    """The mark follows from `mine`, should that stand anywhere in the open."""
    leaves = {ballot.mark: ballot.leaf for ballot in material.ballots}
    found = {}
    for voter in material.voters:
        row, line = material.rows.get(voter.row_key), material.last_lines.get(voter.row_key)
        for value in (row and row.sealed, line and line[1], voter.row_key):
            for part in windows(value or b"", MINE_BYTES):
                if (made := mark(material.fingerprint, part)) in leaves:
                    found[voter.user_id] = leaves[made]
    return found


def public_values_as_keys(material: Material) -> Truth:
    """Open the rows with anything of 32 bytes that all know."""
    leaves, found = {ballot.mine: ballot.leaf for ballot in material.ballots}, {}
    for key in map(BoxKeys, material.public.values()):
        for voter in material.voters:
            row = material.rows[voter.row_key]
            try:
                opened = rows.open_voter(key, material.box_id, voter.row_key, row.channel, voter.paper, row.sealed)
            except Damaged:
                continue
            if opened.mine in leaves:
                found[voter.user_id] = leaves[opened.mine]
    return found


# Times and logs

def instant(value: object) -> str:
    """A moment or a day as text that sorts; empty for anything else."""
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return value if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value) else ""


def latest_instants(material: Material) -> dict[int, str]:
    """For each account the latest moment that any row that names it holds."""
    found: dict[int, str] = {}
    for table in material.days[-1].tables.values():
        for row in table:
            moments = [moment for value in row.values() if (moment := instant(value))]
            for name in ("user_id", "actor_id", "by_id"):
                if moments and isinstance(row.get(name), int):
                    found[row[name]] = max(found.get(row[name], ""), *moments)
    return found


def times_in_tables(material: Material) -> Truth:
    latest = latest_instants(material)
    return in_order(lambda _material, voter: latest.get(voter.user_id, ""), lambda ballot: ballot.at)(material)


def lines_of_logs(material: Material) -> Truth:
    """For each account the last line of a log that names it."""
    lines = "\n".join(day.log for day in material.days).splitlines()
    found = {int(user): number for number, line in enumerate(lines) for user in re.findall(r"\buser[ =:/]*(\d+)", line)}
    return in_order(lambda _material, voter: found.get(voter.user_id, 0), nothing_but_the_leaf)(material)


def chosen(ballot: Ballot) -> int:
    """A whole ballot as one number, the more options the larger."""
    options = sum(1 for at in range(1, len(ballot.choice), 2) if any(ballot.choice[at:at + 2]))
    return options << 40 | int.from_bytes(ballot.choice[-5:], "big")


def sizes(material: Material, voter: Voter) -> tuple[int, int]:
    return len(material.rows[voter.row_key].sealed), len(material.promise_of(voter).sealed)


def changes(material: Material, voter: Voter) -> str:
    """By kiosk or not, and how often: in the ledger, in the copies, and to be seen in the street."""
    return f"{material.rows[voter.row_key].channel} {len(voter.casts) - 1:03}"


def papers(material: Material) -> Truth:
    """Papers by their numbers, the batch in its order."""
    holders = sorted((voter for voter in material.voters if voter.paper), key=lambda voter: voter.paper)
    return {voter.user_id: -1 - place for place, voter in enumerate(holders)}


STRATEGIES: dict[str, Strategy] = {
    "values of rows and promises in the record": values_of_rows,
    "joins of equal values from the account": joins,
    "plain hashes of what is known": plain_hashes,
    "hashes of the format": hashes_of_the_format,
    "public values as keys": public_values_as_keys,
    "order of voting, order of leaves": in_order(last_cast, nothing_but_the_leaf),
    "order of voting, order of marks": in_order(last_cast, lambda ballot: ballot.mark),
    "order of voting, order of commitments": in_order(last_cast, lambda ballot: ballot.commitment),
    "order of voting, order of n": in_order(last_cast, lambda ballot: ballot.n),
    "order of voting, order of mine": in_order(last_cast, lambda ballot: ballot.mine),
    "order of voting, order of live.txt": in_order(last_cast, lambda ballot: ballot.token),
    "order of accounts": in_order(lambda _material, voter: voter.user_id, nothing_but_the_leaf),
    "order of row keys": in_order(lambda _material, voter: voter.row_key, nothing_but_the_leaf),
    "order of the names of promises": in_order(
        lambda material, voter: material.last_lines[voter.row_key][1], nothing_but_the_leaf),
    "rows in the files": in_order(
        lambda material, voter: material.rows[voter.row_key].in_files, nothing_but_the_leaf),
    "promises in the files": in_order(
        lambda material, voter: material.promise_of(voter).in_files, nothing_but_the_leaf),
    "rows in the write-ahead log": in_order(
        lambda material, voter: material.rows[voter.row_key].in_wal, nothing_but_the_leaf),
    "promises in the write-ahead log": in_order(
        lambda material, voter: material.promise_of(voter).in_wal, nothing_but_the_leaf),
    "lines of the ledger": in_order(
        lambda material, voter: material.last_lines[voter.row_key][0], nothing_but_the_leaf),
    "times in the tables": times_in_tables,
    "lines of the logs": lines_of_logs,
    "sizes of what is sealed": in_order(sizes, chosen),
    "kiosks and numbers of changes": in_order(changes, lambda ballot: ballot.told),
    "differences between evenings": in_order(
        lambda material, voter: (material.rows[voter.row_key].evening, voter.row_key), nothing_but_the_leaf),
    "numbers of papers": papers,
}


def named(guess: Truth, truth: Truth) -> int:
    """The number of those who are named."""
    return sum(truth[user] == leaf for user, leaf in guess.items() if user in truth)
