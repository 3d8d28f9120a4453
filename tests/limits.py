"""Counts of the limits so far."""

from limits.storage import MemoryStorage

from civic_forum.platform.web import limiter


def forget() -> None:
    """Begin to count anew. What drops old requests by itself runs in a thread, which must not lose its keys
    meanwhile."""
    if isinstance(limiter.storage, MemoryStorage):
        limiter.storage.timer.join()
    limiter.reset()
