"""The architecture page: sentences that can be read at once, and files that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "architecture.md"
LONGEST = 30
"""Words of a sentence."""


def prose() -> str:
    """The page without its examples."""
    return re.sub(r"```.*?```", "", PAGE.read_text("utf-8"), flags=re.S)


def test_no_sentence_is_long():
    parts = re.split(r"(?<=[.:;?])\s|\n|\|", prose())
    assert [part for part in parts if len(part.split()) > LONGEST] == []


def test_every_file_that_it_names_is_there():
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_0-9.]+)+\.(?:py|html|js|ini|md))(?:: \w+)?`", prose()))
    assert len(named) > 30
    places = (ROOT, ROOT / "civic_forum")
    assert [name for name in sorted(named) if not any((place / name).is_file() for place in places)] == []
