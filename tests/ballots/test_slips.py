"""The slip of a receipt: a QR code that a phone reads, drawn in parts of one length."""

import re

import pytest
import segno

from civic_forum.ballots.rules.signing import Receipt
from civic_forum.ballots.voting.receipts import DARK, LIGHT, ReceiptView

SEED = bytes(range(32))
ROW = re.compile(r"M4 (\d{3})\.5((?: [hm]1 0)+)")


def slips(how_many=20):
    for number in range(how_many):
        yield ReceiptView.of(Receipt.issue(SEED, bytes(32), number.to_bytes(1, "big") * 32, bytes([number]) * 16))


def drawn(slip) -> list[list[bool]]:
    """The modules that the path of the picture strokes, row by row."""
    return [[part.startswith("h") for part in re.findall(r"[hm]1 0", row)] for _y, row in ROW.findall(slip.path)]


@pytest.fixture
def app(sqlite_app):
    with sqlite_app.app_context():
        yield sqlite_app


def test_the_picture_is_the_code_of_the_address(app):
    for slip in slips():
        assert slip.address == f"{app.config['URL']}/receipts/{slip.tracker}"
        rows = drawn(slip)
        found = [segno.make(slip.address, mode="byte", error="m", micro=False, boost_error=False, mask=mask)
                 for mask in range(8)]
        assert any([list(map(bool, row)) for row in one.matrix] == rows for one in found), slip.tracker
        assert slip.size == len(rows) + 8 and ROW.findall(slip.path)[0][0] == "004"


def test_a_dark_module_takes_as_many_characters_as_a_light_one(app):
    assert len(DARK) == len(LIGHT)
    made = [slip.to_json()["slip"] for slip in slips()]
    assert len({tuple((name, len(text)) for name, text in one.items()) for one in made}) == 1
    assert len({one["path"].count("h1 0") for one in made}) > 1
    assert len({len(slip.file) for slip in slips()}) == 1 and len(ReceiptView.blank().path) == len(made[0]["path"])
