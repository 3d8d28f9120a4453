"""The published record of an envelope's vote as an election: what `verify` checks is counted once more.

Nothing here checks signatures or seals; `bin/civic-forum verify` does.
"""

import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from civic_forum.ballots.rules.choices import BoxRule, NotAccepted

from ..rules.counting.election import BallotGroup, CommitteeVotes, Election
from ..rules.counting.settings import CountingRules

LARGEST_JSON = 32 * 2**20
"""As FORMAT.md says; likewise of a record as a whole."""
LARGEST = 512 * 2**20
MAGIC = b"PK\3\4"


class Unfit(StrEnum):
    NOT_A_RECORD = "not_a_record"
    NOT_A_BUDGET = "not_a_budget"
    """A vote of another kind."""


class NotCountable(Exception):
    """The file holds no budget that could be counted."""

    def __init__(self, why: Unfit) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class RecordedElection:
    """What was voted on, and by what rules it is counted."""

    title: str
    election: Election
    """With its ballots only where the record has choices; greedy and weighted do without."""
    rules: CountingRules
    currency: str
    names: dict[str, str]


def read_record(path) -> RecordedElection:
    """Raises NotCountable for anything but the record of an envelope's vote, and OSError."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _recorded(_Members(archive))
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError,
            NotAccepted, NotImplementedError) as wrong:
        raise NotCountable(Unfit.NOT_A_RECORD) from wrong


class _Members:
    """Members of a zip, none larger than a record may be."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise ValueError("too large")

    def json(self, name: str) -> Any:
        if self.archive.getinfo(name).file_size > LARGEST_JSON:
            raise ValueError("too large")
        return json.loads(self.archive.read(name))

    def choices(self) -> Iterator[bytes]:
        """Those of live ballots, then those on paper."""
        with self.archive.open("choices.txt") as lines:
            for line in lines:
                yield bytes.fromhex(line.split()[2].decode("ascii"))
        for batch in self.json("paper-choices.json"):
            yield from map(bytes.fromhex, batch["choices"])


def _recorded(members: _Members) -> RecordedElection:
    box = members.json("box.json")
    if "budget" not in box:
        raise NotCountable(Unfit.NOT_A_BUDGET)
    budget, rule = box["budget"], BoxRule.from_json(box["rule"])
    ids = _ids(budget, rule)
    facts = {"committee": _committee(budget.get("committee"), ids), "exclusions": [
        [_id(one, ids) for one in group] for group in budget.get("exclusions", ())]}
    if budget.get("lot"):
        facts["lot"] = [_id(one, ids) for one in budget["lot"]]
    costs = {project["id"]: Fraction(project["cost"]) for project in budget["projects"]}
    amount = Fraction(budget["amount"])
    if "choices.txt" in members.names:
        election = Election.of_groups(amount, costs, grouped(rule, members.choices()), **facts)
    else:
        result = members.json("result.json")
        votes = {ids[one["option"] - 1]: one["votes"] for one in result["totals"]}
        election = Election.of_totals(amount, costs, votes, result["ballots"], **facts)
    names = {ids[option["number"] - 1]: option["title"] for option in box["options"]}
    return RecordedElection(box["subject_title"], election, CountingRules.from_json(budget["rules"]),
                            budget.get("currency", ""), names)


def grouped(rule: BoxRule, choices: Iterable[bytes]) -> list[BallotGroup]:
    """Equal ballots together, the explicit blank as one without choices. Raises NotAccepted for what is no choice."""
    groups = []
    for choice, how_many in Counter(choices).items():
        rule.check(choice)
        marks = range(rule.options) if not rule.is_blank(choice) else ()
        chosen = tuple(place for place in marks if any(choice[1 + 2 * place:3 + 2 * place]))
        groups.append(BallotGroup(chosen, how_many))
    return groups


def _ids(budget: Mapping[str, Any], rule: BoxRule) -> list[str]:
    """By the number of the option, from 1."""
    projects = budget["projects"]
    if [project["number"] for project in projects] != list(range(1, rule.options + 1)):
        raise ValueError("not every option is a project")
    return [project["id"] for project in projects]


def _id(named: int | str, ids: list[str]) -> str:
    return ids[named - 1] if isinstance(named, int) else named


def _committee(said: Mapping[str, Any] | None, ids: list[str]) -> CommitteeVotes | None:
    """The committee's votes stand in the order of the options."""
    if not said:
        return None
    return CommitteeVotes(dict(zip(ids, said["votes"], strict=True)), said["ballots"])
