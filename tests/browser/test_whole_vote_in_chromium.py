"""A vote from its making to its publication in Chromium alone, on a site that is no sample: nobody opens a shell."""

import subprocess
import sys

import pytest

from civic_forum.ballots.services.publication import VERIFIER
from tests.servers import chromium

from .whole_vote import WholeVote
from .whole_vote_town import Town

CLICKS = {"to the opening": 40, "while it is open": 10, "to the publication": 18}
"""What officers press in a poll. Before there were officers, observers and copies of keys: 19, none and 9."""


@pytest.fixture
def town(tmp_path):
    with Town(tmp_path / "data").served() as town:
        yield town


def verified(*given) -> str:
    done = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), *map(str, given)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def votes(result: dict) -> dict[int, int]:
    """By option; 0 is blank."""
    return {0: result["blank"]} | {one["option"]: one["votes"] for one in result["totals"]}


@pytest.mark.parametrize("width", [chromium.PHONE, pytest.param(chromium.DESKTOP, marks=pytest.mark.long)])
def test_a_poll(browser, town, tmp_path, width):
    poll = WholeVote(browser, town, width, tmp_path)
    try:
        poll.go()
        record, signatures, result = poll.published(poll.title)
    finally:
        poll.leave()
    assert town.broken == []
    assert votes(result) == poll.ballots[poll.title] and result["ballots"] == poll.ballots[poll.title].total()
    assert [result["turnout"][channel] for channel in ("online", "assisted", "paper_returned")] == [13, 1, 1]
    assert "2 of 2" in verified(record, "--signatures", signatures)
    verified(poll.editions[poll.title], "--same-as", record)
    assert dict(town.clicks) == CLICKS
