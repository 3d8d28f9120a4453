"""Choices of a ballot: one byte, then two for each option, nothing else accepted anywhere."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from operator import mul
from typing import Any, Self

from .log import canonical_json

MOST_OPTIONS = 1_000
MOST_POINTS = 65_535
_PLAIN, _BLANK = 0, 1
YES, NO, NEITHER = 1, 2, 3
"""Answers of a yes / no ballot to an option; all NEITHER is a ballot, not the explicit blank."""


class Kind(StrEnum):
    """Form of a ballot: by marks, by yes and no, or by numbers."""

    APPROVAL = "approval"
    YES_NO = "yes_no"
    POINTS = "points"


class Refusal(StrEnum):
    """Reasons for which a choice is not accepted."""

    WRONG_LENGTH = "wrong_length"
    UNKNOWN_OPTION = "unknown_option"
    UNKNOWN_VALUE = "unknown_value"
    NONE_CHOSEN = "none_chosen"
    TOO_MANY = "too_many"
    NOT_EXACTLY = "not_exactly"
    UNANSWERED = "unanswered"
    BLANK_WITH_CHOICES = "blank_with_choices"
    TOO_FEW_OF_GROUP = "too_few_of_group"
    TOO_MANY_OF_GROUP = "too_many_of_group"
    OVER_MONEY = "over_money"


class NotAccepted(Exception):
    """This choice is none of those that the box allows; `reason` says why, `group` (from 0) of which group."""

    def __init__(self, reason: Refusal, group: int | None = None) -> None:
        super().__init__(reason)
        self.reason, self.group = reason, group


@dataclass(frozen=True)
class Totals:
    """Ballots counted, the explicit blanks among them, and what every option got, as it stands in the result."""

    ballots: int
    blank: int
    options: list[dict[str, int]]
    """`option`, and votes (approval), yes, no and blank (yes / no), or points; in the order of the numbers."""


@dataclass(frozen=True)
class Group:
    """Options that have a least and a most of their own beside the limit of the whole."""

    options: tuple[int, ...]
    """Numbers, from 1."""
    least: int
    most: int

    def __post_init__(self) -> None:
        if not self.options or len(set(self.options)) != len(self.options):
            raise ValueError("a group of nothing, or with an option twice")
        if not 0 <= self.least <= self.most <= len(self.options) or not self.most:
            raise ValueError("limits that the group does not have")

    def to_json(self) -> dict[str, Any]:
        return {"options": list(self.options), "min": self.least, "max": self.most}


@dataclass(frozen=True)
class Money:
    """Limit to the cost of all that is chosen, and cost of each option; whole won, or another smallest unit."""

    limit: int
    costs: tuple[int, ...]
    """In the order of the options' numbers."""

    def __post_init__(self) -> None:
        if self.limit < 1 or any(cost < 0 for cost in self.costs):
            raise ValueError("no money, or a cost below nothing")

    def to_json(self) -> dict[str, Any]:
        return {"limit": self.limit, "costs": list(self.costs)}


