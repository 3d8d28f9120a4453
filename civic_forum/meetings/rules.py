"""Notice, quorum, results and minutes of a meeting, and what of it stands open. Pure: days come from the caller."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from civic_forum.bodies.rules import BodyAccess

MINUTES_SHOWN_DAYS = 14
"""So long after a meeting its members are asked to look at its minutes."""
UNREAD = frozenset((BodyAccess.RESULTS, BodyAccess.CLOSED))
"""Access of bodies whose minutes nobody else reads."""
SIGNED_WITHIN = timedelta(days=5)
"""Time in which a second person looks at minutes."""
MOST_ITEMS, MOST_OPINIONS, MOST_PAPERS, MOST_OTHERS = 60, 40, 20, 20
BOX_LEAST = 10
"""Voting members from whom on a post is filled by the ballot box; with fewer no box is opened."""
TITLE_MOST, TEXT_MOST, OPINION_MOST, MONEY_LINE_MOST, NAME_MOST = 200, 2_000, 500, 60, 60


class ItemKind(StrEnum):
    REPORT = "report"
    DISCUSSION = "discussion"
    DECISION = "decision"
    ELECTION = "election"


class ItemResult(StrEnum):
    """Result of an item (보고받음, 이견 없음, 가결, 부결, 보류)."""

    NOTED = "noted"
    NO_OBJECTION = "no_objection"
    CARRIED = "carried"
    REJECTED = "rejected"
    DEFERRED = "deferred"


PASSED = frozenset((ItemResult.NO_OBJECTION, ItemResult.CARRIED))
"""Results by which something holds from then on."""
DECIDED = PASSED | {ItemResult.REJECTED}
"""Results that need the quorum."""


class Attendance(StrEnum):
    """Presence of a member at a meeting."""

    ON_SITE = "on_site"
    ONLINE = "online"
    ELSEWHERE = "elsewhere"
    """In another division's session."""
    ABSENT = "absent"


THERE = frozenset((Attendance.ON_SITE, Attendance.ONLINE))


class OpenPart(StrEnum):
    """Part of a meeting that everybody reads, or not."""

    NOTICE = "notice"
    """Existence, day, place and titles of its items."""
    PAPERS = "papers"
    RESULTS = "results"
    OPINIONS = "opinions"
    """Reports, opinions and minutes."""


OPEN_PARTS = {
    BodyAccess.OPEN: frozenset(OpenPart), BodyAccess.MINUTES: frozenset(OpenPart) - {OpenPart.PAPERS},
    BodyAccess.RESULTS: frozenset((OpenPart.NOTICE, OpenPart.RESULTS)), BodyAccess.CLOSED: frozenset()}


def open_parts(access: BodyAccess, *, is_over: bool, is_signed: bool) -> frozenset[OpenPart]:
    """Parts of a meeting that everybody reads. What was said waits for the second person who signs it; papers that stay
    inside before a meeting are read with its minutes."""
    parts = OPEN_PARTS[access]
    if is_over and OpenPart.OPINIONS in parts:
        return parts | {OpenPart.PAPERS} if is_signed else parts - {OpenPart.OPINIONS}
    return parts


@dataclass(frozen=True)
class Votes:
    """Votes of seats on an item."""

    yes: int
    no: int
    abstained: int

    @property
    def cast(self) -> int:
        return self.yes + self.no + self.abstained


class Answer(StrEnum):
    """Answer of a member to a written resolution, in the order of `Votes`."""

    YES = "yes"
    NO = "no"
    ABSTAINED = "abstained"


def tally(answers: Iterable[Answer]) -> Votes:
    counts = Counter(answers)
    return Votes(*(counts[answer] for answer in Answer))


class ElectionFault(StrEnum):
    """Reason why an election cannot have been held like this."""

    BOX_TOO_SMALL = "box_too_small"
    NO_BOX = "no_box"
    COUNTED_TWICE = "counted_twice"


