"""Entries of a calendar as a file (RFC 5545).

Moments are in UTC, so no time zone has to be described. A UID stays and SEQUENCE rises with each edit, so a calendar
that has an entry already replaces it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST_LINE = 75
"""Octets, without the line break."""


@dataclass(frozen=True)
class Entry:
    """Entry of a calendar."""

    uid: str
    sequence: int
    stamped_at: datetime
    """When what it says was last changed."""
    starts_at: datetime | date
    """A date: the whole day."""
    ends_at: datetime | None
    """None: the day, or that very moment."""
    title: str
    text: str
    place: str
    url: str
    warns: bool = False
    """The calendar reminds of it a day before."""
    cancelled: bool = False


def calendar(entries: Iterable[Entry], made_by: str, name: str = "") -> bytes:
    """The whole file; `made_by` names the site (PRODID), `name` the calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{escaped(made_by)}//KO", "CALSCALE:GREGORIAN",
             "METHOD:PUBLISH", *([f"X-WR-CALNAME:{escaped(name)}"] if name else []),
             *(line for entry in entries for line in _event(entry)), "END:VCALENDAR"]
    return b"".join(map(folded, lines))


def _event(entry: Entry) -> list[str]:
    if isinstance(entry.starts_at, datetime):
        when = [f"DTSTART:{stamp(entry.starts_at)}", *([f"DTEND:{stamp(entry.ends_at)}"] if entry.ends_at else [])]
    else:
        when = [f"DTSTART;VALUE=DATE:{entry.starts_at:%Y%m%d}",
                f"DTEND;VALUE=DATE:{entry.starts_at + timedelta(days=1):%Y%m%d}"]
    alarm = ["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-P1D", f"DESCRIPTION:{escaped(entry.title)}", "END:VALARM"]
    return ["BEGIN:VEVENT", f"UID:{escaped(entry.uid)}", f"SEQUENCE:{entry.sequence}",
            f"DTSTAMP:{stamp(entry.stamped_at)}", *when, f"SUMMARY:{escaped(entry.title)}",
            f"DESCRIPTION:{escaped(entry.text)}", f"LOCATION:{escaped(entry.place)}", f"URL:{_plain(entry.url)}",
            f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}", *(alarm if entry.warns else []), "END:VEVENT"]


def stamp(moment: datetime) -> str:
    """`20261211T100000Z`."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text as a value: marks of the format are marked, and no line break or control character of it stays."""
    marked = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = marked.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return _plain(lines)


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isprintable())


def folded(line: str) -> bytes:
    """The line in pieces of at most 75 octets, a space before each further one; no character is cut."""
    return b"\r\n ".join(_pieces(line)) + b"\r\n"


def _pieces(line: str) -> Iterable[bytes]:
    piece = b""
    room = LONGEST_LINE
    for letter in line:
        octets = letter.encode("utf-8", "replace")
        if len(piece) + len(octets) > room:
            yield piece
            piece, room = b"", LONGEST_LINE - 1
        piece += octets
    yield piece