@dataclass(frozen=True)
class BoxRule:
    """Number of options and the rule by which they are chosen.

    Choose one is approval with limit 1; up to k, limit k; exactly k, limit k and `exactly`; a yes or no
    for each has no limit; points are at most `limit` together. An approval may know groups and money beside its
    limit.
    """

    kind: Kind
    options: int
    limit: int | None = None
    exactly: bool = False
    groups: tuple[Group, ...] = ()
    """Of approval, a partition of the options; nothing: no group has limits of its own."""
    money: Money | None = None
    """Of approval; None: it does not matter what is chosen costs."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))
        if not 1 <= self.options <= MOST_OPTIONS:
            raise ValueError(f"1 to {MOST_OPTIONS} options")
        most = {Kind.APPROVAL: self.options, Kind.POINTS: MOST_POINTS, Kind.YES_NO: None}[self.kind]
        fits = self.limit is None if most is None else self.limit is not None and 1 <= self.limit <= most
        if not fits:
            raise ValueError("a limit that this kind does not have")
        if self.exactly and self.kind is not Kind.APPROVAL:
            raise ValueError("only approval knows an exact number")
        if self.groups or self.money:
            self._check_parts()

    def _check_parts(self) -> None:
        if self.kind is not Kind.APPROVAL:
            raise ValueError("only approval knows groups and money")
        grouped = sorted(number for group in self.groups for number in group.options)
        if self.groups and grouped != list(range(1, self.options + 1)):
            raise ValueError("groups that are no partition of the options")
        if self.money and len(self.money.costs) != self.options:
            raise ValueError("not one cost for every option")
        if (least := self.cheapest()) is None or (self.money and least > self.money.limit):
            raise ValueError("no choice would be accepted but the blank")

    def cheapest(self) -> int | None:
        """Cost of the cheapest choice of an approval (0 where nothing has a cost); None where none is accepted.

        The cheapest of each group up to its least, then the cheapest that are left up to what is asked for: choices
        within a partition are a matroid, so nothing cheaper is missed.
        """
        costs = self.money.costs if self.money else (0,) * self.options
        groups = self.groups or (Group(tuple(range(1, self.options + 1)), 0, self.options),)
        spent, taken, rest = 0, 0, []
        for group in groups:
            prices = sorted(costs[number - 1] for number in group.options)
            spent, taken = spent + sum(prices[:group.least]), taken + group.least
            rest += prices[group.least:group.most]
        limit = self.limit or 0
        more = (limit if self.exactly else max(1, taken)) - taken
        if taken > limit or not 0 <= more <= len(rest):
            return None
        return spent + sum(sorted(rest)[:more])

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """Reads what `to_json` wrote; ValueError for anything else."""
        try:
            groups = tuple(Group(tuple(group["options"]), group["min"], group["max"])
                           for group in value.get("groups", ()))
            money = Money(value["money"]["limit"], tuple(value["money"]["costs"])) if "money" in value else None
            rule = cls(value["kind"], value["options"], value.get("limit"), "exactly" in value, groups, money)
            as_written = canonical_json(rule.to_json()) == canonical_json(value)  # neither knows 1.0 or true
        except (AttributeError, KeyError, TypeError) as wrong:
            raise ValueError("not a rule") from wrong
        if not as_written:
            raise ValueError("not a rule")
        return rule

    def to_json(self) -> dict[str, Any]:
        """Canonical; a rule without groups and money is written as before there were any."""
        value: dict[str, Any] = {"kind": self.kind.value, "options": self.options}
        if self.limit is not None:
            value["limit"] = self.limit
        if self.exactly:
            value["exactly"] = 1
        if self.groups:
            value["groups"] = [group.to_json() for group in self.groups]
        if self.money:
            value["money"] = self.money.to_json()
        return value

    @property
    def length(self) -> int:
        """Bytes of every choice of this box."""
        return 1 + 2 * self.options

    def blank_choice(self) -> bytes:
        """The explicit blank (기권), always accepted."""
        return bytes([_BLANK]) + bytes(2 * self.options)

    def encode(self, selection: Mapping[int, int]) -> bytes:
        """The choice with this value for each option number (from 1); raises NotAccepted."""
        values = [0] * self.options
        for option, value in selection.items():
            if not 1 <= option <= self.options:
                raise NotAccepted(Refusal.UNKNOWN_OPTION)
            if not 0 <= value <= MOST_POINTS:
                raise NotAccepted(Refusal.UNKNOWN_VALUE)
            values[option - 1] = value
        choice = struct.pack(f">B{self.options}H", _PLAIN, *values)
        self.check(choice)
        return choice

    def check(self, choice: bytes) -> None:
        """Raises NotAccepted unless this is a choice of this box, byte for byte."""
        self._values(choice)

    def is_blank(self, choice: bytes) -> bool:
        """True for the explicit blank; raises NotAccepted for what is no choice."""
        return self._values(choice) is None

    def chosen(self, choice: bytes) -> tuple[int, ...]:
        """The numbers of the options that it marks, none for the blank; raises NotAccepted."""
        return tuple(number for number, value in enumerate(self._values(choice) or (), start=1) if value)

    def tally(self, choices: Iterable[bytes]) -> Totals:
        """Adds up, one after another so that a large vote takes no memory; NotAccepted for a bad one."""
        ballots, blank, names = 0, 0, _FIGURES[self.kind]
        lines = [{"option": number} | dict.fromkeys(names.values(), 0) for number in range(1, self.options + 1)]
        for choice in choices:
            ballots += 1
            values = self._values(choice)
            if values is None:
                blank += 1
            elif self.kind is Kind.POINTS:
                for line, points in zip(lines, values, strict=True):
                    line["points"] += points
            else:
                for line, value in zip(lines, values, strict=True):
                    if value:
                        line[names[value]] += 1
        return Totals(ballots, blank, lines)

    def _values(self, choice: bytes) -> tuple[int, ...] | None:
        """The option values of an accepted choice, None for the explicit blank; raises NotAccepted."""
        if len(choice) != self.length:
            raise NotAccepted(Refusal.WRONG_LENGTH)
        first, *rest = struct.unpack(f">B{self.options}H", choice)
        values = tuple(rest)
        if first == _BLANK:
            if any(values):
                raise NotAccepted(Refusal.BLANK_WITH_CHOICES)
            return None
        if first != _PLAIN:
            raise NotAccepted(Refusal.UNKNOWN_VALUE)
        reason = self._answers(values) if self.kind is Kind.YES_NO else self._amount(values)
        if reason:
            raise NotAccepted(reason)
        if self.groups or self.money:
            self._check_limits(values)
        return values

    def _check_limits(self, values: tuple[int, ...]) -> None:
        for place, group in enumerate(self.groups):
            amount = sum(values[number - 1] for number in group.options)
            if amount > group.most:
                raise NotAccepted(Refusal.TOO_MANY_OF_GROUP, place)
            if amount < group.least:
                raise NotAccepted(Refusal.TOO_FEW_OF_GROUP, place)
        if self.money and sum(map(mul, values, self.money.costs)) > self.money.limit:
            raise NotAccepted(Refusal.OVER_MONEY)

    def _answers(self, values: tuple[int, ...]) -> Refusal | None:
        if max(values) > NEITHER:
            return Refusal.UNKNOWN_VALUE
        return None if all(values) else Refusal.UNANSWERED

    def _amount(self, values: tuple[int, ...]) -> Refusal | None:
        if self.kind is Kind.APPROVAL and max(values) > 1:
            return Refusal.UNKNOWN_VALUE
        amount = sum(values)
        if not amount:
            return Refusal.NONE_CHOSEN
        if self.exactly and amount != self.limit:
            return Refusal.NOT_EXACTLY
        return Refusal.TOO_MANY if self.limit is not None and amount > self.limit else None


_FIGURES = {
    Kind.APPROVAL: {1: "votes"},
    Kind.YES_NO: {YES: "yes", NO: "no", NEITHER: "blank"},
    Kind.POINTS: {0: "points"},
}
