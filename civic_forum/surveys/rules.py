"""Surveys (설문): ways to answer, and counts with small cells hidden. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from civic_forum.ballots.counting.rules import Cell, suppress

KIND = "survey"
TITLE_MOST, TEXT_MOST, MISSING_MOST, SUMMARY_MOST = 200, 3_000, 500, 3_000
LETTERS_MOST, SHEET_MOST = 500, 99_999
LEAST = 5
"""People behind a number, below which it is not told."""
COUNTED = frozenset(("choice", "several", "scale", "number"))
"""Types of questions (`QuestionType`) of which everybody reads counts."""
WRITTEN = frozenset(("line", "text", "day", "place"))
"""Types that the office alone reads."""
BANDS = {0: "0", 1: "1–9", 10: "10–99", 100: "100–999", 1_000: "1,000–9,999", 10_000: "10,000+"}
"""First numbers of the classes in which numbers are counted: they say nothing of the largest that was typed."""

Name = str | None
"""Of an option, step or band; None: no answer."""
Shown = list[tuple[Name, int | None]]


class Way(StrEnum):
    """Way by which an answer came."""

    PERSON = "person"
    """Somebody verified, with an account or taking part once."""
    ACCOUNT = "account"
    LETTER = "letter"
    PAPER = "paper"
    FREE = "free"
    """Anybody: nobody looks whether somebody answers twice, so these are counted apart."""


def hidden(counts: Mapping[Any, int]) -> Shown:
    """Parts of a whole that is public: hidden is nothing, everything, or two at least with `LEAST` people together."""
    cells = suppress([Cell("", 0, count) for count in counts.values()], LEAST)
    return [(name, cell.voted) for name, cell in zip(counts, cells, strict=True)]


def hidden_each(counts: Mapping[str, int], people: int) -> Shown:
    """Parts that may overlap: one is hidden where few are in it or few are not, and never one alone, so that no sum
    gives it away."""
    few = {name for name, count in counts.items() if min(count, people - count) < LEAST}
    if len(few) == 1:
        few |= set(sorted(counts.keys() - few, key=lambda name: counts[name])[:1])
    return [(name, None if name in few else count) for name, count in counts.items()]


def counted(kind: str, names: Sequence[str], values: Sequence[Any], *, needed: bool) -> Shown:
    """Answers to one question by the `names` of its options, steps or bands; None among the values: no answer, counted
    under None where none is needed."""
    if kind == "several":
        chosen = Counter(place for value in values for place in value or ())
        return hidden_each({name: chosen[place] for place, name in enumerate(names)}, len(values))
    places = Counter(None if value is None else _place(kind, value) for value in values)
    return hidden({name: places[place] for place, name in enumerate(names)} | (
        {} if needed else {None: places[None]}))


def _place(kind: str, value: int) -> int:
    if kind == "number":
        return sum(value >= first for first in BANDS) - 1
    return value - 1 if kind == "scale" else value
