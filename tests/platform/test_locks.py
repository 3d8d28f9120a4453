"""Letters are taken by one worker, revisions made by one process, turns held by one writer."""

import threading

import pytest

from civic_forum.platform import migrations, outbox, writers
from civic_forum.platform.base import db
from civic_forum.platform.errors import Unavailable
from tests.racing import held, on_postgresql
from tests.running.machine import patience

from .test_outbox import post, rows

PATIENCE_S = 0.2
"""Longer than a thread needs that waits for nobody."""


@on_postgresql
def test_a_letter_that_another_worker_takes_is_left_to_it(app, town, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "DATA", str(tmp_path))
    monkeypatch.setitem(app.config, "SMTP_URL", "")
    for to in ("first@example.org", "second@example.org"):
        post(to)
    first, _second = rows()
    with held(first, passed_over=True):
        assert outbox.deliver_due() == 1
    assert [one.sent_at is None for one in rows()] == [True, False]


@on_postgresql
def test_two_upgrades_wait_for_each_other(town):
    with held(advisory=migrations.LOCK), db.engine.connect() as connection, migrations.alone(connection):
        pass


def test_a_turn_is_held_by_one(tmp_path):
    path, came = tmp_path / "turn", threading.Event()

    def take_it():
        with writers.turn_at(path):
            came.set()

    assert not writers.is_taken(path)
    with writers.turn_at(path):
        assert writers.is_taken(path)
        second = threading.Thread(target=take_it)
        second.start()
        assert not came.wait(PATIENCE_S)
    assert came.wait(patience(30))
    second.join(30)
    assert not writers.is_taken(path)


def test_under_gevent_a_turn_that_never_comes_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(writers.monkey, "is_module_patched", lambda _name: True)
    with writers.turn_at(tmp_path / "turn"), pytest.raises(Unavailable), writers.turn_at(tmp_path / "turn", 0):
        pass
