"""Facts announced after they have become true. They only wake someone; a crash may lose them."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

log = logging.getLogger(__name__)
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def subscribing(listeners: dict[type, list[Any]]):
    """Decorator for listeners to a kind of facts: each is kept once."""

    def on(kind: type):
        def subscribe(listener):
            if listener not in listeners[kind]:
                listeners[kind].append(listener)
            return listener

        return subscribe

    return on


on = subscribing(_listeners)
"""Call the decorated function(fact) after the commit of every fact of this kind."""


def publish(facts: Iterable[object]) -> None:
    """Tell every listener; one that fails never silences the next."""
    for fact in facts:
        for listener in _listeners[type(fact)]:
            try:
                listener(fact)
            except Exception:
                log.exception("%s failed on %s", listener.__qualname__, type(fact).__name__)
