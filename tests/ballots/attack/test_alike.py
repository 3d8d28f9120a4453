"""Votes alike but for how often one voter changed their ballot: what is published differs in random values alone."""

import re
import zipfile

import pytest

from civic_forum.ballots.counting import publication
from civic_forum.ballots.published import records
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.box import watching
from tests.ballots import boxes
from tests.ballots.officials import after

CHANGES = (0, 1, 5, 37)
DRAWN = re.compile(rb"[0-9a-f]{32,}")
"""Hashes, keys, signatures, marks and tokens: 16 bytes at least."""
MOMENT = re.compile(rb"20\d\d-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?")


def members(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as record:
        return {name: record.read(name) for name in record.namelist()}


def undrawn(name: str, content: bytes) -> bytes:
    """A member with zeros in place of every drawn value and every moment, its length kept; of a line of choices the
    choice alone, because the number of its leaf follows from what was drawn."""
    if name == "choices.txt":
        return b"\n".join(sorted(line.split()[-1] for line in content.splitlines()))
    content = DRAWN.sub(lambda drawn: b"0" * len(drawn[0]), content)
    content = MOMENT.sub(lambda moment: b"0" * len(moment[0]), content)
    return b"\n".join(sorted(content.split(b"\n"))) if name == "roll.txt" else content


def published(voters: int, changes: int) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Both editions of a vote whose first voter changed so often, and ended with the choice of all such votes."""
    made = boxes.box(voters + 2, publishes="totals", closes=100_000)
    for number, voter in enumerate(made.voters[:voters]):
        made.cast(voter, 1 + number % 4)
    for number in range(changes):
        made.cast(made.voters[0], 1 + (changes - 1 - number) % 2)
    after(86_400)
    watching.sign_due()
    after(20_000)
    publication.carry_on(made.id, by=None)
    row = made.row
    after(-106_400)
    return members(records.public(row)), members(records.observers(row))


@pytest.fixture(autouse=True)
def many_changes(monkeypatch):
    """Within one hour."""
    monkeypatch.setattr(casting, "changed", casting.Limiter(1_000))


@pytest.mark.in_turns
@pytest.mark.parametrize("voters", [10, 20, 60, pytest.param(1_000, marks=pytest.mark.long)])
def test_nothing_published_tells_how_often_somebody_changed(town, voters):
    first, *others = [published(voters, changes) for changes in CHANGES]
    assert b'"voters":%d' % voters in first[0]["counts.json"] and len(first[1]["choices.txt"].splitlines()) == voters
    assert "choices.txt" not in first[0]
    for other in others:
        for one, same in zip(first, other, strict=True):
            for name, content in one.items():
                assert undrawn(name, content) == undrawn(name, same[name]), name
            assert [*one] == [*same] and {len(one[name]) - len(same[name]) for name in {*one} - {"choices.txt"}} == {0}


@pytest.mark.in_turns(of=5)
def test_a_number_that_follows_from_the_changes_is_seen(town):
    public, observers = published(10, 0)
    told = {"counts.json": b'{"voters":11}', "entries.txt": b"0" * 64 + b"\n", "heads.json": b"5"}
    for name, more in told.items():
        assert undrawn(name, public[name]) != undrawn(name, public[name] + more)
    changed = observers["choices.txt"].replace(b"\n", b" 37\n", 1)
    assert undrawn("choices.txt", observers["choices.txt"]) != undrawn("choices.txt", changed)
