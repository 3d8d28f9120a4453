"""Facts announced after they have become true. They only wake someone; a crash may lose them."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

log = logging.getLogger(__name__)
_listeners: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def on(kind: type):
    """Call the decorated function(fact) after the commit of every fact of this kind."""

    def subscribe(listener):
        if listener not in _listeners[kind]:
            _listeners[kind].append(listener)
        return listener

    return subscribe


def publish(facts: Iterable[object]) -> None:
    """Tell every listener; one that fails never silences the next."""
    for fact in facts:
        for listener in _listeners[type(fact)]:
            try:
                listener(fact)
            except Exception:
                log.exception("%s failed on %s", listener.__qualname__, type(fact).__name__)
