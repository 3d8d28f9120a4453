"""Figures of a published result: places, ties, how many must be enough. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from .rules import PollKind


class Leaning(StrEnum):
    """Answer to a question that was given more often."""

    YES = "yes"
    NO = "no"
    EVEN = "even"


class Finding(StrEnum):
    """Finding of the first sentence of a result."""

    NOBODY = "nobody"
    """Nobody took part."""
    TOO_FEW = "too_few"
    """The quorum was not reached."""
    FEW = "few"
    """So few ballots were counted that only what won is published."""
    ALL_BLANK = "all_blank"
    FIRST = "first"
    """One option got more votes than every other."""
    TIED = "tied"
    ANSWERS = "answers"
    """Yes or no to each question."""


@dataclass(frozen=True)
class Place:
    """An option with its votes and its place; options with as many votes share one."""

    number: int
    votes: int
    place: int


@dataclass(frozen=True)
class Answer:
    """One question with its answers."""

    number: int
    yes: int
    no: int
    blank: int

    @property
    def leaning(self) -> Leaning:
        if self.yes == self.no:
            return Leaning.EVEN
        return Leaning.YES if self.yes > self.no else Leaning.NO


def places(totals: Iterable[Mapping[str, int]]) -> list[Place]:
    """The options by their votes; those with as many stand in the order of their numbers."""
    votes = sorted(((line["votes"], line["option"]) for line in totals), key=lambda pair: (-pair[0], pair[1]))
    places: list[Place] = []
    for position, (count, number) in enumerate(votes, start=1):
        place = places[-1].place if places and places[-1].votes == count else position
        places.append(Place(number, count, place))
    return places


def answers(totals: Iterable[Mapping[str, int]]) -> list[Answer]:
    """The questions in the order of their numbers."""
    return [Answer(line["option"], line["yes"], line["no"], line["blank"]) for line in totals]


def finding(kind: PollKind, ranked: Sequence[Place], *, voters: int, quorum_reached: bool | None,
            few: bool = False) -> Finding:
    """First finding: whether the vote counts at all, then what was voted."""
    if voters == 0:
        return Finding.NOBODY
    if quorum_reached is False:
        return Finding.TOO_FEW
    if few:
        return Finding.FEW
    if kind is PollKind.YES_NO_EACH:
        return Finding.ANSWERS
    if not ranked or ranked[0].votes == 0:
        return Finding.ALL_BLANK
    return Finding.TIED if len(ranked) > 1 and ranked[1].place == 1 else Finding.FIRST
