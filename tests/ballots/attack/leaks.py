"""Copies of what the attacker has that leak just what one strategy looks for: a strategy that finds nothing in these
would prove nothing."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from hashlib import sha256

from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import BoxKeys, MINE_BYTES

from .material import Ballot, Material, Truth, Voter
from .strategies import changes


@dataclass
class Copy:
    """A copy to be changed, and who is who in it."""

    material: Material
    truth: Truth

    def __post_init__(self):
        there = self.material
        days = [replace(day, tables=dict(day.tables)) for day in there.days]
        self.material = replace(there, days=days, ballots=deepcopy(there.ballots), voters=deepcopy(there.voters),
                                papers=list(there.papers))
        self.material.__dict__ |= {"rows": deepcopy(there.rows), "promises": deepcopy(there.promises)}
        self.truth = dict(self.truth)

    def each(self) -> Iterator[tuple[int, Voter, Ballot]]:
        """Everybody who has a live ballot, in order of voting, with their place in it and their ballot."""
        ballots = {ballot.leaf: ballot for ballot in self.material.ballots}
        voters = [voter for voter in self.material.voters if not voter.paper]
        for place, voter in enumerate(sorted(voters, key=lambda voter: voter.casts[-1])):
            yield place, voter, ballots[self.truth[voter.user_id]]

    def number_leaves(self, key: Callable[[Voter], object]) -> None:
        """Put the leaves into the order of `key`."""
        for number, (_place, voter, ballot) in enumerate(sorted(self.each(), key=lambda each: key(each[1]))):
            ballot.leaf = number
            self.truth[voter.user_id] = number


def by_last_cast(copy: Copy) -> None:
    copy.number_leaves(lambda voter: voter.casts[-1])


def counting_up(name: str, size: int) -> Callable[[Copy], None]:
    """A value that should be drawn counts up as ballots come."""
    def leak(copy: Copy) -> None:
        for place, _voter, ballot in copy.each():
            setattr(ballot, name, place.to_bytes(size, "big"))

    return leak


def leaves_by(key: Callable[[Material, Voter], object]) -> Callable[[Copy], None]:
    """Leaves in the order of something that is known."""
    return lambda copy: copy.number_leaves(lambda voter: key(copy.material, voter))


def commitments_in_rows(copy: Copy) -> None:
    for _place, voter, ballot in copy.each():
        copy.material.rows[voter.row_key].sealed = bytes(20) + ballot.commitment


def table_that_joins(copy: Copy) -> None:
    copy.material.days[-1].tables["leaked"] = [
        {"user_id": voter.user_id, "token": ballot.token} for _place, voter, ballot in copy.each()]


def mine_that_anybody_can_make(copy: Copy) -> None:
    for _place, voter, ballot in copy.each():
        ballot.mine = sha256(str(voter.user_id).encode()).digest()[:MINE_BYTES]


def mine_in_the_open(copy: Copy) -> None:
    for _place, voter, ballot in copy.each():
        copy.material.rows[voter.row_key].sealed = bytes(12) + ballot.mine + bytes(29)


def rows_sealed_with_what_all_know(copy: Copy) -> None:
    keys = BoxKeys(copy.material.public["key_sha256"])
    for _place, voter, ballot in copy.each():
        row = copy.material.rows[voter.row_key]
        opened = rows.OpenedRow(rows.Channel(row.channel), 0, 1, b"f" * 16, ballot.mine, ballot.choice)
        row.sealed = rows.seal_voter(keys, copy.material.box_id, voter.row_key, opened)


def times_beside_ballots(copy: Copy) -> None:
    told = copy.material.days[-1].tables["leaked"] = []
    for place, voter, ballot in copy.each():
        ballot.at = f"2999-01-01 00:00:00.{place:06}"
        told.append({"user_id": voter.user_id, "at": ballot.at})


def lines_that_name(copy: Copy) -> None:
    by_last_cast(copy)
    lines = [f"POST user {voter.user_id}" for _place, voter, _ballot in copy.each()]
    copy.material.days[-1].log += "\n" + "\n".join(lines)


def lengths_that_tell(copy: Copy) -> None:
    """Every ballot another choice, so that a length can point at one."""
    for place, voter, ballot in copy.each():
        ballot.choice = bytes(len(ballot.choice) - 2) + (place + 1).to_bytes(2, "big")
        copy.material.rows[voter.row_key].sealed = bytes(place)


def changes_beside_ballots(copy: Copy) -> None:
    by_last_cast(copy)
    for _place, voter, ballot in copy.each():
        ballot.told = changes(copy.material, voter)


def batch_in_the_order_of_numbers(copy: Copy) -> None:
    holders = sorted((voter for voter in copy.material.voters if voter.paper), key=lambda voter: voter.paper)
    for place, voter in enumerate(holders):
        copy.truth[voter.user_id] = -1 - place


LEAKS: dict[str, Callable[[Copy], None]] = {
    "values of rows and promises in the record": commitments_in_rows,
    "joins of equal values from the account": table_that_joins,
    "plain hashes of what is known": mine_that_anybody_can_make,
    "hashes of the format": mine_in_the_open,
    "public values as keys": rows_sealed_with_what_all_know,
    "order of voting, order of leaves": by_last_cast,
    "order of voting, order of marks": counting_up("mark", 32),
    "order of voting, order of commitments": counting_up("commitment", 32),
    "order of voting, order of n": counting_up("n", 32),
    "order of voting, order of mine": counting_up("mine", 16),
    "order of voting, order of live.txt": counting_up("token", 32),
    "order of accounts": leaves_by(lambda _material, voter: voter.user_id),
    "order of row keys": leaves_by(lambda _material, voter: voter.row_key),
    "order of the names of promises": leaves_by(lambda material, voter: material.last_lines[voter.row_key][1]),
    "rows in the files": leaves_by(lambda material, voter: material.rows[voter.row_key].in_files),
    "promises in the files": leaves_by(lambda material, voter: material.promise_of(voter).in_files),
    "rows in the write-ahead log": by_last_cast,
    "promises in the write-ahead log": by_last_cast,
    "lines of the ledger": by_last_cast,
    "times in the tables": times_beside_ballots,
    "lines of the logs": lines_that_name,
    "sizes of what is sealed": lengths_that_tell,
    "kiosks and numbers of changes": changes_beside_ballots,
    "differences between evenings": leaves_by(
        lambda material, voter: (material.rows[voter.row_key].evening, voter.row_key)),
    "numbers of papers": batch_in_the_order_of_numbers,
}
"""The order of voting, as it leaks in the write-ahead log and in the ledger: the real ones are read for it."""
