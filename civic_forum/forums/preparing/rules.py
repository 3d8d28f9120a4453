"""A forum before it begins: its parts, what it still misses, how its programme fits its time, what may be embedded, and
its entry in a calendar (RFC 5545).

Moments are in UTC, so no time zone has to be described. The UID stays, SEQUENCE rises with each edit, so a calendar
that has the forum already takes the change.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, urlsplit

from civic_forum.blocks import slugs

from ..rules import RESERVED

SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=12)
OPENS_BEFORE = timedelta(hours=1)
"""So long before its time a forum may be opened."""
MOST_PLACES = 100_000
MOST_ITEMS, MOST_MINUTES = 40, 600
MOST_DUTIES = 60
MOST_OFFERED, LONGEST_OFFER = 12, 60


def slug_fits(slug: str) -> bool:
    """True if a forum may have this address: no page of the site has it."""
    return slugs.fits(slug, reserved=RESERVED)


class ForumTimes(Protocol):
    """Times and places of a forum."""

    starts_at: datetime
    ends_at: datetime
    on_site_places: int
    online_places: int
    registration_from: datetime | None
    registration_to: datetime | None


class BadTimes(StrEnum):
    """Reason why the times of a forum do not fit together."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    REGISTRATION_BACKWARDS = "registration_backwards"
    REGISTRATION_AFTER_END = "registration_after_end"


def why_not_times(times: ForumTimes) -> BadTimes | None:
    """The first thing that does not fit, or None."""
    if times.ends_at - times.starts_at < SHORTEST:
        return BadTimes.TOO_SHORT
    if times.ends_at - times.starts_at > LONGEST:
        return BadTimes.TOO_LONG
    first, last = times.registration_from, times.registration_to
    if first and last and first >= last:
        return BadTimes.REGISTRATION_BACKWARDS
    if (first or times.starts_at) > times.ends_at or (last or times.starts_at) > times.ends_at:
        return BadTimes.REGISTRATION_AFTER_END
    return None


class Missing(StrEnum):
    """Parts that a forum needs before it can be announced."""

    PROGRAMME = "programme"
    HOST = "host"
    PLACES = "places"
    RECORDING = "recording"
    TIMES = "times"


def missing(times: ForumTimes, *, items: int, hosts: int, recording_note: str | None, now: datetime) -> list[Missing]:
    """In the order in which the page lists them."""
    found = []
    if times.ends_at <= now or why_not_times(times):
        found.append(Missing.TIMES)
    if items == 0:
        found.append(Missing.PROGRAMME)
    if hosts == 0:
        found.append(Missing.HOST)
    if times.on_site_places + times.online_places == 0:
        found.append(Missing.PLACES)
    if not recording_note:
        found.append(Missing.RECORDING)
    return found


@dataclass(frozen=True)
class Fit:
    """Fit of the programme into the time of the forum, in minutes."""

    planned: int
    there: int

    @property
    def too_long(self) -> int:
        """By so many minutes the programme goes past the end."""
        return max(0, self.planned - self.there)

    @property
    def left(self) -> int:
        """So many minutes have no item."""
        return max(0, self.there - self.planned)


def fit(starts_at: datetime, ends_at: datetime, minutes: Iterable[int]) -> Fit:
    return Fit(sum(minutes), int((ends_at - starts_at).total_seconds()) // 60)


def planned(starts_at: datetime, minutes: Sequence[int]) -> list[tuple[datetime, datetime]]:
    """Planned begin and end of each item: one follows the other."""
    times, at = [], starts_at
    for length in minutes:
        times.append((at, at := at + timedelta(minutes=length)))
    return times


@dataclass(frozen=True)
class Embed:
    """An address on a page: a frame of a host that is allowed, or a link to any other; neither where it is no address
    but a sentence that stands for one."""

    frame: str | None = None
    link: str | None = None


FRAME_HOSTS = ("https://www.youtube-nocookie.com", "https://tv.naver.com", "https://play-tv.kakao.com")
"""Whose pages may stand in a frame of ours."""
VIDEO = re.compile(r"[A-Za-z0-9_-]{6,20}")
CLIP = re.compile(r"[0-9]{1,15}")
YOUTUBE = frozenset(("youtube.com", "www.youtube.com", "m.youtube.com", "www.youtube-nocookie.com"))


def embed(url: str | None) -> Embed | None:
    """Form in which this address is shown; None where there is none. Frames are written anew from the number of the
    video alone, so that nothing else of what was typed gets into them."""
    if not url:
        return None
    parts = address(url)
    if parts is None:
        return Embed()
    host, path = parts.hostname, [one for one in parts.path.split("/") if one]
    if host == "youtu.be" and len(path) == 1:
        return _frame(url, "https://www.youtube-nocookie.com/embed/", path[0], VIDEO)
    if host in YOUTUBE and path == ["watch"]:
        return _frame(url, "https://www.youtube-nocookie.com/embed/", parse_qs(parts.query).get("v", [""])[0], VIDEO)
    if host in YOUTUBE and len(path) == 2 and path[0] in ("live", "embed"):
        return _frame(url, "https://www.youtube-nocookie.com/embed/", path[1], VIDEO)
    if host == "tv.naver.com" and len(path) == 2 and path[0] in ("v", "embed"):
        return _frame(url, "https://tv.naver.com/embed/", path[1], CLIP)
    if host == "tv.kakao.com" and path[:1] == ["v"] and len(path) == 2:
        return _frame(url, "https://play-tv.kakao.com/embed/player/cliplink/", path[1], CLIP)
    return Embed(link=url)


def _frame(url: str, before: str, name: str, pattern: re.Pattern[str]) -> Embed:
    return Embed(frame=before + name) if pattern.fullmatch(name) else Embed(link=url)


def address(url: str) -> SplitResult | None:
    """The parts of an https address without a name or a space in it; None for anything else."""
    try:
        parts = urlsplit(url)
        fits = (parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
                and (parts.port or 443) > 0)
    except ValueError:
        return None
    return parts if fits and not any(one.isspace() for one in url) else None


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
