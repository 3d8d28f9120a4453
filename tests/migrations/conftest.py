"""Databases that no revision has touched yet."""

import shutil
from pathlib import Path

import pytest

import config
from civic_forum.app import ROOT, create_app
from civic_forum.platform.base import db
from tests.conftest import SETTINGS
from tests.servers import postgres as server

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.servers)]


@pytest.fixture(params=KINDS)
def address(request, tmp_path):
    """The address of an empty database, on each database in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    url = server.fresh_database(request.getfixturevalue("postgres"))
    yield url
    server.drop_database(url)


@pytest.fixture
def open_site(tmp_path):
    """Opens a site on a database without making any tables: `open_site(address, **settings)`."""
    opened = []

    def open_it(url, **given):
        data = tmp_path / f"data{len(opened)}"
        config.mark_as_sample(data)
        app = create_app(config.load({}, DATA=str(data), DATABASE_URL=url, **(SETTINGS | given)))
        opened.append(app)
        return app

    yield open_it
    for app in opened:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def bare(open_site, address):
    """A site on an empty database, inside an application context."""
    app = open_site(address)
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def revisions(tmp_path) -> Path:
    """A copy of the project's revisions, to which a test adds its own."""
    return Path(shutil.copytree(ROOT / "migrations", tmp_path / "migrations"))


def add_revision(folder: Path, number: str, after: str, body: str) -> None:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    (folder / "versions" / f"{number}_more.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        f"revision = {number!r}\ndown_revision = {after!r}\n\n\ndef upgrade():\n{lines}\n")
