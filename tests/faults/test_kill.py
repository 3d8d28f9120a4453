"""The whole site is killed while people write, again and again."""

import random
import threading
import time
from collections import Counter
from secrets import token_hex

import pytest
import sqlalchemy as sa

from civic_forum.comments.models import Comment, Thread
from civic_forum.platform.base import db
from tests.running.machine import patience
from tests.servers import postgres as server

from . import towns
from .people import GONE, Somebody

WRITERS = 4


class Writer(threading.Thread):
    """Writes comments one after another; one that was not answered is sent again as it was."""

    def __init__(self, name, session, town):
        super().__init__(daemon=True)
        self.somebody, self.town, self.called = Somebody(session), town, name
        self.acknowledged, self.refused, self.count = [], [], 0
        self.url, self.arrived, self.over = None, None, False
        self.sending = None

    def run(self):
        while not self.over:
            try:
                self.write()
            except GONE:
                time.sleep(0.05)
        self.somebody.leave()

    def write(self):
        if self.url is None:
            time.sleep(0.02)
            return
        if self.arrived != self.url:
            self.somebody.arrive(self.url)
            self.somebody.read_form(f"/proposals/{self.town.number}")
            self.arrived = self.url
        if self.sending is None:
            self.count += 1
            self.sending = f"{self.called} {self.count}", token_hex(16)
        text, form_key = self.sending
        status = self.somebody.comment(self.town.thread, text, form_key)
        if status == 303:
            self.acknowledged.append(text)
            self.sending = None
        else:
            self.refused.append(status)


def kill_again_and_again(town, times):
    """Kill the site while it is written to; returns the writers."""
    chance = random.Random(times)
    writers = [Writer(f"writer{n}", session, town) for n, session in enumerate(town.sessions)]
    [writer.start() for writer in writers]
    try:
        with towns.running(town) as site:
            for _ in range(times):
                send_to(site.url, writers)
                wait_for_comments(writers, 5)
                time.sleep(chance.random())
                site.kill()
                send_to(None, writers)
                site.start()
            send_to(site.url, writers)
            wait_for_comments(writers, 5)
            for writer in writers:
                writer.over = True
            [writer.join(30) for writer in writers]
    finally:
        for writer in writers:
            writer.over = True
    return writers


def send_to(url, writers):
    for writer in writers:
        writer.url = url


def wait_for_comments(writers, more):
    def comments_so_far():
        return sum(len(writer.acknowledged) for writer in writers)

    before, deadline = comments_so_far(), time.monotonic() + patience(30)
    while comments_so_far() < before + more:
        assert time.monotonic() < deadline, "people cannot write any more"
        time.sleep(0.01)


def nothing_is_lost_or_doubled(town, writers):
    acknowledged = Counter(text for writer in writers for text in writer.acknowledged)
    with town.app.app_context():
        kept = Counter(db.session.scalars(sa.select(Comment.source)))
        counted = db.session.get(Thread, town.thread).comment_count
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    towns.leave(town.app)
    assert [writer.refused for writer in writers] == [[]] * WRITERS
    assert acknowledged and not acknowledged - kept, "an answered comment is gone"
    assert set(kept.values()) == {1}, "a comment is there twice"
    assert set(kept) - set(acknowledged) <= {writer.sending[0] for writer in writers if writer.sending}
    assert counted == kept.total()
    return acknowledged.total()


@pytest.mark.in_turns(of=1)
def test_a_site_that_is_killed_loses_and_doubles_nothing(settle):
    town = settle(people=WRITERS)
    assert nothing_is_lost_or_doubled(town, kill_again_and_again(town, 1)) >= 10


@pytest.mark.long
def test_a_site_that_is_killed_twenty_times_loses_and_doubles_nothing(settle):
    town = settle(people=WRITERS)
    assert nothing_is_lost_or_doubled(town, kill_again_and_again(town, 20)) > 100


@pytest.mark.long
def test_on_postgresql_it_loses_and_doubles_nothing_either(settle):
    with server.running(durable=True) as url:
        town = settle(people=WRITERS, DATABASE_URL=url)
        assert nothing_is_lost_or_doubled(town, kill_again_and_again(town, 10)) > 50
        towns.leave(town.app)
