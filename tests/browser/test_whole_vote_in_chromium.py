"""A vote from its making to its publication in Chromium alone, on a site that is no sample: nobody opens a shell."""

import pytest

from tests.servers import chromium
from tests.servers import postgres as server

from .whole_vote import WholeVote
from .whole_vote_people import verified
from .whole_vote_round import WholeRound
from .whole_vote_town import Town

IN_A_POLL = {"to the opening": 36, "while it is open": 10, "to the publication": 18}
"""Clicks of officers. Before there were officers, observers and copies of keys: 19, none and 9."""
IN_A_ROUND = {"to the opening": 60, "while it is open": 11, "to the publication": 54}
"""Of three envelopes."""
WIDTHS = pytest.mark.parametrize("width", [chromium.PHONE, pytest.param(chromium.DESKTOP, marks=pytest.mark.long)])


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=[pytest.mark.long, pytest.mark.servers])])
def town(request, tmp_path):
    given = {}
    if request.param == "postgres":
        given["DATABASE_URL"] = server.fresh_database(request.getfixturevalue("postgres"))
    with Town(tmp_path / "data", **given).served() as town:
        yield town


def votes(result: dict) -> dict[int, int]:
    """By option; 0 is blank."""
    return {0: result["blank"]} | {one["option"]: one["votes"] for one in result["totals"]}


def goes_through(vote: WholeVote) -> None:
    """All of it; what everybody takes home fits what people meant."""
    try:
        vote.go()
        found = {title: vote.published(title) for title in vote.titles}
    finally:
        vote.leave()
    for title, (record, signatures, result) in found.items():
        assert votes(result) == vote.ballots[title] and result["ballots"] == vote.ballots[title].total()
        assert [result["turnout"][channel] for channel in ("online", "assisted", "paper_returned")] == [13, 1, 1]
        assert "2 of 2" in verified(record, "--signatures", signatures)
        verified(vote.editions[title], "--same-as", record)


@WIDTHS
def test_a_poll(browser, town, tmp_path, width):
    goes_through(WholeVote(browser, town, width, tmp_path))
    assert dict(town.clicks) == IN_A_POLL


@WIDTHS
def test_a_round(browser, town, tmp_path, width):
    goes_through(WholeRound(browser, town, width, tmp_path))
    assert dict(town.clicks) == IN_A_ROUND
