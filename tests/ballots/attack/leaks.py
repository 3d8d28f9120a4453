"""Copies of what the attacker has that leak just what one strategy looks for: a strategy that finds nothing in
these would prove nothing."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from hashlib import sha256

from .material import Ballot, Material, Truth, Voter


@dataclass
class Copy:
    """A copy to be changed, and who is who in it."""

    material: Material
    truth: Truth
    row_of: Mapping[int, bytes]
    """user id → row key"""

    def __post_init__(self):
        days = [replace(day, tables={name: list(rows) for name, rows in day.tables.items()})
                for day in self.material.days]
        rows = deepcopy(self.material.rows)
        self.material = replace(self.material, days=days, ballots=deepcopy(self.material.ballots),
                                heads=list(self.material.heads))
        self.material.__dict__["rows"] = rows
        self.truth = dict(self.truth)

    def each(self):
        """Every voter with their ballot and their row."""
        ballots = {ballot.leaf: ballot for ballot in self.material.ballots}
        rows = {row.row_key: row for row in self.material.rows}
        return [(voter, ballots[self.truth[voter.user_id]], rows[self.row_of[voter.user_id]])
                for voter in self.material.voters]

    def number_leaves(self, key: Callable[[Voter, Ballot, object], object]) -> None:
        """Put the leaves into the order of `key`."""
        for number, (voter, ballot, _) in enumerate(sorted(self.each(), key=lambda each: key(*each))):
            ballot.leaf = number
            self.truth[voter.user_id] = number


def in_order_of_voting(copy: Copy) -> None:
    copy.number_leaves(lambda voter, _ballot, _row: voter.position)


def in_order_of_accounts(copy: Copy) -> None:
    copy.number_leaves(lambda voter, _ballot, _row: voter.user_id)


def table_that_joins(copy: Copy) -> None:
    copy.material.days[-1].tables["leaked"] = [
        {"user_id": voter.user_id, "tag": ballot.tag} for voter, ballot, _ in copy.each()]


def tags_anybody_can_make(copy: Copy) -> None:
    for voter, ballot, _ in copy.each():
        ballot.tag = sha256(str(voter.user_id).encode()).digest()


def tags_that_count_up(copy: Copy) -> None:
    for voter, ballot, _ in copy.each():
        ballot.tag = voter.position.to_bytes(32, "big")


def nonces_that_count_up(copy: Copy) -> None:
    for voter, ballot, _ in copy.each():
        ballot.n1 = voter.position.to_bytes(32, "big")


def tags_of_accounts(copy: Copy) -> None:
    for voter, ballot, _ in copy.each():
        ballot.tag = voter.user_id.to_bytes(32, "big")


def keys_that_count_up(copy: Copy) -> None:
    for voter, _, row in copy.each():
        row.casts[-1]["cast_id"] = voter.position.to_bytes(32, "big")
    in_order_of_voting(copy)


def keys_of_accounts(copy: Copy) -> None:
    rows = copy.each()
    tags_of_accounts(copy)
    copy.row_of = {voter.user_id: voter.user_id.to_bytes(32, "big") for voter, _, _ in rows}
    for voter, _, row in rows:
        row.row_key = copy.row_of[voter.user_id]


def rows_written_in_order(copy: Copy) -> None:
    for voter, _, row in copy.each():
        row.offset = voter.position


def rows_and_leaves_by_key(copy: Copy) -> None:
    rows_written_in_order(copy)
    copy.number_leaves(lambda _voter, _ballot, row: row.casts[-1]["cast_id"])


def rows_and_leaves_in_order(copy: Copy) -> None:
    rows_written_in_order(copy)
    in_order_of_voting(copy)


def whole_ballots_that_differ(copy: Copy) -> None:
    """Every ballot another choice, so that a length can point at one."""
    for number, (_, ballot, _) in enumerate(copy.each(), 1):
        ballot.choice = bytes(len(ballot.choice) - 2) + number.to_bytes(2, "big")


def lengths_that_tell(copy: Copy) -> None:
    rows_written_in_order(copy)
    whole_ballots_that_differ(copy)
    for number, (_, _, row) in enumerate(copy.each(), 1):
        row.casts[-1]["sealed"] = bytes(number)


def times_beside_ballots(copy: Copy) -> None:
    told = copy.material.days[-1].tables["leaked"] = []
    for voter, ballot, _ in copy.each():
        ballot.at = f"2999-01-01 00:00:00.{voter.position:06}"
        told.append({"user_id": voter.user_id, "at": ballot.at})


def _log(copy: Copy, line: Callable) -> None:
    lines = [line(voter, number) for number, (voter, _, _) in enumerate(copy.each(), 1)]
    copy.material.days[-1].log += "\n" + "\n".join(lines)


def lines_that_name(copy: Copy) -> None:
    _log(copy, lambda voter, _number: f"POST user {voter.user_id}")
    order = {voter.user_id: number for number, voter in enumerate(copy.material.voters)}
    copy.number_leaves(lambda voter, _ballot, _row: order[voter.user_id])


def sizes_that_tell(copy: Copy) -> None:
    whole_ballots_that_differ(copy)
    _log(copy, lambda voter, number: f"POST user {voter.user_id} {number} bytes")


def daily_heads(copy: Copy) -> None:
    in_order_of_voting(copy)
    days = sorted(voter.days[-1] for voter in copy.material.voters)
    copy.material.heads = sorted({sum(day <= last for day in days) for last in set(days)})


def everything_in_order(copy: Copy) -> None:
    keys_that_count_up(copy)
    rows_written_in_order(copy)


LEAKS: dict[str, Callable[[Copy], None]] = {
    "joins of equal values": table_that_joins,
    "plain hashes of numbers": tags_anybody_can_make,
    "order of voting, order of the log": in_order_of_voting,
    "order of voting, order of tags": tags_that_count_up,
    "order of voting, order of nonces": nonces_that_count_up,
    "order of accounts, order of the log": in_order_of_accounts,
    "order of accounts, order of tags": tags_of_accounts,
    "primary keys of casts": keys_that_count_up,
    "primary keys of participations": keys_of_accounts,
    "physical order, then primary keys": rows_and_leaves_by_key,
    "physical order, then physical order": rows_and_leaves_in_order,
    "sizes of what is sealed": lengths_that_tell,
    "times in the tables": times_beside_ballots,
    "order of the lines of the log files": lines_that_name,
    "sizes in the log files": sizes_that_tell,
    "batches of leaves": daily_heads,
    "numbers of changes": in_order_of_voting,
    "differences between backups, then numbers of changes": everything_in_order,
}
