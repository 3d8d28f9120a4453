"""Many at once: threads that start together."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from civic_forum.kernel.base import db
from civic_forum.kernel.errors import Refusal


def at_once(app, number, act):
    """Call act(n) in so many threads that all start together; their answers or refusals."""
    start = Barrier(number)

    def run(n):
        with app.app_context():
            start.wait()
            try:
                return act(n)
            except Refusal as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))
