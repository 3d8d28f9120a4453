"""Delays of new connections from an address: one after another, and later for each that broke the rules.

What a socket may do is bounded while it is open; that whoever is thrown out comes back at once is bounded here. Nobody
is shut out for it: a whole hall may be one address. So who breaks the rules costs the address a moment, as long as that
of ten who come, and does not slow down everybody.
"""

import time

EACH_S, BROKEN_S = 0.01, 0.1
"""Between two who come in; so much more for each that broke the rules."""
PATIENCE_S = 5.0
"""Who would wait longer is sent away, and tries again; pages ask for the list meanwhile. Broken rules cost no more."""
MOST = 1000
"""Addresses that are remembered."""


class ConnectionThrottle:
    """By address: when the next one may come in."""

    def __init__(self):
        self.next_at: dict[str, float] = {}

    def broke(self, address: str) -> None:
        """Somebody from there broke the rules."""
        now = time.monotonic()
        free_at = max(now, self.next_at.get(address, 0.0))
        self.next_at[address] = max(free_at, min(free_at + BROKEN_S, now + PATIENCE_S))
        self._forget()

    def turn(self, address: str) -> float | None:
        """In how many seconds whoever comes now may come in; None: too many wait."""
        now = time.monotonic()
        wait = max(0.0, self.next_at.get(address, 0.0) - now)
        if wait > PATIENCE_S:
            return None
        self.next_at[address] = now + wait + EACH_S
        self._forget()
        return wait

    def _forget(self) -> None:
        """Drop those that are longest over, when there are too many."""
        if len(self.next_at) > MOST:
            for address in sorted(self.next_at, key=self.next_at.__getitem__)[:MOST // 2]:
                del self.next_at[address]
