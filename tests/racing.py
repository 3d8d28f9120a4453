"""Many at once: threads that start together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Refusal


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
