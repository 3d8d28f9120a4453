"""Versions of tables on PostgreSQL: writers do not wait for each other, and each version stands for one state."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import sqlalchemy as sa

from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform import clock, site_version
from civic_forum.platform.base import db
from tests.factories import saved
from tests.racing import at_once, on_postgresql

WRITERS, EACH = 6, 8
STATE = sa.text("SELECT (SELECT sum(number) FROM site_version WHERE split_part(name, '#', 1) = 'comment'),"
                " (SELECT count(*) FROM comment)")
ROWS = sa.text("SELECT name FROM site_version WHERE split_part(name, '#', 1) = 'comment'")


def comment(thread_id: int, author_id: int) -> None:
    saved(Comment(thread_id=thread_id, author_id=author_id, stance=Stance.NOTE, source="가", html="", at=clock.now()))


def version() -> int | None:
    db.session.rollback()
    return site_version.of_tables().get("comment")


@on_postgresql
def test_a_writer_does_not_wait_for_the_version_that_another_raises(town, app):
    place = town.proposal().thread_id, town.user().id
    comment(*place)
    first = version()
    with db.engine.connect() as other:
        other.execute(sa.text("UPDATE site_version SET number = number + 1 WHERE name IN (SELECT name FROM"
                              " site_version)"))
        db.session.rollback()
        db.session.execute(sa.text("SET lock_timeout = '2s'"))
        comment(*place)
        assert (second := version()) > first
        other.commit()
    assert version() == second + 1
    comment(*place)
    assert version() == second + 2 and len(db.session.execute(ROWS).all()) == 2


@on_postgresql
def test_each_version_stands_for_one_state_while_many_write(town, app):
    place, over, seen = (town.proposal().thread_id, town.user().id), Event(), {}
    comment(*place)

    def look():
        with app.app_context(), db.engine.connect() as connection:
            while not over.is_set():
                number, count = connection.execute(STATE).one()
                connection.rollback()
                seen.setdefault(number, set()).add(count)

    def write(_number):
        for _time in range(EACH):
            comment(*place)

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        at_once(app, WRITERS, write)
        over.set()
        looking.result()
    assert all(len(counts) == 1 for counts in seen.values())
    in_order = [counts.pop() for _number, counts in sorted(seen.items())]
    assert in_order == sorted(set(in_order)) and len(in_order) > 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 1 + WRITERS * EACH
