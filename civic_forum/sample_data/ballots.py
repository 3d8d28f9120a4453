"""The ballots of the sample votes, made from a seed: the same in any language and on any day."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

Weighted = Sequence[tuple[str | int, int]]


@dataclass(frozen=True)
class Voter:
    """One generated voter: `revisions` are the option numbers of each ballot, the last of which counts."""

    number: int
    neighbourhood: str
    age: str
    channel: str
    """online, paper or assisted"""
    revisions: tuple[tuple[int, ...], ...]
    """Option numbers in rising order; an empty one is a blank ballot."""

    @property
    def ballot(self) -> tuple[int, ...]:
        return self.revisions[-1]


def voters(poll: dict) -> Iterator[Voter]:
    """Everybody whom the `generator` of a sample poll tells, neighbourhoods in the order of the file."""
    made = poll["generator"]
    homes = {option["number"]: option.get("neighbourhood") for option in poll["options"]}
    for neighbourhood, count in made["voters_by_neighbourhood"].items():
        for number in range(1, count + 1):
            yield _voter(made, homes, neighbourhood, number)


def votes(ballots: Sequence[Sequence[int]]) -> Counter[int]:
    """Numbers of votes for each option."""
    return Counter(number for ballot in ballots for number in ballot)


def _voter(made: dict, homes: Mapping[int, str | None], neighbourhood: str, number: int) -> Voter:
    key = (made["seed"], neighbourhood, number)
    age = pick(made["age_bands"], hashed(*key, "age"))
    channel = "online"
    if neighbourhood not in made.get("online_only_in", ()):
        channel = pick(made["channel_by_age"][age], hashed(*key, "channel"))
    weights = _weights(made, homes, neighbourhood, age)
    revisions = []
    for revision in range(1 + (_changes(made["changed"], key) if channel == "online" else 0)):
        size = pick(made["choices_per_ballot"], hashed(*key, "size", revision))
        chosen = draw(weights, size, lambda turn, revision=revision: hashed(*key, "choice", revision, turn))
        revisions.append(tuple(sorted(chosen)))
    return Voter(number, neighbourhood, age, channel, tuple(revisions))


def hashed(*parts: str | int) -> int:
    """The first 15 hex digits of SHA-256 of the parts joined by `|`."""
    return int(sha256("|".join(map(str, parts)).encode()).hexdigest()[:15], 16)


def pick(table: Weighted, number: int):
    number %= sum(weight for _value, weight in table)
    for value, weight in table:
        if number < weight:
            return value
        number -= weight
    raise ValueError("a table without weights")


def draw(weights: Mapping[int, int], count: int, number: Callable[[int], int]) -> list[int]:
    """So many different options; heavier ones come more often."""
    left, drawn = dict(weights), []
    for turn in range(count):
        drawn.append(pick(list(left.items()), number(turn)))
        del left[drawn[-1]]
    return drawn


def _weights(made: dict, homes: Mapping[int, str | None], neighbourhood: str, age: str) -> dict[int, int]:
    boost = made["age_boost"].get(age, {})
    return {number: made["weights"][str(number)] * (made["home_boost"] if home == neighbourhood else 1)
            * boost.get(str(number), 1) for number, home in homes.items()}


def _changes(changed: dict, key: tuple) -> int:
    """Number of earlier ballots that the last one replaces."""
    share = hashed(*key, "changed") % 100
    twice, once = changed["of_online_percent_twice"], changed["of_online_percent_once"]
    return 2 if share < twice else 1 if share < twice + once else 0
