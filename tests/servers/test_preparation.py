import pytest
import sqlalchemy as sa

import config
from civic_forum import data_directory, preparation
from civic_forum.platform import health

from . import postgres as server


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("CIVIC_FORUM_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_new_directory_is_marked_as_a_sample(data):
    preparation.mark_when_new()
    assert config.is_sample(data)


def test_a_directory_with_anything_in_it_is_not_marked(data):
    data.mkdir()
    (data / "civic_forum.db").touch()
    preparation.mark_when_new()
    assert not config.is_sample(data)


def test_a_new_directory_beside_a_database_in_use_is_not_marked(data, postgres, monkeypatch):
    url = server.fresh_database(postgres)
    monkeypatch.setenv("CIVIC_FORUM_DATABASE_URL", url)
    with server.connect(url) as connection:
        connection.execute("CREATE TABLE people (name text)")
    preparation.mark_when_new()
    assert not config.is_sample(data)

    with server.connect(url) as connection:
        connection.execute("DROP TABLE people")
    preparation.mark_when_new()
    assert config.is_sample(data)


def test_a_half_loaded_sample_is_thrown_away_but_not_its_password(data):
    (data / "uploads").mkdir(parents=True)
    for name in ("civic_forum.db", "civic_forum.db-wal", "uploads/picture", "sample-password", data_directory.LOADING):
        (data / name).touch()
    preparation.clear_half_loaded(data, sa.make_url(f"sqlite:///{data}/civic_forum.db"))
    assert [path.name for path in data.iterdir()] == ["sample-password"]


def test_a_half_loaded_sample_in_another_database_is_left_to_its_owner(data):
    data.mkdir()
    with pytest.raises(preparation.Unfinished, match="Empty the database district"):
        preparation.clear_half_loaded(data, sa.make_url("postgresql+psycopg://localhost/district"))


@pytest.mark.parametrize("with_sample", [True, False])
def test_a_directory_that_cannot_be_written_to_is_named(data, monkeypatch, with_sample):
    monkeypatch.setenv("CIVIC_FORUM_SECRET_KEY", "long enough for a real site")
    data.mkdir()
    (data / data_directory.DATABASE).touch()
    monkeypatch.setattr(preparation, "can_write", lambda path: path == data)
    with pytest.raises(preparation.Unfinished, match=f"cannot write to {data / data_directory.DATABASE}"):
        preparation.prepare(with_sample)


def test_a_folder_that_cannot_be_written_to_takes_a_closer_look(sqlite_app, monkeypatch):
    monkeypatch.setattr(data_directory, "can_write", lambda path: False)
    assert not data_directory.is_prepared({"DATA": sqlite_app.config["DATA"],
                                           "DATABASE_URL": sqlite_app.config["DATABASE_URL"], "SAMPLE": True}, False)


def test_the_newest_revision_is_read_from_the_files(sqlite_app):
    with sqlite_app.app_context():
        assert {data_directory.newest_revision()} == health.newest(sqlite_app)