def why_not_elect(voters: int, *, by_box: bool, counted: bool) -> ElectionFault | None:
    """The first reason against an election that so many voting members held; `counted`: with counts of paper."""
    if not by_box:
        return ElectionFault.NO_BOX if voters >= BOX_LEAST else None
    return ElectionFault.BOX_TOO_SMALL if voters < BOX_LEAST else ElectionFault.COUNTED_TWICE if counted else None


@dataclass(frozen=True, kw_only=True)
class ItemFacts:
    """An item as far as numbers say something about it."""

    number: int
    result: ItemResult | None
    votes: Votes | None = None
    present: int | None = None
    """Members with a vote who were there; None: nobody counted."""
    counts: tuple[int, ...] = ()
    """Votes of each candidate of an election by paper."""


@dataclass(frozen=True, kw_only=True)
class Resolution:
    """An item as far as it holds until a later one: of which kind, with what result, in a meeting of which moment."""

    kind: ItemKind
    result: ItemResult | None
    held: tuple[date, str]
    """Day, and HH:MM."""


class UndoFault(StrEnum):
    """Reason why one item cannot undo another."""

    NOT_PASSED = "not_passed"
    NO_DECISION = "no_decision"
    NOT_LATER = "not_later"


def why_not_undo(later: Resolution, earlier: Resolution) -> UndoFault | None:
    """The first reason why the later resolution cannot stand in the place of the earlier one."""
    if later.kind is not ItemKind.DECISION or later.result not in PASSED:
        return UndoFault.NOT_PASSED
    if earlier.kind is not ItemKind.DECISION or earlier.result not in DECIDED:
        return UndoFault.NO_DECISION
    return None if earlier.held < later.held else UndoFault.NOT_LATER


class Doubt(StrEnum):
    """Contradiction in what is written down of an item. It is shown beside it and forbids nothing."""

    MORE_VOTES = "more_votes"
    FEWER_VOTES = "fewer_votes"
    NO_QUORUM = "no_quorum"
    TOO_FEW_IN_FAVOUR = "too_few_in_favour"
    ENOUGH_IN_FAVOUR = "enough_in_favour"
    TIE = "tie"


def doubts(item: ItemFacts, needed: int) -> list[Doubt]:
    """Contradictions of an item, where so many with a vote must be there to decide."""
    contradictions: list[Doubt] = []
    if item.present is not None:
        if item.votes and item.votes.cast != item.present:
            contradictions.append(Doubt.MORE_VOTES if item.votes.cast > item.present else Doubt.FEWER_VOTES)
        if not item.votes and sum(item.counts) > item.present:
            contradictions.append(Doubt.MORE_VOTES)
        if item.result in DECIDED and item.present < needed:
            contradictions.append(Doubt.NO_QUORUM)
    if item.votes and item.result in (ItemResult.CARRIED, ItemResult.REJECTED):
        is_majority = 2 * item.votes.yes > item.votes.cast
        if is_majority is not (item.result is ItemResult.CARRIED):
            contradictions.append(Doubt.ENOUGH_IN_FAVOUR if is_majority else Doubt.TOO_FEW_IN_FAVOUR)
    if item.result is ItemResult.CARRIED and item.counts.count(max(item.counts, default=0)) > 1:
        contradictions.append(Doubt.TIE)
    return contradictions


def lost_at(items: Iterable[ItemFacts], needed: int) -> int | None:
    """Number of the first item before which too few with a vote were left, though there had been enough."""
    was_met = False
    for item in items:
        if item.present is not None:
            if was_met and item.present < needed:
                return item.number
            was_met = was_met or item.present >= needed
    return None


def days_short(noticed: date, held: date, days: int) -> int:
    """Days by which a notice came too late; 0: in time."""
    return max(0, days - (held - noticed).days)


def minutes_due(held: date, days: int) -> date:
    return held + timedelta(days=days)


def minutes_late(held: date, days: int, published: date | None, today: date) -> int:
    """Days by which the minutes came, or have not come, after their day."""
    return max(0, ((published or today) - minutes_due(held, days)).days)
