"""Many at once: threads that start together, and another transaction that holds what a service must wait for."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Barrier, Event
from typing import Any

import pytest
import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal

on_postgresql = pytest.mark.parametrize("app", [pytest.param("postgres", marks=pytest.mark.servers)], indirect=True)
"""On SQLite whoever writes is alone."""
WAITING = sa.text("SELECT query FROM pg_stat_activity WHERE :holder = ANY(pg_blocking_pids(pid))")


def at_once(app, number: int, act: Callable[[int], Any]) -> list:
    """Call act(n) in so many threads that all start together; their answers or refusals."""
    return all_at_once(app, *[partial(act, n) for n in range(number)])


def all_at_once(app, *acts: Callable[[], Any]) -> list:
    """Call each in a thread of its own, all of which start together; their answers or refusals."""
    start = Barrier(len(acts))

    def run(act):
        with app.app_context():
            start.wait()
            try:
                return act()
            except Refusal as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@contextmanager
def held(*rows, advisory: int | None = None, shared: int | None = None, passed_over: bool = False, gone=None, **change):
    """Another transaction holds these rows, or an advisory lock, alone or shared, until somebody waits for them; then
    it changes the rows, deletes what is in `gone`, and commits. The block must wait for it by a lock: whoever waits
    only where they write has decided already.
    `passed_over`: the block must leave the rows alone instead, and wait for nobody.
    """
    chosen, ended = [_named(row) for row in rows], gone and _named(gone)
    db.session.rollback()
    watcher, over = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT"), Event()
    with db.engine.connect() as holder, watcher, ThreadPoolExecutor(1) as pool:
        number = holder.scalar(sa.text("SELECT pg_backend_pid()"))
        if advisory is not None:
            holder.execute(sa.select(sa.func.pg_advisory_xact_lock(advisory)))
        if shared is not None:
            holder.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(shared)))
        for table, key in chosen:
            assert holder.execute(sa.select(1).select_from(table).where(key).with_for_update(key_share=True)).scalar()

        def free_once_waited_for():
            try:
                while not (waiting := _waiting(watcher, number)) and not over.wait(0.005):
                    pass
                for table, key in chosen if change else ():
                    holder.execute(sa.update(table).where(key).values(**change))
                if ended:
                    holder.execute(sa.delete(ended[0]).where(ended[1]))
                holder.commit()
                return waiting
            finally:
                holder.close()

        freed = pool.submit(free_once_waited_for)
        try:
            yield
        finally:
            over.set()
            waited = freed.result()
    assert bool(waited) is not passed_over, waited or "nobody waited"
    assert all(one.lstrip().startswith(("SELECT", "WITH")) for one in waited), f"waited where it wrote: {waited}"


def _waiting(watcher, number: int) -> list[str]:
    """Statements waiting for this backend. A beginning or an end waits for nobody: what is said of it lags behind."""
    return [one for one in watcher.scalars(WAITING, {"holder": number}) if not one.startswith(("BEGIN", "ROLLBACK"))]


def _named(row) -> tuple[sa.Table, sa.ColumnElement[bool]]:
    """The table of a record, and what chooses its row there."""
    known = sa.inspect(row)
    return known.mapper.local_table, sa.and_(*map(sa.ColumnElement.__eq__, known.mapper.primary_key, known.identity))
