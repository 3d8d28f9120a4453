"""One forum as an iCalendar file (RFC 5545). Pure: what goes in is text, what comes out is bytes with CRLF.

Moments are in UTC, so no time zone has to be described. The UID stays, SEQUENCE rises with each edit, so a calendar
that has the forum already takes the change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

LONGEST_LINE = 75
"""Octets, without the line break."""


@dataclass(frozen=True)
class Entry:
    """Entry of a forum in a calendar."""

    uid: str
    sequence: int
    stamped_at: datetime
    """When what it says was last changed."""
    starts_at: datetime
    ends_at: datetime
    title: str
    text: str
    place: str
    url: str


def calendar(entry: Entry, made_by: str) -> bytes:
    """The whole file; `made_by` names the site (PRODID)."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{escaped(made_by)}//forums//KO", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", "BEGIN:VEVENT", f"UID:{escaped(entry.uid)}", f"SEQUENCE:{entry.sequence}",
        f"DTSTAMP:{stamp(entry.stamped_at)}", f"DTSTART:{stamp(entry.starts_at)}", f"DTEND:{stamp(entry.ends_at)}",
        f"SUMMARY:{escaped(entry.title)}", f"DESCRIPTION:{escaped(entry.text)}", f"LOCATION:{escaped(entry.place)}",
        f"URL:{_plain(entry.url)}", "STATUS:CONFIRMED", "END:VEVENT", "END:VCALENDAR"]
    return b"".join(folded(line) for line in lines)


def stamp(moment: datetime) -> str:
    """`20261211T100000Z`."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text as a value: marks of the format are marked, and no line break or control character of it stays."""
    marked = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = marked.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return _plain(lines)


def _plain(text: str) -> str:
    return "".join(one for one in text if one.isprintable())


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
