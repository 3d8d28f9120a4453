"""Entries of the first page: all that people can take part in now, and the tasks of somebody who is signed in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from civic_forum.platform import clock


@dataclass(frozen=True, slots=True)
class Current:
    """Something in which people take part now or soon, as a card."""

    url: str
    title: str
    about: str
    """One line."""
    icon: str
    """Kind or category whose sign stands where there is no picture (templates/parts/cards.html)."""
    label: str
    """The state in a word."""
    action: str
    """Of its button."""
    act: str = ""
    """'vote' or 'talk' for the numbers of the tiles."""
    is_live: bool = False
    is_open: bool = False
    """People can act at this moment."""
    until: datetime | None = None
    """Its end, or its beginning while it is to come."""
    left: str = ""
    figure: str = ""
    figure_about: str = ""
    at: str = ""
    """A day or a span in words."""
    picture: str | None = None
    """Key of an attachment that everybody may see."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for one reader, with its button."""

    url: str
    title: str
    about: str
    action: str
    label: str
    icon: str
    tone: str = ""
    until: datetime | None = None


Card = TypeVar("Card")
FAR = timedelta(days=36_500)


def pressing(cards: Iterable[Current], now: datetime) -> list[Current]:
    """Cards that are live, then those that are open, then those to come; the next moment of each on top."""
    return sorted(cards, key=lambda card: (not card.is_live, not card.is_open, card.until or now + FAR))


MOST_AHEAD = 50
"""Things that a first page looks through for those that are open."""


def open_among(there: Sequence[Card], now: datetime, times: Callable[[Card], Any] = lambda thing: thing) -> list[Card]:
    """Those that are open, of at most MOST_AHEAD that were not over at `clock.plain(now)`."""
    clock.until(*(times(thing).closes_at for thing in there))
    if len(there) >= MOST_AHEAD:  # one of those beyond may be the next to open
        clock.until(clock.end_of_minute(clock.plain(now)))
    return [thing for thing in there if times(thing).opens_at <= now]


def filled(cards: Sequence[Card], fill: Sequence[Card], most: int) -> list[Card]:
    """The first of these cards; a lone one gets company from the next list, as far as there is any."""
    return [*cards[:most], *fill[:1]] if len(cards) == 1 else list(cards[:most])
