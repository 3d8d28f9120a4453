"""A connection to PostgreSQL that broke while it lay idle is replaced; one that was just used is not asked."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import base
from civic_forum.platform.base import db, prepare_engine


@pytest.fixture
def engine(postgres_app):
    with postgres_app.app_context():
        engine = sa.create_engine(db.engine.url, pool_size=1)
        prepare_engine(engine)
        yield engine
        engine.dispose()


def backend(engine):
    with engine.connect() as connection:
        return connection.scalar(sa.text("SELECT pg_backend_pid()"))


def end(number):
    with db.engine.connect() as other:
        other.execute(sa.text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})


def test_one_that_broke_while_it_lay_idle_is_replaced_before_it_is_used(engine, monkeypatch):
    monkeypatch.setattr(base, "IDLE_S", -1)
    first = backend(engine)
    end(first)
    assert backend(engine) != first


def test_one_that_broke_just_now_fails_once_and_is_replaced(engine):
    first = backend(engine)
    end(first)
    with pytest.raises(sa.exc.OperationalError):
        backend(engine)
    assert backend(engine) != first


def test_one_that_was_just_used_is_used_again_without_a_question(engine, monkeypatch):
    first = backend(engine)
    monkeypatch.setattr(engine.dialect, "do_ping", lambda _connection: pytest.fail("asked"))
    assert backend(engine) == first
