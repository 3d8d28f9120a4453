"""Real elections go into the site and come out again, where they are."""

import pytest

from civic_forum.budgets import cli
from civic_forum.budgets.formats.pabulib.parsing import read
from civic_forum.budgets.trials import services as trials
from civic_forum.platform.base import db
from tests.budgets import elections


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("path", elections.FILES, ids=lambda path: path.stem)
def test_an_imported_round_is_exported_in_normal_form(app, town, tmp_path, path):
    trials.create(path.read_bytes(), slug="real", at_once=False, by=town.official())
    db.session.rollback()
    out = tmp_path / "out.pb"
    done = app.test_cli_runner().invoke(cli.budget, ["export", "real", str(out)])
    assert done.exit_code == 0, done.output
    assert read(out.read_bytes()) == read(path.read_bytes())
    assert out.read_bytes() == path.read_bytes().replace(b"\r\n", b"\n")
