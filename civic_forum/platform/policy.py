"""Every permission has one name, one predicate, one reason for refusal."""

from collections.abc import Callable
from typing import Any

from .errors import Denied

Predicate = Callable[[Any, Any], str | None]
_predicates: dict[str, Predicate] = {}


def permission(name: str):
    """Register a predicate(actor, subject) answering None (yes) or the reason why not."""

    def register(predicate):
        known = _predicates.setdefault(name, predicate)
        if known is not predicate and known.__qualname__ != predicate.__qualname__:
            raise RuntimeError(f"{name} is already decided elsewhere")
        return predicate

    return register


def names() -> list[str]:
    return sorted(_predicates)


def why_not(actor, name: str, subject=None) -> str | None:
    return _predicates[name](actor, subject)


def can(actor, name: str, subject=None) -> bool:
    return why_not(actor, name, subject) is None


def require(actor, predicate: Predicate, subject=None) -> None:
    """Raise Denied with the reason unless the predicate says yes."""
    if reason := predicate(actor, subject):
        raise Denied(reason)
