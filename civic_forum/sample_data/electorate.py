"""Voters of the sample votes: invented people, known to an electoral roll and to nobody else."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from io import StringIO

from civic_forum.accounts.identity import Identity
from civic_forum.ballots import identities

from .ballots import Voter

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
        table.writerows((one.identity.name, one.identity.birth_date.isoformat(), one.neighbourhood) for one in citizens)
        return made.getvalue().encode()

    @staticmethod
    def _key(voter: Voter) -> tuple[str, int]:
        return voter.neighbourhood, voter.number


def _invented(voter: Voter, on: date) -> Citizen:
    birth = on - timedelta(days=AGES[voter.age] * 365.25 + _spread(f"{voter.neighbourhood}{voter.number}", 300))
    return Citizen(Identity(f"예시 {voter.neighbourhood} 투표인 {voter.number}", birth), voter.neighbourhood)


def _spread(what: str, most: int) -> int:
    return int(sha256(what.encode()).hexdigest()[:6], 16) % most
