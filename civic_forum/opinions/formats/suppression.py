"""Counts that may be published: none of so few that they point at people, neither by themselves, nor as the rest of a
total, nor as the difference of two publications. Pure.

A cell is what one group answered to one statement; it is small where one to four people answered. Of each statement
either everything that is not small is shown, or, where a small cell would follow from the total, the total is not.
Between publications a statement keeps its earlier counts until each shown count has changed by five responses or more,
or not at all, and until the last publication also until some count has changed by a tenth: so few versions follow each
other that each can be compared with all before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..rules import FEW

Counts = tuple[int, int, int]
FEWEST_PEOPLE = 15
"""Participants in all, below which nothing by group is shown."""
MOST_VERSIONS = 50
"""Counts of one statement that follow each other until the last publication; at a tenth each enough for growth by a
hundred times."""
TENTH = 10
FEWEST_MEMBERS = 10


@dataclass(frozen=True)
class Shown:
    """Counts of a statement as they are published: None = not shown. A group without an entry is not shown at all."""

    total: Counts | None
    groups: Mapping[str, Counts | None] = field(default_factory=dict)


def shown_groups(participants: int, sizes: Mapping[str, int]) -> list[str]:
    """Groups that are large enough."""
    if participants < FEWEST_PEOPLE:
        return []
    return [name for name, size in sizes.items() if size >= FEWEST_MEMBERS]


def shown_sizes(participants: int, sizes: Mapping[str, int], shown: Iterable[str]) -> dict[str, int | None]:
    """Sizes of the groups that are shown. Where those left out are few, the smallest size is not said either."""
    published: dict[str, int | None] = {name: sizes[name] for name in shown}
    if published and 0 < participants - sum(sizes[name] for name in published) < FEWEST_MEMBERS:
        published[min(published, key=lambda name: sizes[name])] = None
    return published


def steady(now: int, before: int | None) -> int:
    """Number of people to publish after `before`: the same until it has changed by five or more."""
    return before if before is not None and 0 < abs(now - before) < FEW else now


def steady_block(now: Mapping[str, int | None], before: Mapping[str, int | None] | None) -> dict[str, int | None]:
    """Numbers of people by kind to publish after `before`: all as they were while any has changed by one to four."""
    if before is not None and any(
            number is not None and (was := before.get(name)) is not None and steady(number, was) != number
            for name, number in now.items()):
        return dict(before)
    return dict(now)


def suppressed(total: Counts, cells: Mapping[str, Counts], others: int) -> Shown:
    """Counts of one statement. `cells` are those of the groups that are shown, `others` how many people are in none of
    them."""
    rest = _less(total, cells.values())
    groups = {name: None if _is_small(cell) else cell for name, cell in cells.items()}
    hidden = (_is_small(total) or None in groups.values()
              or rest[2] > 0 and bool(cells) and (_is_small(rest) or others < FEWEST_MEMBERS))
    return Shown(None if hidden else total, groups)


def held(now: Shown, earlier: Sequence[Shown], *, is_last: bool = False) -> Shown:
    """Counts to publish after all `earlier` ones, the last of them last. `is_last`: nothing is published after them."""
    may_wait = bool(earlier) and not is_last
    if not any(_differ_little(now, known) for known in earlier) and not (
            may_wait and (len(earlier) >= MOST_VERSIONS or _is_much_the_same(now, earlier[-1]))):
        return now
    if set(now.groups) == set(earlier[-1].groups):
        return earlier[-1]
    return Shown(None, dict.fromkeys(now.groups))


def remembered(earlier: Sequence[Shown], published: Shown) -> list[Shown]:
    """All that was published so far, each once, the last of them last; what showed nothing tells nothing later."""
    return [*(shown for shown in earlier if shown != published and _shows_something(shown)), published]


def _differ_little(now: Shown, known: Shown) -> bool:
    """True where what is shown now and what was shown before tell a small count by their difference."""
    pairs = [(cell, known.groups.get(name)) for name, cell in now.groups.items()] + [(now.total, known.total)]
    both = [(cell, earlier) for cell, earlier in pairs if cell is not None and earlier is not None]
    rests = [_less(shown.total, [cell for cell in shown.groups.values() if cell is not None])
             for shown in (now, known) if shown.total is not None]
    if len(rests) == 2:
        both.append((rests[0], rests[1]))
    return (any(0 < _distance(cell, earlier) < FEW for cell, earlier in both)
            or _bounds_hidden(now, known) or _bounds_hidden(known, now))


def _bounds_hidden(shown: Shown, other: Shown) -> bool:
    """True where the total of the one and the cells of the other leave about as few responses as the other hides."""
    cells = [cell for cell in other.groups.values() if cell is not None]
    if shown.total is None or other.total is not None or not cells:
        return False
    left = sum(max(0, responses) for responses in _apart(_less(shown.total, cells)))
    return 0 < left < FEW * max(1, len(other.groups) - len(cells))


def _is_much_the_same(now: Shown, last: Shown) -> bool:
    """True where the same is shown, and nothing of it has changed by a tenth."""
    pairs = [(now.total, last.total), *((cell, last.groups.get(name)) for name, cell in now.groups.items())]
    return set(now.groups) == set(last.groups) and all(
        cell is None and earlier is None or cell is not None and earlier is not None
        and TENTH * _distance(cell, earlier) < earlier[2] for cell, earlier in pairs)


def _shows_something(shown: Shown) -> bool:
    return shown.total is not None or any(cell is not None for cell in shown.groups.values())


def _distance(first: Counts, second: Counts) -> int:
    """Responses by which two counts differ at least, counting agrees, disagrees and passes apart."""
    return sum(abs(a - b) for a, b in zip(_apart(first), _apart(second)))


def _apart(counts: Counts) -> Counts:
    agrees, disagrees, seen = counts
    return agrees, disagrees, seen - agrees - disagrees


def _less(total: Counts, cells: Iterable[Counts]) -> Counts:
    rest = [whole - sum(parts) for whole, *parts in zip(total, *cells)]
    return rest[0], rest[1], rest[2]


def _is_small(counts: Counts) -> bool:
    return 0 < counts[2] < FEW
