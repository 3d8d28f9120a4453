"""Pieces of a forum's page that are drawn again when something happens: one template each, for page and socket alike.

Each subject's module registers who draws what its events are about. Pieces are the same for everybody; what is
personal is marked by the page itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .models import Forum, ForumEvent
from .rules import ForumEventKind

_drawers: dict[str, "Callable[[Forum, list[ForumEvent]], list[Patch]]"] = {}
ABOUTS = frozenset(kind.about for kind in ForumEventKind)


@dataclass(frozen=True)
class Patch:
    """A piece as it is now, and where it stands on the page."""

    id: str
    """Of the element: `question-12`. Elsewhere on the page it is replaced."""
    html: str = ""
    """Empty: it is taken away."""
    into: str | None = None
    """The list that gets it where the page does not have it yet; None: then it is left out."""
    where: str = "end"
    """`start` or `end` of that list."""
    table_id: int | None = None
    """Only for this table and those who run the forum."""


def draws(about: str):
    """Register a function(forum, events of this kind) → list of Patch, in the language that is being spoken."""
    if about not in ABOUTS:
        raise RuntimeError(f"nothing that happens is about {about}")

    def register(drawer):
        _drawers[about] = drawer
        return drawer

    return register


def puts(forum: Forum, events: Iterable[ForumEvent]) -> list[Patch]:
    """Patches of the page after these events: each piece once, in the order of the first event."""
    grouped: dict[str, list[ForumEvent]] = {}
    for event in events:
        grouped.setdefault(event.kind.about, []).append(event)
    drawn = {put.id: put for about, of_it in grouped.items() if about in _drawers
             for put in _drawers[about](forum, of_it)}
    return list(drawn.values())
