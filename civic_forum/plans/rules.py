"""Plans: versions, actions, and all that differs between two versions. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from civic_forum.commitments.rules import Source

MOST_ACTIONS = 400
TITLE_LEAST, TITLE_MOST, SECTION_MOST, LEAD_MOST, NEED_MOST, WHY_MOST = 2, 200, 60, 60, 500, 300
BEFORE, LATER = 0, 9999
"""Years of money that was spent before the first year (기투자), and that comes after the last (장래)."""


class PlanKind(StrEnum):
    INNOVATION = "innovation"
    DEPARTMENT = "department"
    NEIGHBOURHOOD = "neighbourhood"
    OTHER = "other"


class VersionState(StrEnum):
    DRAFT = "draft"
    ASKED = "asked"
    DECIDED = "decided"
    SENT = "sent"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    """A later version is in force."""


class Money(NamedTuple):
    """A line of money, in won."""

    year: int
    source: Source
    item: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action of a plan; its key stays over versions."""

    key: str
    number: int
    title: str
    section: str = ""
    need: str = ""
    lead: str = ""
    """Department or body, as it was written."""
    department_id: int | None = None
    body_id: int | None = None
    neighbourhood_id: int | None = None
    money: tuple[Money, ...] = ()
    begins: str | None = None
    ends: str | None = None
    """Months, `2021-03`."""
    origin: tuple[str, ...] = ()
    """Keys of earlier actions that it came from, or things of the site: `poll:12`."""
    why_changed: str = ""

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.money)

    def of_year(self, year: int) -> int:
        return sum(line.amount for line in self.money if line.year == year)


class ChangeKind(StrEnum):
    ADDED = "added"
    DROPPED = "dropped"
    JOINED = "joined"
    SPLIT = "split"
    MORE = "more"
    LESS = "less"
    OTHER = "other"


@dataclass(frozen=True)
class Change:
    """An action in two versions; None: not there."""

    kind: ChangeKind
    before: Action | None
    after: Action | None
    names: tuple[str, ...] = ()
    """Titles of the actions from which it was joined, or of the one that was split."""

    @property
    def action(self) -> Action:
        action = self.after or self.before
        assert action is not None
        return action

    @property
    def sums(self) -> tuple[int, int]:
        return (self.before.total if self.before else 0, self.after.total if self.after else 0)

    @property
    def by(self) -> int:
        return self.sums[1] - self.sums[0]


@dataclass(frozen=True)
class Differences:
    changes: tuple[Change, ...]
    same: tuple[Action, ...]
    before: int
    after: int

    @property
    def percent(self) -> str:
        """Change of the sum with its sign: `-15` or `+0.4`; nothing where there was no sum before."""
        if not self.before or self.before == self.after:
            return ""
        share = Fraction(100 * (self.after - self.before), self.before)
        return f"{float(share):+.1f}".removesuffix(".0")


def differences(before: Sequence[Action], after: Sequence[Action]) -> Differences:
    """Every action that differs, by its key; the order is that of the later version, what was dropped last."""
    old = {action.key: action for action in before}
    new = {action.key for action in after}
    heirs = {key: [action for action in after if key in action.origin and action.key not in old] for key in old}
    changes, same = [], []
    for action in after:
        parents = [old[key] for key in action.origin if key in old and action.key not in old]
        was = old.get(action.key)
        if was is None:
            kind = (ChangeKind.JOINED if len(parents) > 1 else
                    ChangeKind.SPLIT if parents and len(heirs[parents[0].key]) > 1 else ChangeKind.ADDED)
            changes.append(Change(kind, None, action, tuple(parent.title for parent in parents)))
        elif was == action or _shown(was) == _shown(action):
            same.append(action)
        else:
            by = action.total - was.total
            kind = ChangeKind.MORE if by > 0 else ChangeKind.LESS if by else ChangeKind.OTHER
            changes.append(Change(kind, was, action))
    changes += [Change(ChangeKind.DROPPED, action, None, tuple(heir.title for heir in heirs[action.key]))
                for action in before if action.key not in new]
    return Differences(tuple(changes), tuple(same), _sum(before), _sum(after))


def _shown(action: Action) -> tuple[object, ...]:
    """All that a version says of an action, but for its number and for why it was changed."""
    return (action.title, action.section, action.need, action.lead, action.neighbourhood_id,
            sorted(action.money), action.begins, action.ends)


def _sum(actions: Iterable[Action]) -> int:
    return sum(action.total for action in actions)


def year_later(action: Action) -> dict[str, object]:
    """Facts of an action in next year's plan."""
    def month(text: str | None) -> str | None:
        return f"{int(text[:4]) + 1}{text[4:]}" if text else None

    def moved(line: Money) -> Money:
        return line if line.year in (BEFORE, LATER) else line._replace(year=line.year + 1)

    return {"money": tuple(map(moved, action.money)), "begins": month(action.begins), "ends": month(action.ends),
            "why_changed": "", "origin": ()}
