"""Checks of an envelope's ballot: enough projects, groups and limits that go together. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..rules import LEAST_ON_A_BALLOT, MOST_ON_A_BALLOT


class BallotFault(StrEnum):
    """Fault of the ballot of one envelope."""

    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    LIMIT = "limit"
    """More may be chosen than there are."""
    UNGROUPED = "ungrouped"
    """It has choice groups, and a project stands in none of them."""
    GROUP_TOO_SMALL = "group_too_small"
    """A group asks for more than it has."""
    GROUPS_AND_LIMIT = "groups_and_limit"
    """The groups together ask for more, or for fewer, than one may choose in all."""
    MONEY = "money"
    """Choices within the money are asked for, and that cannot be done."""
    COSTS = "costs"
    """A project costs more than the envelope holds."""
    EXCLUSION = "exclusion"
    """Of a group of which only one can win fewer than two stand on the ballot."""
    COMMITTEE = "committee"
    """A project without the committee's votes."""


@dataclass(frozen=True)
class Group:
    """A choice group as its ballot needs it."""

    least: int
    most: int
    costs: tuple[int, ...]
    """Of its projects."""


@dataclass(frozen=True)
class Sheet:
    """The ballot of an envelope as it would be now."""

    amount: int
    max_choices: int
    exactly: bool
    within_money: bool
    costs: tuple[int, ...]
    groups: tuple[Group, ...] = ()
    ungrouped: int = 0
    exclusions: tuple[int, ...] = ()
    """How many projects of each stand on it."""
    lacks_committee: bool = False


def unfit(sheet: Sheet) -> list[BallotFault]:
    """Faults that keep this ballot from being cast, in the order in which the page lists it."""
    count = len(sheet.costs)
    if count < LEAST_ON_A_BALLOT:
        return [BallotFault.TOO_FEW]
    return [fault for fault, is_there in (
        (BallotFault.TOO_MANY, count > MOST_ON_A_BALLOT),
        (BallotFault.LIMIT, sheet.max_choices > count),
        (BallotFault.COSTS, max(sheet.costs) > sheet.amount),
        *_of_groups(sheet),
        (BallotFault.MONEY, sheet.within_money and cheapest(sheet) > sheet.amount),
        (BallotFault.EXCLUSION, any(members < 2 for members in sheet.exclusions)),
        (BallotFault.COMMITTEE, sheet.lacks_committee)) if is_there]


def _of_groups(sheet: Sheet) -> Iterator[tuple[BallotFault, bool]]:
    """Their faults, and whether each is there."""
    if sheet.groups:
        yield BallotFault.UNGROUPED, sheet.ungrouped > 0
        yield BallotFault.GROUP_TOO_SMALL, any(
            not group.costs or max(group.least, group.most) > len(group.costs) for group in sheet.groups)
        least, most = sum(group.least for group in sheet.groups), sum(group.most for group in sheet.groups)
        yield BallotFault.GROUPS_AND_LIMIT, not least <= sheet.max_choices <= most


def cheapest(sheet: Sheet) -> int:
    """Cost of the cheapest ballot that is allowed: the least of each group, and as many in all as are asked for."""
    taken, rest = [], []
    for group in sheet.groups:
        costs = sorted(group.costs)
        taken += costs[:group.least]
        rest += costs[group.least:group.most]
    if not sheet.groups:
        rest = list(sheet.costs)
    needed = sheet.max_choices if sheet.exactly else 1
    return sum(taken) + sum(sorted(rest)[:max(0, needed - len(taken))])
