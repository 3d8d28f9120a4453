from pathlib import Path

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


def test_the_readme_starts_with_the_two_commands():
    head = (ROOT / "README.md").read_text("utf-8").splitlines()[:6]
    assert any(line.startswith("bin/run") for line in head) and any(line.startswith("bin/test") for line in head)
