"""The outcome of a count in exact numbers, and their text."""

import re
from dataclasses import dataclass, field, fields
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .settings import CountingRules

PIECE = 4000
LONG = 10**PIECE
WRITTEN = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+)|/(0*[1-9][0-9]*))?")
LONGEST = 100_000
"""Characters of a number that is read."""


def text(value: Fraction | int) -> str:
    """`1500`, `1549.3` or `25000/21`; `number` reads it back."""
    value = Fraction(value)
    twos, rest = _factors(value.denominator, 2)
    fives, rest = _factors(rest, 5)
    if rest != 1:
        return f"{_digits(value.numerator)}/{_digits(value.denominator)}"
    places = max(twos, fives)
    if places == 0:
        return _digits(value.numerator)
    digits = _digits(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def number(written: str) -> Fraction:
    """The number that `text` wrote; ValueError for anything else."""
    if not isinstance(written, str) or len(written) > LONGEST:
        raise ValueError("an exact number is written as text")
    parts = WRITTEN.fullmatch(written)
    if parts is None:
        raise ValueError("not an exact number")
    sign, whole, decimals, below = parts.groups()
    value = Fraction(_integer(whole + (decimals or "")), _integer(below) if below else 10 ** len(decimals or ""))
    value = -value if sign else value
    if text(value) != written:
        raise ValueError("not an exact number as it is written")
    return value


def _digits(value: int) -> str:
    """Python itself refuses to write numbers of thousands of digits, which prices after many rounds can have."""
    if abs(value) < LONG:
        return str(value)
    above, below = divmod(abs(value), LONG)
    return ("-" if value < 0 else "") + _digits(above) + str(below).rjust(PIECE, "0")


def _integer(digits: str) -> int:
    value = 0
    for start in range(0, len(digits), PIECE):
        piece = digits[start:start + PIECE]
        value = value * 10 ** len(piece) + int(piece)
    return value


def _factors(value: int, prime: int) -> tuple[int, int]:
    count = 0
    while value % prime == 0:
        value //= prime
        count += 1
    return count, value


class TooLong(Exception):
    """More runs than the caller has time for: ties that no float can tell apart are gone through step by step."""


class Stage(StrEnum):
    """Part of the rules that funded a project."""

    GREEDY = "greedy"
    """Also the weighted rule: down the list by score."""
    EQUAL_SHARES = "equal-shares"
    FILL = "fill"


class Reason(StrEnum):
    """Reason why a project was not funded."""

    NO_VOTES = "no_votes"
    BELOW_THRESHOLD = "below_threshold"
    EXCLUDED = "excluded"
    STOPPED = "stopped"
    DID_NOT_FIT = "did_not_fit"
    NEVER_ENOUGH = "never_enough"
    WITHIN_REACH_UNTIL_ROUND = "within_reach_until_round"


class Criterion(StrEnum):
    """Criterion that told tied projects apart."""

    COST = "cost"
    VOTES = "votes"
    ID = "id"
    LOT = "lot"


class Ending(StrEnum):
    """Reason why the shares stopped growing in add1."""

    EXHAUSTED = "exhausted"
    """Nothing more could be added."""
    INFEASIBLE = "infeasible"
    """The next share would have cost more than the budget."""
    ALL_FUNDED = "all_funded"


@dataclass(frozen=True)
class Funding:
    """One project funded. Money in the unit of the budget."""

    project: str
    round: int
    """Counted from 1 over all stages."""
    stage: Stage
    cost: Fraction
    votes: Fraction
    left_before: Fraction
    left_after: Fraction
    rank: int | None = None
    """Its turn in the list, where one goes down a list."""
    score: Fraction | None = None
    """Of the weighted rule."""
    effective_votes: Fraction | None = None
    """Of equal shares: cost ÷ payment (for cost 0, the supporters)."""
    payment_per_supporter: Fraction | None = None
    """What each supporter pays who holds as much; the others pay all they have."""


@dataclass(frozen=True)
class Spent:
    """Money of a project's supporters that went to another one."""

    project: str
    amount: Fraction


@dataclass(frozen=True)
class NotSelected:
    """One project not funded, and the numbers of its reason; None where a number is not of that reason."""

    project: str
    reason: Reason
    cost: Fraction
    votes: Fraction
    score: Fraction | None = None
    threshold: int | None = None
    by: str | None = None
    """Excluded: the project that won. Stopped: the one that did not fit."""
    by_rank: int | None = None
    rank: int | None = None
    left: Fraction | None = None
    """At its turn, the money left; within reach until a round: what its supporters held after it."""
    held_at_start: Fraction | None = None
    round: int | None = None
    """After this round its supporters could no longer pay."""
    spent_on: tuple[Spent, ...] = ()
    fill_rank: int | None = None
    """Its turn when greedy filled up what equal shares left."""
    fill_left: Fraction | None = None
    fill_stopped_by: str | None = None


@dataclass(frozen=True)
class Tie:
    """Projects that were equal where a decision was made, in the order that was decided."""

    projects: tuple[str, ...]
    decided_by: tuple[Criterion, ...]
    stage: Stage
    round: int | None = None
    """Equal shares: the round in which the first of them was funded."""
    rank: int | None = None
    """Down a list: the rank of the first of them."""


@dataclass(frozen=True)
class Count:
    """The whole outcome, enough to show it and to check it."""

    rules: CountingRules
    selected: tuple[str, ...]
    cost: Fraction
    budget: Fraction
    voters: int
    rounds: tuple[Funding, ...]
    not_selected: tuple[NotSelected, ...]
    ties: tuple[Tie, ...]
    share: Fraction | None = None
    """What each voter held in equal shares, after the steps of add1."""
    steps: int | None = None
    """How often add1 raised the share."""
    ending: Ending | None = None
    parts: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    """Weighted: project → body → its share of the votes of that body, before the weight."""
    satisfied: int | None = None
    """Voters with at least one funded project among their choices; None where ballots are not known."""

    @property
    def left(self) -> Fraction:
        """Money that the funded projects leave of the budget."""
        return self.budget - self.cost

    def to_json(self) -> dict[str, Any]:
        """Text, whole numbers, lists and objects; exact numbers as text, decimal where they end."""
        figures = {
            "rule": self.rules.rule.value, "rules": self.rules.to_json(), "selected": list(self.selected),
            "cost": text(self.cost), "budget": text(self.budget), "voters": self.voters,
            "rounds": [_written(funding) for funding in self.rounds],
            "not_selected": [_written(verdict) for verdict in self.not_selected],
            "ties": [_written(tie) for tie in self.ties],
        }
        if self.share is not None:
            figures["share"] = text(self.share)
        if self.steps is not None:
            figures["steps"] = self.steps
        if self.ending is not None:
            figures["ending"] = self.ending.value
        if self.parts:
            figures["parts"] = {project_id: {body: text(part) for body, part in parts.items()}
                                for project_id, parts in self.parts.items()}
        if self.satisfied is not None:
            figures["voters_with_a_funded_choice"] = self.satisfied
        return figures

    @classmethod
    def from_json(cls, figures: dict[str, Any]) -> "Count":
        """The value that `to_json` wrote; ValueError or KeyError for anything else."""
        return cls(
            CountingRules.from_json(figures["rules"]), tuple(figures["selected"]), number(figures["cost"]),
            number(figures["budget"]), figures["voters"], tuple(map(_funding, figures["rounds"])),
            tuple(map(_not_selected, figures["not_selected"])), tuple(map(_tie, figures["ties"])),
            number(figures["share"]) if "share" in figures else None, figures.get("steps"),
            Ending(figures["ending"]) if "ending" in figures else None,
            {project_id: {body: number(part) for body, part in parts.items()}
             for project_id, parts in figures.get("parts", {}).items()},
            figures.get("voters_with_a_funded_choice"))


def _written(record: Funding | NotSelected | Tie | Spent) -> dict[str, Any]:
    written = {}
    for each in fields(record):
        value = getattr(record, each.name)
        if value is None or value == ():
            continue
        if isinstance(value, Fraction):
            value = text(value)
        elif isinstance(value, tuple):
            value = [_written(part) if isinstance(part, Spent) else str(part) for part in value]
        elif isinstance(value, StrEnum):
            value = value.value
        written[each.name] = value
    return written


def _funding(written: dict[str, Any]) -> Funding:
    return Funding(**_read(written, {"stage": Stage}, (
        "cost", "votes", "left_before", "left_after", "score", "effective_votes", "payment_per_supporter")))


def _not_selected(written: dict[str, Any]) -> NotSelected:
    facts = _read(written, {"reason": Reason}, ("cost", "votes", "score", "left", "held_at_start", "fill_left"))
    facts["spent_on"] = tuple(Spent(spent["project"], number(spent["amount"])) for spent in written.get("spent_on", ()))
    return NotSelected(**facts)


def _tie(written: dict[str, Any]) -> Tie:
    facts = _read(written, {"stage": Stage}, ())
    facts["projects"] = tuple(written["projects"])
    facts["decided_by"] = tuple(map(Criterion, written["decided_by"]))
    return Tie(**facts)


def _read(written: dict[str, Any], enums: dict[str, type[StrEnum]], numbers: tuple[str, ...]) -> dict[str, Any]:
    facts = dict(written)
    for name, enum in enums.items():
        facts[name] = enum(facts[name])
    for name in numbers:
        if name in facts:
            facts[name] = number(facts[name])
    return facts
