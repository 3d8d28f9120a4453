"""Voters of the sample votes: invented people of a roll, and their ballots, made from a seed: the same in any
language and on any day."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from io import StringIO

from civic_forum.accounts.identity import Identity
from civic_forum.ballots import identities

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


EACH_VOTER_STANDS_FOR = 6
"""So many times as many stand in the roll as vote: invented like everything else."""
AGES = {"14-18": 16, "19-39": 30, "40-64": 52, "65+": 71}


@dataclass(frozen=True)
class Citizen:
    """Somebody in the roll."""

    identity: Identity
    neighbourhood: str

    @cached_property
    def person(self) -> bytes:
        """Key by which a ballot box knows them."""
        return identities.of_identity(self.identity.hash)


class Electorate:
    """The roll of one sample vote, and which of its people cast the generated ballots."""

    def __init__(self, voters: Iterable[Voter], on: date, accounts: Iterable[Identity] = ()):
        """`accounts`: holders of sample accounts, who cast the first online ballots of the generator."""
        self.voters = list(voters)
        self._citizens = {self._key(voter): _invented(voter, on) for voter in self.voters}
        online = [voter for voter in self.voters if voter.channel == "online"]
        for voter, identity in zip(online, accounts):
            self._citizens[self._key(voter)] = Citizen(identity, voter.neighbourhood)
        self._on = on

    def citizen(self, voter: Voter) -> Citizen:
        return self._citizens[self._key(voter)]

    def abstainer(self, neighbourhood: str, number: int) -> Citizen:
        """Somebody in the roll who casts none of the generated ballots."""
        birth = self._on - timedelta(days=(19 + number % 60) * 365.25 + number % 300)
        return Citizen(Identity(f"예시 {neighbourhood} 주민 {number}", birth), neighbourhood)

    def roll(self, others: Mapping[Identity, str] | None = None) -> bytes:
        """The file that an official would bring: everybody who may vote. `others` stand in it besides."""
        counts: dict[str, int] = {}
        for voter in self.voters:
            counts[voter.neighbourhood] = counts.get(voter.neighbourhood, 0) + 1
        citizens = [*self._citizens.values(), *(Citizen(identity, place) for identity, place in (others or {}).items())]
        for neighbourhood, count in counts.items():
            more = count * (EACH_VOTER_STANDS_FOR - 1) + _spread(neighbourhood, 40)
            citizens += (self.abstainer(neighbourhood, number) for number in range(1, more + 1))
        made = StringIO()
        table = csv.writer(made)
        table.writerow(("name", "birth_date", "neighbourhood"))
        table.writerows((citizen.identity.name, citizen.identity.birth_date.isoformat(), citizen.neighbourhood)
                        for citizen in citizens)
        return made.getvalue().encode()

    @staticmethod
    def _key(voter: Voter) -> tuple[str, int]:
        return voter.neighbourhood, voter.number


def _invented(voter: Voter, on: date) -> Citizen:
    birth = on - timedelta(days=AGES[voter.age] * 365.25 + _spread(f"{voter.neighbourhood}{voter.number}", 300))
    return Citizen(Identity(f"예시 {voter.neighbourhood} 투표인 {voter.number}", birth), voter.neighbourhood)


def _spread(what: str, most: int) -> int:
    return int(sha256(what.encode()).hexdigest()[:6], 16) % most
