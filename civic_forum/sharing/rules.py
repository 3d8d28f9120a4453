"""Faces of things: the words that stand on a picture for chats and on a poster, and their name by content."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

DRAWN_AS = 3
"""Raised with each change of the drawings, so that what was kept before is drawn anew."""
LONGEST = 300
"""Letters of a text that is drawn."""
DROPPED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "So", "Sk"))
"""Unicode categories that are left out: control and direction marks, half letters, signs and emoji. A letter that the
font does not have is drawn as an empty box."""


@dataclass(frozen=True)
class Face:
    """All that is drawn of a thing, and nothing else."""

    kind: str
    place: str
    site: str
    title: str
    figure: str
    beside: str
    left: str
    """How long something can still be done: `2일 남음`."""
    of: tuple[int, int] | None = None
    picture: str | None = None
    is_band: bool = False
    """Drawn without words, as on top of a poster."""

    @property
    def mark(self) -> str:
        """Name of the picture by its content."""
        return mark_of(asdict(self))

    def band(self) -> "Face":
        return replace(self, kind="", site="", title="", figure="", beside="", left="", is_band=True)


@dataclass(frozen=True)
class Sheet:
    """All that stands on a poster."""

    face: Face
    """Its `left` is a day, which stays true on paper."""
    sentence: str
    text: str
    missing: str
    """What is missing, in the place of the figure."""
    counted_on: str
    """On which day it was missing."""
    act: str
    address: str
    phone: str
    language: str

    @property
    def mark(self) -> str:
        """Name of the file by its content."""
        return mark_of(asdict(self))


def mark_of(facts: object) -> str:
    """The first 20 hex digits of the hash of what is drawn, in which way."""
    return sha256(json.dumps([DRAWN_AS, facts]).encode()).hexdigest()[:20]


def plain(text: str, most: int = LONGEST) -> str:
    """A text that can be drawn in one line: composed, without what is `DROPPED`, spaces single, not too long."""
    composed = unicodedata.normalize("NFC", text[:4 * most])
    kept = "".join(" " if letter.isspace() else letter for letter in composed
                   if letter.isspace() or unicodedata.category(letter) not in DROPPED)
    words = " ".join(kept.split())
    return words if len(words) <= most else words[:most - 1].rstrip() + "…"


def lines(text: str, width: float, most: int, measured: Callable[[str], float]) -> list[str]:
    """The text in at most so many lines of this width, broken between words; a word that is too long is broken inside,
    and what does not fit ends in an ellipsis."""
    finished: list[str] = []
    rest = text
    while rest:
        if len(finished) == most - 1 and measured(rest) > width:
            return [*finished, _shortened(rest, width, measured)]
        fits = _fitting(rest, width, measured)
        space = rest.rfind(" ", 0, fits + 1) if fits < len(rest) else fits
        end = space if space > 0 else fits
        finished.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return finished


def _fitting(text: str, width: float, measured: Callable[[str], float]) -> int:
    """Number of letters that fit, one at least."""
    low, high = 1, min(len(text), LONGEST)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measured(text[:middle]) <= width else (low, middle - 1)
    return low


def _shortened(text: str, width: float, measured: Callable[[str], float]) -> str:
    return text[:_fitting(text, width - measured("…"), measured)].rstrip() + "…"
