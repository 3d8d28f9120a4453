"""Locks around draws are taken in one order: accounts, call, draw."""

import time
from datetime import timedelta

import pytest

from civic_forum.accounts.models import User
from civic_forum.accounts.queries import people
from civic_forum.calls import queries as calls
from civic_forum.draws.services import holding, leaving, values
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from tests.racing import all_at_once, on_postgresql

from .making import BALLS, BONUS, SIGNATURE, Drawn, later


def slow(take):
    """The same lock, kept for a moment before the next is asked for."""
    def taken(*args, **options):
        rows = take(*args, **options)
        time.sleep(0.3)
        return rows
    return taken


@on_postgresql
@pytest.mark.in_turns(of=10)
def test_typing_values_and_confirming_an_end_do_not_wait_in_a_circle(app, town, monkeypatch):
    made = Drawn(town, first=2, again=2, lots="", places=2).committed()
    slug, subject, first, second = made.call.slug, holding.subject_of(made.draw), made.official.id, made.second.id
    later(values.lottery_at(made.draw) + timedelta(hours=2) - clock.now())
    values.enter(slug, BALLS, BONUS, SIGNATURE, by=made.official)
    leaving.propose_end(slug, "명단이 신청과 달랐어요.", "행정심판위원회 2027-1", by=made.second)
    for module, name in ((people, "held"), (calls, "locked")):
        monkeypatch.setattr(module, name, slow(getattr(module, name)))
    db.session.rollback()
    typed, ended = all_at_once(
        app, lambda: values.enter(slug, BALLS, BONUS, SIGNATURE, by=db.session.get(User, second)),
        lambda: leaving.ENDING.confirm(subject, by=db.session.get(User, first)))
    assert made.draw.ended_at and not isinstance(ended, Conflict)
    assert typed is True or isinstance(typed, Conflict), "the draw ended before"
