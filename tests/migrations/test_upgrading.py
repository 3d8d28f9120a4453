"""Faults while a database is brought to the newest revision."""

import os

import pytest
import sqlalchemy as sa

from civic_forum.app import ROOT
from civic_forum.platform import migrations
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from tests.servers import forks

from . import filling, shape
from .conftest import add_revision
from .test_revisions import REVISIONS

pytestmark = pytest.mark.servers  # by its time, also on SQLite


def run(app, *arguments):
    """The command line, started on this site's data."""
    settings = {"CIVIC_FORUM_DATABASE_URL": app.config["DATABASE_URL"], "CIVIC_FORUM_DATA": app.config["DATA"]}
    return forks.Command(arguments, os.environ | settings, ROOT)


def state():
    with db.engine.connect() as connection:
        return shape.of(connection), filling.rows(connection), migrations.current()


@pytest.mark.in_turns(of=10)
def test_three_processes_that_upgrade_at_once_wait_for_each_other(bare):
    started = [run(bare, "database", "upgrade") for _ in range(3)]
    ended = [one.ended() for one in started]
    assert [one.returncode for one in ended] == [0, 0, 0], ended
    assert migrations.differences() == []


@pytest.mark.in_turns(of=10)
def test_a_revision_that_fails_leaves_the_database_as_it_was(open_site, address, revisions):
    app = open_site(address, MIGRATIONS=str(revisions))
    with app.app_context():
        migrations.upgrade("0001")
        with db.engine.begin() as connection:
            filling.fill(connection)
        before = state()
        add_revision(revisions, "9999", REVISIONS[-1],
                     "op.execute('DELETE FROM support')\nop.drop_table('support')\nraise ZeroDivisionError")
        with pytest.raises(ZeroDivisionError):
            migrations.upgrade()
        assert state() == before


@pytest.mark.in_turns
def test_a_revision_that_loses_what_rows_refer_to_is_refused(open_site, address, revisions):
    app = open_site(address, MIGRATIONS=str(revisions))
    with app.app_context():
        migrations.upgrade()
        with db.engine.begin() as connection:
            filling.fill(connection)
        before = state()
        add_revision(revisions, "9999", REVISIONS[-1], "op.execute('DELETE FROM department')")
        with pytest.raises((Conflict, sa.exc.IntegrityError)):
            migrations.upgrade()
        assert state() == before
        with db.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text("DELETE FROM department"))


@pytest.mark.in_turns(of=10)
def test_a_database_of_a_newer_version_of_the_site_is_left_alone(bare):
    migrations.upgrade()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match="9999.*newer"):
        migrations.upgrade()
    said = run(bare, "database", "upgrade").ended()
    assert said.returncode == 1 and len(said.stderr.splitlines()) == 1 and "9999" in said.stderr
    assert bare.test_client().get("/readyz").status_code == 503


@pytest.mark.in_turns
def test_a_table_that_differs_from_the_models_is_named(bare):
    migrations.upgrade()
    agrees = run(bare, "database", "check").ended()
    assert "agree" in agrees.stdout and agrees.returncode == 0
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP INDEX ix_comment_parent_id"))
    differs = run(bare, "database", "check").ended()
    assert "ix_comment_parent_id" in differs.stderr and differs.returncode == 1
