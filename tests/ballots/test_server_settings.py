"""A PostgreSQL that would log, date or lose ballots serves nobody."""

import pytest
import sqlalchemy as sa

import config
from civic_forum.app import create_app
from civic_forum.ballots import server_settings
from civic_forum.platform import start_checks
from civic_forum.platform.base import db
from civic_forum.platform.errors import Unavailable
from tests.common import commit, let_go
from tests.servers import postgres as server


def test_the_databases_of_the_tests_are_set_as_they_must_be(town):
    assert server_settings.wrong() == [] and server_settings.keeps_an_order() is None
    start_checks.run()


@pytest.mark.in_turns(of=10)
@pytest.mark.servers
@pytest.mark.parametrize(("name", "value"), [
    ("log_statement", "ddl"), ("log_min_duration_statement", "0"), ("log_transaction_sample_rate", "0.5"),
    ("log_min_error_statement", "error"), ("log_error_verbosity", "verbose"), ("synchronous_commit", "off")])
def test_each_setting_that_is_not_so_stops_the_start_and_is_named(postgres_app, name, value):
    with postgres_app.app_context():
        database = db.engine.url.database
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'ALTER DATABASE "{database}" SET {name} = \'{value}\'')
        db.engine.dispose()
        try:
            with pytest.raises(Unavailable, match=name):
                start_checks.run()
            [sentence] = server_settings.wrong()
            assert "postgresql.conf" in sentence
            with pytest.raises(SystemExit, match=name):
                start_checks.guard(postgres_app)
        finally:
            db.session.remove()
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(f'ALTER DATABASE "{database}" RESET {name}')
            db.engine.dispose()
        start_checks.run()


@pytest.fixture(scope="module")
def careless():
    with server.running(fsync="off", track_commit_timestamp="on", archive_mode="on",
                        archive_command="/bin/true") as url:
        yield url


@pytest.mark.in_turns(of=5)
@pytest.mark.servers
def test_settings_of_the_whole_server_are_looked_at_too(careless, tmp_path):
    (tmp_path / "SAMPLE").touch()
    app = create_app({**_settings(tmp_path), "DATABASE_URL": careless})
    with app.app_context():
        assert {sentence.split()[3] for sentence in server_settings.wrong()} == {"fsync", "track_commit_timestamp"}
        assert server_settings.keeps_an_order() == "archive_mode = on"
        let_go()


@pytest.mark.in_turns(of=5)
@pytest.mark.servers
def test_a_user_who_could_send_the_write_ahead_log_elsewhere_opens_no_vote(tmp_path):
    (tmp_path / "SAMPLE").touch()
    with server.running(max_wal_senders="2") as url:
        app = create_app({**_settings(tmp_path), "DATABASE_URL": url})
        with app.app_context():
            assert server_settings.wrong() == [] and server_settings.keeps_an_order() == "max_wal_senders = 2"
            let_go()


@pytest.mark.servers
def test_a_replication_slot_tells_the_order_of_voting(postgres_app):
    with postgres_app.app_context():
        assert server_settings.keeps_an_order() is None
        commit(sa.text("SELECT pg_create_physical_replication_slot('a_slot')"))
        try:
            assert server_settings.keeps_an_order() == "a replication slot"
        finally:
            commit(sa.text("SELECT pg_drop_replication_slot('a_slot')"))
            db.session.remove()


def _settings(data):
    return config.load({}, DATA=str(data), SECRET_KEY="only for the tests")


@pytest.mark.in_turns(of=5)
def test_while_the_database_is_away_nothing_but_health_is_served(tmp_path):
    (tmp_path / "SAMPLE").touch()
    away = "postgresql+psycopg://nobody:secret@127.0.0.1:9/nothing"
    app = start_checks.guard(create_app({**_settings(tmp_path), "DATABASE_URL": away}))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 503
