"""Counts of limits in Redis, and in this process while Redis does not answer."""

import logging
import time
from typing import Any

from limits.storage import MemoryStorage, RedisStorage
from limits.storage.base import MovingWindowSupport, Storage
from redis import RedisError

log = logging.getLogger(__name__)
PREFIX = "fallback+"
PAUSE_S = 2.0
"""So long nobody asks a Redis that did not answer; then one request tries it."""


class FallbackStorage(Storage, MovingWindowSupport):
    """Storage of `limits` that raises nothing while Redis is frozen or away: every request that waits for it, however
    many do, is counted here."""

    STORAGE_SCHEME = [PREFIX + scheme for scheme in RedisStorage.STORAGE_SCHEME]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions)
        self.there, self.here = RedisStorage(uri.removeprefix(PREFIX), **options), MemoryStorage()
        self.away_until: float | None = None

    @property
    def base_exceptions(self) -> type[Exception]:
        return RedisError

    def _ask(self, name: str, *arguments: Any) -> Any:
        now = time.monotonic()
        if self.away_until is not None:
            if now < self.away_until:
                return getattr(self.here, name)(*arguments)
            self.away_until = now + PAUSE_S
        try:
            answer = getattr(self.there, name)(*arguments)
        except RedisError as away:
            if self.away_until is None:
                log.warning("limits are counted in this process: %s", type(away).__name__)
            self.away_until = time.monotonic() + PAUSE_S
            return getattr(self.here, name)(*arguments)
        if self.away_until is not None:
            self.away_until = None
            log.warning("limits are counted in Redis again")
        return answer

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return int(self._ask("incr", key, expiry, amount))

    def get(self, key: str) -> int:
        return int(self._ask("get", key))

    def get_expiry(self, key: str) -> float:
        return float(self._ask("get_expiry", key))

    def check(self) -> bool:
        return bool(self._ask("check"))

    def reset(self) -> int | None:
        self.here.reset()
        return self._ask("reset")

    def clear(self, key: str) -> None:
        self._ask("clear", key)

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        return bool(self._ask("acquire_entry", key, limit, expiry, amount))

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        at, count = self._ask("get_moving_window", key, limit, expiry)
        return float(at), int(count)
