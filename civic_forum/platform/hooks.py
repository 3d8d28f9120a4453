"""Handlers of facts inside the same transaction: for what must not be lost.

A listener gets the fact and the session, and may add rows; it never commits. A failing
listener fails the use-case.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from .events import subscribing

_listeners: dict[type, list[Callable[[Any, Session], None]]] = defaultdict(list)


on = subscribing(_listeners)
"""Call the decorated function(fact, session) for every fact of this kind."""


def run(fact: object, session) -> None:
    for listener in _listeners[type(fact)]:
        listener(fact, session)
