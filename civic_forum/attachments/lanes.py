"""Turns of the processes that read files: one at a time large ones, and beside them one at a time small ones.

So a small picture never waits for a large one, and a file that takes long only holds up its own lane. Whoever would
wait too long is told so at once; one account never fills a lane.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from civic_forum.platform.errors import TooMany, Unavailable
from civic_forum.platform.i18n import _

AGAIN_S = 10


class Lane:
    def __init__(self, most: int, most_of_one: int, patience_s: int):
        """So many files at most that wait or are read, so many of one account, and for how long one waits."""
        self._most, self._most_of_one, self._patience_s = most, most_of_one, patience_s
        self._turn = threading.Semaphore(1)
        self._there: Counter[int | None] = Counter()

    @contextmanager
    def turn(self, whose: int | None) -> Iterator[None]:
        """The lane for one file of this account; raises TooMany or Unavailable, with when to try again."""
        if whose is not None and self._there[whose] >= self._most_of_one:
            raise TooMany(_("앞에 보낸 파일을 아직 읽고 있어요. 다 올라간 뒤에 다시 올려 주세요."), retry_after=AGAIN_S)
        if self._there.total() >= self._most:
            raise _busy()
        self._there[whose] += 1
        try:
            if not self._turn.acquire(timeout=self._patience_s):
                raise _busy()
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._there[whose] -= 1
            self._there += Counter()  # forget who is not there any more


def _busy() -> Unavailable:
    return Unavailable(_("지금은 올리는 파일이 많아요. 저장되지 않았으니 잠시 뒤에 다시 올려 주세요."), retry_after=AGAIN_S)


SMALL = Lane(most=40, most_of_one=5, patience_s=20)
LARGE = Lane(most=8, most_of_one=3, patience_s=20)
