"""A forum before it begins: its parts, what it still misses, how its programme fits its time, what may be embedded."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
    gaps = []
    if times.ends_at <= now or why_not_times(times):
        gaps.append(Missing.TIMES)
    if items == 0:
        gaps.append(Missing.PROGRAMME)
    if hosts == 0:
        gaps.append(Missing.HOST)
    if times.on_site_places + times.online_places == 0:
        gaps.append(Missing.PLACES)
    if not recording_note:
        gaps.append(Missing.RECORDING)
    return gaps


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
    host, path = parts.hostname, [segment for segment in parts.path.split("/") if segment]
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
    return parts if fits and not any(letter.isspace() for letter in url) else None
