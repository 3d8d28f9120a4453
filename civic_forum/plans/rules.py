"""Plans: versions, actions, and all that differs between two versions. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from civic_forum.commitments.rules import Source

MOST_ACTIONS, ACTIONS_SHOWN = 400, 50
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
        return sum([line.amount for line in self.money])

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
    """An action in two versions, or several that were split or joined; none: not there."""

    kind: ChangeKind
    olds: tuple[Action, ...]
    news: tuple[Action, ...]
    origins: tuple[Action, ...] = ()
    """Actions that stay and from which it was made."""

    @property
    def before(self) -> Action | None:
        return self.olds[0] if self.olds else None

    @property
    def after(self) -> Action | None:
        return self.news[0] if self.news else None

    @property
    def action(self) -> Action:
        """The one that gives it its name: what was split, what others were joined to."""
        return (self.olds if self.kind is ChangeKind.SPLIT else self.news or self.olds)[0]

    @property
    def names(self) -> list[str]:
        """Titles of the others."""
        others = self.news if self.kind is ChangeKind.SPLIT else self.olds if self.kind is ChangeKind.JOINED else ()
        return [action.title for action in (*others, *self.origins)]

    @property
    def reasons(self) -> list[str]:
        return [reason for reason in dict.fromkeys(action.why_changed for action in self.news) if reason]

    @cached_property
    def sums(self) -> tuple[int, int]:
        return _sum(self.olds), _sum(self.news)

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
    def most(self) -> int:
        """The largest sum of a change, which all are drawn by."""
        return max([max(change.sums) for change in self.changes], default=0)

    @property
    def percent(self) -> str:
        """Change of the sum with its sign: `-15` or `+0.4`; nothing where there was no sum before."""
        if not self.before or self.before == self.after:
            return ""
        share = Fraction(100 * (self.after - self.before), self.before)
        return f"{float(share):+.1f}".removesuffix(".0")


def differences(before: Sequence[Action], after: Sequence[Action]) -> Differences:
    """Every action that differs, by its key; those that were split or joined are one change. The order is that of the
    later version, what was dropped last."""
    old, new = {action.key: action for action in before}, {action.key for action in after}
    heirs = _heirs(old.keys() - new, [action for action in after if action.key not in old])
    changes, same, told = [], list[Action](), set[str]()
    for action in after:
        keys, news = heirs.get(action.key, (frozenset((action.key,)) & old.keys(), (action,)))
        olds = tuple(map(old.__getitem__, keys if len(keys) < 2 else [past.key for past in before if past.key in keys]))
        if olds and len(olds) == len(news) == 1 and _shown(olds[0]) == _shown(action):
            same.append(action)
        elif action is news[0]:
            origins = () if action.key in old else tuple(
                old[key] for key in action.origin if key in old and key in new)
            changes.append(Change(_kind(olds, news), olds, news, origins))
        told |= keys
    changes += [Change(ChangeKind.DROPPED, (action,), ()) for action in before if action.key not in told]
    return Differences(tuple(changes), tuple(same), _sum(before), _sum(after))


def _heirs(gone: Collection[str], came: Sequence[Action]) -> dict[str, tuple[frozenset[str], tuple[Action, ...]]]:
    """Key of each action that came from others which are gone → all their keys, and all that came from these."""
    groups: list[tuple[frozenset[str], tuple[Action, ...]]] = []
    for action in came:
        keys = frozenset(action.origin).intersection(gone)
        news: tuple[Action, ...] = (action,)
        if keys:
            for group in [group for group in groups if group[0] & keys]:
                groups.remove(group)
                keys, news = keys | group[0], group[1] + news
            groups.append((keys, news))
    return {action.key: group for group in groups for action in group[1]}


def _kind(olds: Sequence[Action], news: Sequence[Action]) -> ChangeKind:
    if not olds:
        return ChangeKind.ADDED
    if len(olds) > 1 or len(news) > 1:
        return ChangeKind.SPLIT if len(news) > len(olds) else ChangeKind.JOINED
    by = news[0].total - olds[0].total
    return ChangeKind.MORE if by > 0 else ChangeKind.LESS if by else ChangeKind.OTHER


def _shown(action: Action) -> tuple[object, ...]:
    """All that a version says of an action, but for its number and for why it was changed."""
    return (action.title, action.section, action.need, action.lead, action.neighbourhood_id,
            sorted(action.money), action.begins, action.ends)


def _sum(actions: Iterable[Action]) -> int:
    return sum([action.total for action in actions])


def year_later(action: Action) -> dict[str, object]:
    """Facts of an action in next year's plan."""
    def month(text: str | None) -> str | None:
        return f"{int(text[:4]) + 1}{text[4:]}" if text else None

    def moved(line: Money) -> Money:
        return line if line.year in (BEFORE, LATER) else line._replace(year=line.year + 1)

    return {"money": tuple(map(moved, action.money)), "begins": month(action.begins), "ends": month(action.ends),
            "why_changed": "", "origin": ()}
