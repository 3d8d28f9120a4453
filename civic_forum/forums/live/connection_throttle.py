"""Delays of new connections from an address, where somebody broke the rules a short while ago.

What a socket may do is bounded while it is open; that whoever is thrown out comes back at once is bounded here. Nobody
is shut out for it: a whole hall may be one address.
"""

import time

EACH_S, SLOW_EACH_S = 0.01, 0.1
"""Between two who come in; the second where somebody broke the rules."""
SLOW_S = 30.0
"""So long after the last time."""
PATIENCE_S = 5.0
"""Who would wait longer is sent away, and tries again; pages ask for the list meanwhile."""
MOST = 1000
"""Addresses that are remembered."""


class ConnectionThrottle:
    """By address: when the next one may come in, and until when it is slow."""

    def __init__(self):
        self.next_at: dict[str, float] = {}
        self.slow_until: dict[str, float] = {}

    def broke(self, address: str) -> None:
        """Somebody from there broke the rules."""
        self.slow_until[address] = time.monotonic() + SLOW_S
        forget(self.slow_until)

    def turn(self, address: str) -> float | None:
        """In how many seconds whoever comes now may come in; None: too many wait."""
        now = time.monotonic()
        wait = max(0.0, self.next_at.get(address, 0.0) - now)
        if wait > PATIENCE_S:
            return None
        self.next_at[address] = now + wait + (SLOW_EACH_S if self.slow_until.get(address, 0.0) > now else EACH_S)
        forget(self.next_at)
        return wait


def forget(times: dict[str, float]) -> None:
    """Those that are longest over, when there are too many."""
    if len(times) > MOST:
        for address in sorted(times, key=times.__getitem__)[:MOST // 2]:
            times.pop(address, None)
