"""The ballots of the sample budget round, made from a seed: the same in any language and on any day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .ballots import Voter, draw, hashed, pick

AGES = [["19-39", 3], ["40-64", 4], ["65+", 3]]
"""The generator tells no ages; an invented roll needs birthdays."""


@dataclass(frozen=True)
class BudgetVoter:
    """One generated voter: a ballot over every choice group."""

    number: int
    neighbourhood: str
    age: str
    channel: str
    """online, paper or assisted"""
    choices: tuple[str, ...]
    """Ids of the projects, in the order of the file; none: a blank ballot."""

    def voter(self, numbers: Mapping[str, int]) -> Voter:
        """The same at the box of one envelope. `numbers`: id of a project → its number on the ballot."""
        chosen = tuple(sorted(numbers[project] for project in self.choices if project in numbers))
        return Voter(self.number, self.neighbourhood, self.age, self.channel, (chosen,))


def voters(entry: dict) -> Iterator[BudgetVoter]:
    """Everybody whom the `generator` of a sample round tells, neighbourhoods in the order of the file."""
    made = entry["generator"]
    homes = {project["id"]: project["neighbourhood"] for project in entry["projects"]}
    for neighbourhood, count in made["voters_by_neighbourhood"].items():
        for number in range(1, count + 1):
            key = (made["seed"], neighbourhood, number)
            drawn = [project for group, sizes in made["choices_per_ballot"].items()
                     for project in _of_group(made, homes, group, sizes, key)]
            chosen = _affordable(entry, drawn)
            yield BudgetVoter(number, neighbourhood, pick(AGES, hashed(*key, "age")),
                              pick(made["channel"], hashed(*key, "channel")),
                              tuple(project for project in homes if project in chosen))


def votes(ballots: Iterable[BudgetVoter]) -> dict[str, int]:
    """Numbers of votes for each project."""
    counts: dict[str, int] = {}
    for voter in ballots:
        for project in voter.choices:
            counts[project] = counts.get(project, 0) + 1
    return counts


def _affordable(entry: dict, chosen: list[str]) -> list[str]:
    """Choices that cost no more than the envelope holds, where they may not; what was drawn too late is left out."""
    left = {envelope["id"]: envelope["amount"] for envelope in entry["envelopes"] if envelope.get("within_money")}
    if not left:
        return chosen
    told = {project["id"]: project for project in entry["projects"]}
    affordable = []
    for project in map(told.get, chosen):
        if project["envelope"] in left:
            if project["cost"] > left[project["envelope"]]:
                continue
            left[project["envelope"]] -= project["cost"]
        affordable.append(project["id"])
    return affordable


def _of_group(made: dict, homes: Mapping[str, str | None], group: str, sizes: list, key: tuple) -> list[str]:
    weights = {project: made["weights"][project] * (made["home_boost"] if home == key[1] else 1)
               for project, home in homes.items() if project.startswith(group)}
    size = pick(sizes, hashed(*key, "size", group))
    return draw(weights, size, lambda turn: hashed(*key, "choice", group, turn))
