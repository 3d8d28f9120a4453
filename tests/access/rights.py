"""The table played: one request for each way in which somebody is let in or turned away, which decides every cell.

Two of the cast go the same way where the table expects the same for both, and where every permission that was asked
about the one says the same of the other. A run with `turns.LONG` plays all others as well.
"""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.running import turns

from .asking import outcome
from .pages import Button, Refusals, buttons
from .permissions import Answers, Record, recorded
from .scene import ACTORS
from .table import ROWS

FIRST = ("ok", "200", "409", "422")
"""Outcomes of those who get farthest, who are asked about first."""
ADDRESSES = list(dict.fromkeys((row.method, row.rule) for row in ROWS))


@dataclass(frozen=True)
class Cell:
    """Somebody who asks for something, and what the table says of it."""

    row: object
    thing: str
    actor: str
    model: str = ""
    """The actor of the column that counts, where that is somebody else's."""

    @property
    def expected(self) -> str:
        return self.row.expected[self.model or self.actor]

    def __str__(self) -> str:
        return f"{self.row}, {self.thing or '-'}, {self.actor}"


@dataclass(frozen=True)
class Way:
    """A request that was made, and the answers of the permissions on its way."""

    cell: Cell
    answers: dict[str, set[bool]]

    def decides(self, cell: Cell, known: dict[str, Answers]) -> bool:
        """True if this cell goes the same way, as far as is known of the permissions about its thing."""
        if (cell.expected, cell.actor == "visitor") != (self.cell.expected, self.cell.actor == "visitor"):
            return False
        if cell.thing != self.cell.thing and (cell.row.method, cell.expected) == ("GET", "200"):
            return False  # pages of two things are two pages
        return bool(self.answers) and all(name in known and known[name][cell.actor] == given
                                          for name, given in self.answers.items())


@dataclass
class Findings:
    """Findings at one address."""

    faults: list[str] = field(default_factory=list)
    answers: dict[str, dict[str, Answers]] = field(default_factory=lambda: defaultdict(dict))
    """By thing and permission."""
    shown: dict[str, dict[Button, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))
    """To whom of those who asked, by thing and button: what others are shown depends on what is theirs."""
    ways: list[Way] = field(default_factory=list)


class Rights:
    """The table, played address by address."""

    def __init__(self, stage, record: Record):
        self.stage, self.record = stage, record
        self.refusals = Refusals(ROWS, stage.scene.things)
        self.findings: dict[tuple[str, str], Findings] = {}

    @classmethod
    @contextmanager
    def on(cls, stage):
        with recorded({actor: stage.scene.people[actor] for actor in ACTORS}) as record:
            yield cls(stage, record)

    def at(self, address: tuple[str, str]) -> Findings:
        if address not in self.findings:
            self.findings[address] = found = Findings()
            for row in ROWS:
                if (row.method, row.rule) == address:
                    for thing in row.things:
                        self._decide(found, row, thing)
        return self.findings[address]

    def _decide(self, found: Findings, row, thing: str) -> None:
        first, *others = (Cell(row, thing, actor) for actor in sorted(ACTORS, key=lambda one: _rank(row.expected[one])))
        self._play(found, first)
        for cell in others:
            known = found.answers[thing]
            way = next((way for way in found.ways if way.decides(cell, known)), None)
            if way is None:
                self._play(found, cell)
            elif turns.LONG:
                self._ask(found, cell)

    def _play(self, found: Findings, cell: Cell) -> None:
        with self.record.of(cell.actor) as asked:
            shown = self._ask(found, cell)
        known = found.answers[cell.thing]
        for name, answers in asked.items():
            earlier = known.get(name, {})
            known[name] = {actor: given | earlier.get(actor, set()) for actor, given in answers.items()}
        found.ways.append(Way(cell, {name: answers[cell.actor] for name, answers in asked.items()}))
        for button in shown:
            found.shown[cell.thing][button].add(cell.actor)

    def _ask(self, found: Findings, cell: Cell) -> set[Button]:
        answer, changed = self.stage.request(cell.row, cell.thing, cell.actor)
        found.faults += faults(cell, outcome(answer), changed)
        shown = buttons(self.stage.app, answer)
        found.faults += [f"{cell}: is shown {button}, and turned away from it"
                         for button in sorted(shown, key=str) if self.refusals.refuses(button, cell.actor)]
        return shown


def _rank(expected: str) -> int:
    expected = expected.rstrip("*")
    return FIRST.index(expected) if expected in FIRST else len(FIRST)


PROOF = {"audit_entry", "user_session"}
"""Changed by a proof of who is there, which stands when the act that asked for it is refused."""


def faults(cell: Cell, got: str, changed: list[str]) -> list[str]:
    """Differences from the table."""
    found, row = [], cell.row
    if got != cell.expected.rstrip("*"):
        found.append(f"{cell}: {cell.expected} is expected, {got} came")
    proved = row.method == "POST" and got in ("404", "409", "422") and set(changed) == PROOF
    if changed and not proved and (row.method == "GET" or got.isdigit() and got >= "400") and (
            not cell.expected.endswith("*")):
        found.append(f"{cell}: {got}, and still {', '.join(changed)} changed")
    return found
