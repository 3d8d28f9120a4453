"""The closing of a ballot box: what is found is compared with roll and ledger, and what counts is frozen. It always
succeeds, whatever is found. Nothing here reads a database: rows, promises and ledger come as values. Ties are drawn by
the lottery or the dice that the definition of the box names."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from secrets import token_bytes
from typing import NamedTuple

from ..rules.choices import BoxRule, NotAccepted
from ..rules.log import Canonical, canonical_json, digest, frame, parse_canonical, root
from . import additions
from .additions import Grown
from .ledger import Ledger
from .sealing import (BoxKeys, Channel, Damaged, HASH_BYTES, Leaf, MINE_BYTES, NUMBER_BYTES, OpenedRow, ROW_KEY_BYTES,
                      ballot_leaf, commitment, four_bytes, mark, open_promise, open_sealed, open_voter, seal, token)

STEP, SPARE = 64, 256
"""Ballot leaves are a multiple of the first, at least twice the live rows and the second more."""
DAMAGED, MISSING = 6, 7
"""States of a row key beside the channels."""
STATES = {**{channel.value: channel.name.lower() for channel in Channel}, DAMAGED: "damaged", MISSING: "missing"}
ON_PAPER = frozenset(channel for channel in Channel if channel.on_paper)


class Box(NamedTuple):
    """Parts of a ballot box that its closing needs."""

    id: bytes
    fingerprint: bytes
    rule: BoxRule
    keys: BoxKeys


class VoterRow(NamedTuple):
    """A voter's row as the database has it."""

    row_key: bytes
    channel: int
    paper: int
    sealed: bytes


class Live(NamedTuple):
    """A live ballot opened; the number is that of its leaf."""

    number: int
    mine: bytes
    n: bytes
    choice: bytes


@dataclass
class Comparison:
    """Table and ledger of a box compared: rows, leaves and everything that is not as it should be."""

    states: dict[bytes, int] = field(default_factory=dict)
    """Row key of the roll → channel, `DAMAGED` or `MISSING`."""
    voters: dict[bytes, OpenedRow] = field(default_factory=dict)
    """Rows of the roll that open and are not damaged."""
    foreign: list[bytes] = field(default_factory=list)
    lost: list[bytes] = field(default_factory=list)
    """Names of promises that the ledger names and nothing gives."""
    leaves: dict[bytes, Leaf] = field(default_factory=dict)
    """Mark → leaf, of promises that open and of live rows."""
    live: dict[bytes, tuple[bytes, bytes, bytes]] = field(default_factory=dict)
    """Mark → mine, n and choice of live rows."""
    without_ledger: bool = False
    another_roll: bool = False
    """The roll is not the one that the box was opened with."""

    def figures(self) -> dict[str, int]:
        """Numbers that are frozen with the closing head."""
        states = Counter(self.states.values())
        return {"damaged": states[DAMAGED], "foreign": len(self.foreign), "ledger": int(not self.without_ledger),
                "lost": len(self.lost), "missing": states[MISSING]}


@dataclass(frozen=True)
class Closing:
    """Content frozen at the close: everything that is counted comes from here."""

    leaves: tuple[Leaf, ...]
    live: tuple[Live, ...]
    states: Mapping[bytes, int]
    figures: Mapping[str, int]
    grown: Grown | None = None
    """Of a roll that grows: who was added."""

    @cached_property
    def root(self) -> bytes:
        """Root of the closing head."""
        return root([leaf.hash for leaf in self.leaves])

    def tokens(self, fingerprint: bytes) -> list[bytes]:
        """Tokens of the live ballots, ascending."""
        return sorted(token(fingerprint, live.mine) for live in self.live)

    def rows(self) -> dict[str, int]:
        """Rows of the roll at the close by state, as the result names them."""
        counts = Counter(self.states.values())
        return {name: counts[state] for state, name in STATES.items()}


def compare(box: Box, roll: Set[bytes], rows: Iterable[VoterRow], promises: Mapping[bytes, bytes],
            ledger: Ledger | None) -> Comparison:
    """Rows, promises and ledger of a box held against its roll of row keys; struck entries are still of it. The worker
    does this every minute, the closing and the final head do it last. None for a ledger that is not there."""
    comparison, named = Comparison(without_ledger=ledger is None), ledger or Ledger()
    for row in rows:
        if row.row_key not in roll or row.row_key in comparison.states:  # SQLite has room for its text beside its bytes
            comparison.foreign.append(row.row_key)
        else:
            _take_row(comparison, box, row, named)
    comparison.states.update((row_key, MISSING) for row_key in named.revisions
                             if row_key in roll and row_key not in comparison.states)
    names = {box.keys.name(mine) for mine, _n, _choice in comparison.live.values()}
    comparison.lost = sorted(named.promises - names - _take_promises(comparison, box, promises))
    return comparison


