"""The worker is killed while it tells thousands of people of a commitment."""

import random
import time
from collections import Counter

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.commitments.models import Commitment, CommitmentNews
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.running.machine import patience
from tests.servers.postgres import fresh_database
from tests.servers.site import make_sample

from . import towns
from .test_kill_notices import Worker

LONGEST_S = patience(180)


@pytest.fixture(params=["sqlite", "postgres"])
def telling(request, settle):
    """A town on each database in turn."""
    if request.param == "sqlite":
        return settle(people=1)
    return settle(people=1, DATABASE_URL=fresh_database(request.getfixturevalue("postgres")))


def wait_for(town, many):
    """So many people have news of one commitment that nobody has told them yet."""
    make_sample(town.data)  # whose clock may be moved
    with town.app.app_context():
        now = clock.now()
        db.session.execute(sa.insert(User), [
            {"sign_in_name": f"hears{n}", "sign_in_key": f"hears{n}", "nickname": f"이웃 {n}", "language": "ko",
             "created_at": now, "is_resident": False} for n in range(many)])
        one = Commitment(title="정류장에 의자를 놓아요", origin="election_pledge", promised_on=local(now).date(), kinds=[])
        db.session.add(one)
        db.session.flush()
        db.session.execute(sa.insert(CommitmentNews), [
            {"user_id": user_id, "commitment_id": one.id, "number": 1, "told_at": None}
            for user_id in db.session.scalars(sa.select(User.id).where(User.sign_in_key.like("hears%")))])
        db.session.commit()
    towns.leave(town.app)


def told(town):
    """User → number of notices."""
    with town.app.app_context():
        found = Counter(db.session.scalars(sa.select(Notice.user_id).where(Notice.step == "commitment_moved")))
    towns.leave(town.app)
    return found


def kill_while_telling(town, many, times, log):
    """Returns how many had been told at each kill."""
    wait_for(town, many)
    chance, worker, seen = random.Random(many), Worker(town, "", log), []
    try:
        for _kill in range(times):
            worker.start(later_s=0)
            deadline, before = time.monotonic() + LONGEST_S, seen[-1] if seen else 0
            while sum(told(town).values()) == before and time.monotonic() < deadline:
                time.sleep(chance.random() / 5)
            worker.end()
            seen.append(sum(told(town).values()))
        worker.start(later_s=0)
        deadline = time.monotonic() + LONGEST_S
        while sum(told(town).values()) < many and time.monotonic() < deadline:
            time.sleep(0.2)
        time.sleep(1)
    finally:
        worker.end()
    return seen


def each_once(town, many):
    found = told(town)
    assert len(found) == many and set(found.values()) == {1}
    with town.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(CommitmentNews.told_at.is_(None))) == 0


def test_a_worker_killed_while_it_tells_two_thousand_tells_each_once(telling, tmp_path):
    seen = kill_while_telling(telling, 2_000, 1, tmp_path / "worker.log")
    assert 0 < seen[0], (tmp_path / "worker.log").read_text()[-2000:]
    each_once(telling, 2_000)


@pytest.mark.long
def test_a_worker_killed_three_times_while_it_tells_five_thousand_tells_each_once(telling, tmp_path):
    kill_while_telling(telling, 5_000, 3, tmp_path / "worker.log")
    each_once(telling, 5_000)
