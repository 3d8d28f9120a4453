"""The published record of an envelope's vote as an election: what `verify` checks is counted once more.

Nothing here checks signatures or seals; `bin/civic-forum verify` does.
"""

import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from civic_forum.ballots.box import closing as draws
from civic_forum.ballots.rules.choices import BoxRule, NotAccepted

from ..counting import box as outcome
from ..counting.election import Election
from ..counting.settings import CountingRules

LARGEST_JSON = 32 * 2**20
"""As FORMAT.md says; likewise of a record as a whole."""
LARGEST = 512 * 2**20
MAGIC = b"PK\3\4"
MONEY = re.compile(r"[0-9]{1,60}(?:[./][0-9]{1,60})?", re.ASCII)
MOST = 10**9
"""Ballots."""
WRONG = (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError, EOFError,
         NotAccepted, RuntimeError, ZeroDivisionError, zlib.error)
"""What a zip raises that is no record: one that is cut off, packed or locked in a way of its own, or another one."""


class Uncountable(StrEnum):
    """Reason why a file cannot be counted."""

    NOT_A_RECORD = "not_a_record"
    NOT_A_BUDGET = "not_a_budget"
    """A vote of another kind."""
    FEW = "few"
    """Without choices, and without the totals that are not published of few ballots."""


class NotCountable(Exception):
    """The file holds no budget that could be counted."""

    def __init__(self, why: Uncountable) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class RecordedElection:
    """Input of a recorded vote, and the rules by which it is counted."""

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
    except WRONG as wrong:
        raise NotCountable(Uncountable.NOT_A_RECORD) from wrong


def choices_of(path) -> list[tuple[int, ...]]:
    """The numbers marked on every live ballot of a record with choices, in its own order.

    Raises NotCountable for a record without choices, and OSError.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = _Members(archive)
            rule = BoxRule.from_json(members.json("box.json")["rule"])
            return [rule.chosen(choice) for choice in members.choices()]
    except WRONG as wrong:
        raise NotCountable(Uncountable.NOT_A_RECORD) from wrong


class _Members:
    """Members of a zip, none larger than a record may be."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.has_choices = "choices.txt" in archive.namelist()
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
                yield bytes.fromhex(line.split()[-1].decode("ascii"))
        for batch in self.json("paper-choices.json"):
            yield from map(bytes.fromhex, batch["choices"])


def _recorded(members: _Members) -> RecordedElection:
    box, result = members.json("box.json"), members.json("result.json")
    if "budget" not in box:
        raise NotCountable(Uncountable.NOT_A_BUDGET)
    budget, rule = box["budget"], BoxRule.from_json(box["rule"])
    _check_numbers(box, result)
    if [option["number"] for option in box["options"]] != list(range(1, rule.options + 1)):
        raise ValueError("not every option is a project")
    choices = list(map(rule.chosen, members.choices())) if members.has_choices else None
    votes = _votes(result, choices, rule)
    election = outcome.election_of_box(box, votes, result["ballots"], choices, _order(members, rule))
    names = {_words(option["code"]): _words(option["title"]) for option in box["options"]}
    rules = outcome.rules_of(budget)
    if len(names) != rule.options:
        raise ValueError("not every project has a code of its own")
    return RecordedElection(_words(box["subject_title"]), election, rules, _words(budget.get("currency", "")), names)


def _votes(result: Any, choices: list[tuple[int, ...]] | None, rule: BoxRule) -> dict[int, int]:
    """Option number → votes. Raises NotCountable where few ballots were counted and the record has no choices."""
    if "small" not in result:
        return {total["option"]: total["votes"] for total in result["totals"]}
    if choices is None:
        raise NotCountable(Uncountable.FEW)
    marked = Counter(number for chosen in choices for number in chosen)
    return {number: marked[number] for number in range(1, rule.options + 1)}


def _order(members: _Members, rule: BoxRule) -> list[int] | None:
    """Its options in the order of the draw; None where no tie needed one."""
    draw = members.json("draw.json")
    if not draw:
        return None
    closing = next(head for head in members.json("heads.json") if head["kind"] == "closing")
    return draws.order(bytes.fromhex(closing["root"]), draw, range(1, rule.options + 1))


def _check_numbers(box: Any, result: Any) -> None:
    """Raises ValueError for what would be read as a number and is none, or would take forever to be read
    (1e999999999)."""
    budget = box["budget"]
    committee = budget.get("committee", {"ballots": 0, "votes": []})
    for number in (result["ballots"], committee["ballots"], *committee["votes"],
                   *(total["votes"] for total in result.get("totals", ()))):
        _whole(number)
    written = budget["rules"]
    for money in (budget["amount"], *(option["cost"] for option in box["options"])):
        if type(money) is not int or money < 0:
            raise ValueError("no amount of money")
    for amount in (written["step"], *written["weights"].values()):
        if not MONEY.fullmatch(amount):
            raise ValueError("no amount of money")


def _whole(value: object) -> int:
    if type(value) is not int or not 0 <= value <= MOST:
        raise ValueError("not a whole number")
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value
