"""Documents say what the site is, how it starts, and every setting."""

import re
from pathlib import Path

import pytest

import config

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_stands_in_the_documents_with_its_default():
    rows = {}
    for line in (ROOT / "docs" / "settings.md").read_text("utf-8").splitlines():
        if line.startswith("| `"):
            name, default, meaning = (cell.strip().strip("`") for cell in line.strip("|").split("|", 2))
            rows[name] = (default, meaning.strip(" |"))
    assert set(rows) == {setting.name for setting in config.SETTINGS}
    wrong = [setting.name for setting in config.SETTINGS if rows[setting.name] != (
        "instance" if setting.name == "DATA" else str(setting.default), setting.meaning)]
    assert wrong == []


@pytest.mark.parametrize("name, other", [("README.md", "README.ko.md"), ("README.ko.md", "README.md")])
def test_the_readme_says_what_it_is_with_a_picture_and_then_the_two_commands(name, other):
    text = (ROOT / name).read_text("utf-8")
    places = [text.index(part) for part in (f"]({other})", "\n![", "](docs/pictures.md)", "\nbin/run", "\nbin/test")]
    assert places == sorted(places) and places[0] < 60
    missing = [link for link in re.findall(r"\]\(([^)#:]+)\)", text) if not (ROOT / link).exists()]
    assert missing == []
