"""Records of draws, made by the site's rules and signed with a known key."""

import contextlib
import importlib.util
import io
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from civic_forum.ballots.box.closing import lottery_held_at
from civic_forum.draws.rules import filling, lots
from civic_forum.draws.rules.filling import Passed
from civic_forum.draws.rules.lots import Built, Cell, Group, Lot
from tests.verifier import primitives
from tests.verifier.format2.running import VERIFIER

from .definitions import AT

LOTTERY_AT = lottery_held_at(1253)
BEACON = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
SALT = bytes(16)
LOTS = [Lot("먼저", 2, frozenset({"c1"})), Lot("모두", 5, frozenset({"c1", "c2", "c3"}), (
    Group(frozenset({"c1", "c2"}), 0, 3), Group(frozenset({"c1"}), 1, 5)))]
CELLS = {100_001 + at: f"c{at // 5 + 1}" for at in range(15)}
OBSERVERS = [("참관인 1", primitives.SEED), ("참관인 2", primitives.OTHER_SEED)]
COUNTS = {"handed_in": 20, "listed": 15, "withdrawn": 2, "incomplete": 1, "not_eligible": 1, "double": 1,
          "desk": 4, "provider": 8, "letter": 1, "paper": 2}


def load():
    spec = importlib.util.spec_from_file_location("draw_under_test", VERIFIER / "draw.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


draw = load()
draw.chance_of = lambda _trees, _cells, commit: chance_of(commit)


def chance_of(commit: bytes) -> dict[str, int]:
    """Stands for the chances in records here: ten thousand draws are dear, and both sides use the same."""
    return {"c1": commit[0], "c2": commit[1], "c3": commit[2]}


@dataclass
class Made:
    """A record that holds; changed by tests before it is written."""

    slug: str = "council-2026"
    attempt: int = 1
    before: str = ""
    at: datetime = AT
    entries: list[Passed] = field(default_factory=list)
    figures: bytes = filling.values(1253, [3, 11, 15, 29, 35, 44], 7)
    beacon: str = BEACON
    agrees: tuple[int, ...] = (1, 1)
    key: bytes = primitives.SEED
    is_drawn: bool = True

    def __post_init__(self):
        draw_id = lots.draw_id(self.slug, self.attempt)
        self.list = lots.list_text({number: (lots.mark(draw_id, number, SALT, f"사람{number}\n1980-01-01"), cell)
                                    for number, cell in CELLS.items()})
        self.definition = json.loads(lots.definition(
            slug=self.slug, title="독산4동 주민자치회", attempt=self.attempt, before=self.before, at=self.at, text=self.list,
            published=LOTS, counts=COUNTS, made=Built(LOTS, [Cell(f"칸 {at}", "신청서", 5) for at in (1, 2, 3)], [], []),
            observers=[(name, primitives.public_key_of(seed).hex()) for name, seed in OBSERVERS]))
        self.result = self.seed = self.signed = None
        self.more = {}

    @property
    def commit(self) -> bytes:
        return sha256(primitives.as_json(self.definition)).digest()

    def members(self) -> dict[str, bytes]:
        """All that follows from the fields and was not set by a test."""
        sign, commit = lambda message: primitives.sign(self.key, message), self.commit
        seed = self.seed or filling.seed(commit, self.figures, bytes.fromhex(self.beacon))
        drawn = filling.result(LOTS, CELLS, seed, self.entries, 1253)
        result = self.result if self.result is not None else filling.result_json(LOTS, drawn)
        messages = list(filling.passed_messages(commit, self.entries))
        signatures = {
            "key": primitives.public_key_of(self.key).hex(), "beacon": self.beacon, "seed": seed.hex(),
            "commit": sign(filling.commit_message(commit, self.at)), "passed": list(map(sign, messages)),
            "result": sign(filling.result_message(commit, seed, result, len(self.entries))),
            "restored": [sign(filling.restored_message(commit, place, entry, entry.restored))
                         for place, entry in enumerate(self.entries, 1) if entry.restored],
            "observed": [{"agrees": agrees, "key": primitives.public_key_of(own).hex(), "text": "",
                          "signature": primitives.sign(own, filling.observed_message(commit, bool(agrees), ""))}
                         for agrees, (_name, own) in zip(self.agrees, OBSERVERS)], **self.more}
        found = {
            "definition.json": primitives.as_json(self.definition), "list.txt": self.list,
            "chance.json": primitives.as_json(chance_of(commit)),
            "values.json": self.figures,
            "passed.json": primitives.as_json([entry.to_json() for entry in self.entries]), "result.json": result,
            "signatures.json": primitives.as_json({name: value for name, value in signatures.items()
                                                   if value is not None})}
        return found if self.is_drawn else {name: data for name, data in found.items()
                                            if name not in draw.OF_THE_DRAW}


def passed(number: int, days: int = 10, reason: str = "self", restored: int | None = None) -> Passed:
    return Passed(number, filling.Reason(reason), AT + timedelta(days=days),
                  None if restored is None else AT + timedelta(days=restored))


def run(folder, members: dict[str, bytes], *arguments: str) -> tuple[int, list[str]]:
    """(exit status, printed lines)"""
    path = folder / "record.zip"
    path.write_bytes(primitives.zipped(members))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        status = draw.main([str(path), *map(str, arguments)])
    return status, printed.getvalue().splitlines()


def example() -> Made:
    """The draw of verifier/draw-example.zip, which `python -m tests.verifier.draw.records` writes."""
    return Made(entries=[passed(100_001, 2), passed(100_012), passed(100_004, 11, "moved", 13), passed(100_003, 14)])


if __name__ == "__main__":
    made = example()
    members = made.members() | {"chance.json": primitives.as_json(filling.chance(LOTS, CELLS, made.commit))}
    (VERIFIER / "draw-example.zip").write_bytes(primitives.zipped(members))
