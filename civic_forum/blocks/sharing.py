"""Things that people pass on: their preview in a chat, a poster, and the days of theirs for a calendar.

A kind with the capability `Shared` says in one `Preview` what is public of a thing now; `civic_forum.sharing` draws it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property

from flask import current_app

from civic_forum.platform.calendar_file import Entry
from civic_forum.platform.i18n import end_of, last_day, local

from .kinds import Capability, Ref


@dataclass(frozen=True)
class Day:
    """A day or a moment that people may put into their calendars."""

    key: str
    """Its own among those of the thing, so that a calendar knows it again."""
    title: str
    at: datetime | date
    ends: datetime | None = None
    """None: a day, or a deadline; one at midnight is the end of the day before."""
    place: str = ""
    begins: bool = False
    """Something begins then: no deadline."""
    cancelled: bool = False

    @cached_property
    def starts(self) -> datetime | date:
        """A midnight without an end is a whole day; of a deadline the day that it ends."""
        if not isinstance(self.at, datetime) or self.ends is not None or local(self.at).time() != time():
            return self.at
        return local(self.at).date() if self.begins else last_day(self.at)

    @cached_property
    def dates(self) -> tuple[date, date]:
        """The first and the last date on which it is."""
        first = local(self.starts).date() if isinstance(self.starts, datetime) else self.starts
        return first, last_day(self.ends) if self.ends else first

    @property
    def moment(self) -> datetime:
        """Moment at which it begins, or is over as a deadline."""
        return self.at if isinstance(self.at, datetime) else end_of(self.at)

    def entry(self, ref: Ref, version: int, since: datetime, url: str, sentence: str = "") -> Entry:
        """As a calendar keeps it, found again by its thing and key; `url` below that of the site."""
        site = str(current_app.config["URL"]).rstrip("/")
        key = "-".join(filter(None, (ref.kind, str(ref.id), self.key)))
        return Entry(
            uid=f"{key}@{site.partition('://')[2] or 'localhost'}", sequence=version, stamped_at=since,
            starts_at=self.starts, ends_at=self.ends, title=self.title, text=f"{sentence}\n{site}{url}".strip(),
            place=self.place, url=site + url, warns=not self.begins and not self.cancelled, cancelled=self.cancelled)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A thing in a few words, as anybody may read it."""

    name: str
    """The last part of its address below that of its kind (`Shared.place`)."""
    url: str
    """Of its own page, below that of the site."""
    title: str
    sentence: str
    """What can be done, or what came of it."""
    figure: str
    """The one number or word that counts."""
    beside: str = ""
    """Smaller, behind the figure: `/ 20명`."""
    missing: str = ""
    """What is missing, in large on a poster: `9명만 더`."""
    goal: str = ""
    """Consequence of the goal, below it in place of the sentence, without that number: `20명이 공감하면 구청이 답해요.`"""
    of: tuple[int, int] | None = None
    """How many of how many."""
    until: datetime | None = None
    """While something can be done: until when."""
    text: str = ""
    """Its first words."""
    act: str = ""
    """What somebody with a phone does at the poster."""
    sign: str = ""
    """Sign that is drawn in the place of that of its kind."""
    word: str = ""
    """Name for one of these, other than that of its kind."""
    picture: str | None = None
    """Digest of the picture of the thing."""
    version: int = 1
    since: datetime
    days: tuple[Day, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shared(Capability):
    """People pass it on."""

    place: str
    """As the addresses of sharing call these: `proposals`."""
    preview: Callable[[int], Preview | None]
    """By id, read by statements alone; None where nobody passes it on: not public, hidden, withdrawn, a rehearsal."""
