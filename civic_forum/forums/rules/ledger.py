"""Speaking time (발언 시간 기록): by role, item, neighbourhood and age group.

Turns are public, what somebody gave for this ledger is not. So for neighbourhood and age group
- a line stands for at least `LEAST_PEOPLE` people; smaller ones, and those who did not say, are one line together;
- if that line would stand for fewer, the smallest other one joins it, so that it cannot be reckoned back from the
  total;
- times are in whole minutes, so that they do not spell out which of the public turns make them up.
They are shown when the forum is over: while it runs, what a line grows by would tell who has just spoken.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

LEAST_PEOPLE = 3


@dataclass(frozen=True)
class CountedTurn:
    """A turn, as the ledger counts it."""

    voice: str
    """Whose: the same for all turns of one person."""
    seconds: int
    role: str
    item: int | None
    neighbourhood: str | None
    age_group: str | None
    first_time: bool


@dataclass(frozen=True)
class TimeLine:
    """One line of a table. `key` None: all that have none, and those put together."""

    key: Hashable
    seconds: int
    turns: int
    people: int


def by(turns: Iterable[CountedTurn], key: Callable[[CountedTurn], Hashable]) -> list[TimeLine]:
    """The turns by this key, most time first; those without one last."""
    groups: dict[Hashable, list[CountedTurn]] = {}
    for turn in turns:
        groups.setdefault(key(turn), []).append(turn)
    lines = [_line(name, of_it) for name, of_it in groups.items()]
    return sorted(lines, key=lambda line: (line.key is None, -line.seconds, str(line.key)))


def by_personal(turns: Iterable[CountedTurn], key: Callable[[CountedTurn], Hashable]) -> list[TimeLine]:
    """The same where a line must not point at anybody."""
    turns = list(turns)
    shown = [line for line in by(turns, key) if line.key is not None]
    together = {line.key for line in shown if line.people < LEAST_PEOPLE}
    rest = [turn for turn in turns if key(turn) is None or key(turn) in together]
    while rest and _people(rest) < LEAST_PEOPLE and len(together) < len(shown):
        smallest = min((line for line in shown if line.key not in together),
                       key=lambda line: (line.people, str(line.key)))
        together.add(smallest.key)
        rest = [turn for turn in turns if key(turn) is None or key(turn) in together]
    return by(turns, lambda turn: None if key(turn) in together else key(turn))


def minutes(lines: Sequence[TimeLine]) -> list[int]:
    """The lines in whole minutes that add up to the whole, itself rounded (largest remainders; Hamilton 1792)."""
    total = (sum(line.seconds for line in lines) + 30) // 60
    whole = [line.seconds // 60 for line in lines]
    by_remainder = sorted(range(len(lines)), key=lambda n: (-(lines[n].seconds % 60), n))
    for n in by_remainder[:total - sum(whole)]:
        whole[n] += 1
    return whole


def _people(turns: Iterable[CountedTurn]) -> int:
    return len({turn.voice for turn in turns})


def _line(key: Hashable, turns: Sequence[CountedTurn]) -> TimeLine:
    return TimeLine(key, sum(turn.seconds for turn in turns), len(turns), _people(turns))