def close(box: Box, comparison: Comparison, random: Callable[[int], bytes] = token_bytes,
          grown: Grown | None = None, figures: Mapping[str, int] = {}) -> Closing:
    """Leaves sorted by hash with blind ones among them, live ballots in the order of leaves, states and figures.
    `figures`: others to be frozen beside."""
    leaves = [*comparison.leaves.values()]
    blind = (ballot_leaf(box.fingerprint, random(HASH_BYTES), random(HASH_BYTES))
             for _ in range(size_of_log(len(leaves), len(comparison.live)) - len(leaves)))
    ordered = tuple(sorted([*leaves, *blind]))
    live = tuple(Live(number, *comparison.live[leaf.mark]) for number, leaf in enumerate(ordered)
                 if leaf.mark in comparison.live)
    return Closing(ordered, live, dict(sorted(comparison.states.items())), {**comparison.figures(), **figures}, grown)


def size_of_log(leaves: int, live: int) -> int:
    """Smallest multiple of 64 that is at least twice the live rows plus 256, and at least the leaves."""
    return -(-max(leaves, 2 * live + SPARE) // STEP) * STEP


def changed_since(closing: Closing, comparison: Comparison) -> list[bytes]:
    """Row keys that are no more as the closing froze them, rows of paper apart: an alarm that changes no number."""
    before, now = closing.states, comparison.states
    return sorted(row_key for row_key in {*before, *now}
                  if before.get(row_key) not in ON_PAPER and before.get(row_key) != now.get(row_key))


def states_now(closing: Closing, comparison: Comparison) -> dict[bytes, int]:
    """Row key → state as the closing froze it; of papers the one in which they are now."""
    return {row_key: int(comparison.voters[row_key].channel)
            if state in ON_PAPER and row_key in comparison.voters else state
            for row_key, state in closing.states.items()}


def sheets_amiss(comparison: Comparison, sheets: Mapping[int, int | None]) -> int:
    """Number of papers of the rows that open which do not agree with their table: number → channel, None for a state
    that is none.

    A number that a row holds has its sheet in the same state, and sheets run from 1 without a gap. What is spoiled is
    in nobody's row any more.
    """
    papers = {voter.paper: int(voter.channel) for voter in comparison.voters.values() if voter.paper}
    gaps = set(range(1, max([*papers, *sheets], default=0) + 1)) - set(sheets)
    return len(gaps) + sum(state is None or papers.get(number, state) != state for number, state in sheets.items())


def seal_closing(box: Box, closing: Closing) -> bytes:
    """Content of the file `.closing`, bound to the closing root."""
    entries = b"".join(leaf.mark + leaf.commitment for leaf in closing.leaves)
    live = b"".join(four_bytes(ballot.number) + ballot.mine + ballot.n + ballot.choice for ballot in closing.live)
    states = b"".join(row_key + bytes([state]) for row_key, state in closing.states.items())
    content = b"".join(len(part).to_bytes(8, "big") + part
                       for part in (entries, live, states, canonical_json(dict(closing.figures)),
                                    *(closing.grown.sealed_parts() if closing.grown else ())))
    return seal(box.keys.subkey("closing"), content, _place(box.fingerprint, closing.root))


def open_closing(box: Box, sealed: bytes, closing_root: bytes) -> Closing:
    """Closing that `seal_closing` wrote; Damaged for another root, another key or another content."""
    entries, live, states, figures, *grown = _parts(opened(box.keys, box.fingerprint, sealed, closing_root))
    leaves = tuple(ballot_leaf(box.fingerprint, piece[:HASH_BYTES], piece[HASH_BYTES:])
                   for piece in _pieces(entries, 2 * HASH_BYTES))
    mine, n = NUMBER_BYTES + MINE_BYTES, NUMBER_BYTES + MINE_BYTES + HASH_BYTES
    ballots = tuple(Live(int.from_bytes(part[:NUMBER_BYTES], "big"), part[NUMBER_BYTES:mine], part[mine:n], part[n:])
                    for part in _pieces(live, n + box.rule.length))
    rows = {piece[:-1]: piece[-1] for piece in _pieces(states, ROW_KEY_BYTES + 1)}
    return Closing(leaves, ballots, rows, parse_canonical(figures),
                   additions.of_parts(box.keys, box.id, *grown) if grown else None)


def opened(keys: BoxKeys, fingerprint: bytes, sealed: bytes, closing_root: bytes) -> bytes:
    """Content of the file; raises as `open_closing`."""
    return open_sealed(keys.subkey("closing"), sealed, _place(fingerprint, closing_root))


def _take_row(comparison: Comparison, box: Box, row: VoterRow, ledger: Ledger) -> None:
    try:
        voter = open_voter(box.keys, box.id, row.row_key, row.channel, row.paper, row.sealed)
        if voter.revision < ledger.revisions.get(row.row_key, 0):
            raise Damaged("older than the ledger names")
        if voter.channel.on_paper:
            if voter != voter.emptied():
                raise Damaged("a choice in a row of paper")
        else:
            _take_live(comparison, box, row.row_key, voter)
    except Damaged:
        comparison.states[row.row_key] = DAMAGED
    else:
        comparison.states[row.row_key], comparison.voters[row.row_key] = int(voter.channel), voter


def _take_live(comparison: Comparison, box: Box, row_key: bytes, voter: OpenedRow) -> None:
    try:
        box.rule.check(voter.choice)
    except NotAccepted as error:
        raise Damaged("not a choice of this box") from error
    n = box.keys.n(row_key, voter.revision, voter.form_key)
    leaf = ballot_leaf(box.fingerprint, mark(box.fingerprint, voter.mine), commitment(n, voter.choice))
    if leaf.mark in comparison.leaves:
        raise Damaged("the mark of another row")
    comparison.leaves[leaf.mark], comparison.live[leaf.mark] = leaf, (voter.mine, n, voter.choice)


def _take_promises(comparison: Comparison, box: Box, promises: Mapping[bytes, bytes]) -> set[bytes]:
    """Names of the promises whose very leaf is in the log then."""
    names = set()
    for name, sealed in promises.items():
        with suppress(Damaged, ValueError):
            own_mark, own_commitment = open_promise(box.keys, box.id, name, sealed)
            if own_mark not in comparison.leaves:
                comparison.leaves[own_mark] = ballot_leaf(box.fingerprint, own_mark, own_commitment)
            if comparison.leaves[own_mark].commitment == own_commitment:
                names.add(name)
    return names


def _place(fingerprint: bytes, closing_root: bytes) -> bytes:
    return frame("closing/2", fingerprint, closing_root)


def _parts(content: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(content):
        end = at + 8 + int.from_bytes(content[at:at + 8], "big")
        parts.append(content[at + 8:end])
        at = end
    return parts


def _pieces(content: bytes, length: int) -> list[bytes]:
    return [content[at:at + length] for at in range(0, len(content), length)]


FIRST_LOTTERY = date(2002, 12, 7)
DRAWN_AT = time(11, 35, tzinfo=UTC)
"""Saturdays at 20:35 in Seoul."""
WAIT = timedelta(hours=24)
DICE = 20
TYPED = re.compile(r"[0-9\s,+]+", re.ASCII)


class DrawKind(StrEnum):
    """Draws that nobody in the office makes."""

    LOTTERY = "lottery"
    """로또 6/45."""
    DICE = "dice"
    """Twenty dice thrown before the observers."""


def lottery_number(closed_at: datetime) -> int:
    """Number of the first lottery draw later than 24 hours after the closing head's instant."""
    week = max((closed_at + WAIT - datetime.combine(FIRST_LOTTERY, DRAWN_AT)) // timedelta(weeks=1), -1)
    return week + 2


def lottery_held_at(number: int) -> datetime:
    """Instant of the lottery draw of this number."""
    return datetime.combine(FIRST_LOTTERY, DRAWN_AT) + timedelta(weeks=number - 1)


def typed(kind: DrawKind, text: str, closed_at: datetime) -> dict[str, Canonical]:
    """The draw as an official types it: six numbers and the bonus, or twenty faces; ValueError for what is none.
    `closed_at` is the closing head's instant, which says of which lottery draw the numbers are."""
    if not TYPED.fullmatch(text):
        raise ValueError("numbers alone")
    if kind is DrawKind.DICE:
        return dice(map(int, re.findall("[0-9]", text)))
    *numbers, bonus = map(int, re.findall("[0-9]+", text))
    return lottery(lottery_number(closed_at), numbers, bonus)


def lottery(number: int, numbers: Iterable[int], bonus: int) -> dict[str, Canonical]:
    """A lottery draw as it stands in the record; ValueError for what is none."""
    drawn = sorted(numbers)
    if (number < 1 or len({*drawn, bonus}) != 7 or len(drawn) != 6
            or not all(1 <= ball <= 45 for ball in (*drawn, bonus))):
        raise ValueError("six numbers and a bonus from 1 to 45, all different")
    return {"kind": DrawKind.LOTTERY.value, "number": number, "numbers": [*drawn], "bonus": bonus}


def dice(faces: Iterable[int]) -> dict[str, Canonical]:
    """Thrown dice, in the order thrown; ValueError for what are none."""
    thrown = list(faces)
    if len(thrown) != DICE or not all(1 <= face <= 6 for face in thrown):
        raise ValueError(f"{DICE} dice")
    return {"kind": DrawKind.DICE.value, "faces": [*thrown]}


def order(closing_root: bytes, draw: Mapping[str, Canonical], options: Iterable[int]) -> list[int]:
    """Option numbers in the order of the draw."""
    drawn = canonical_json(dict(draw))
    return sorted(options, key=lambda option: digest("lot/2", closing_root, drawn, four_bytes(option)))
