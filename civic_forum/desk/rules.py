"""First day of a site: what is left until its first poll; lists of names as typed; state of the machine. Pure."""

import csv
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from civic_forum.ballots.officers.rules import LEAST
from civic_forum.platform import plain_text

TWO = 2
"""Administrators without whom nothing of a vote is decided."""


class Step(StrEnum):
    """Step of the first day, in the order in which they are offered."""

    SECOND_FACTOR = "second_factor"
    ADMINISTRATOR = "administrator"
    NAMES = "names"
    PRIVACY = "privacy"
    NEIGHBOURHOODS = "neighbourhoods"
    DEPARTMENTS = "departments"
    CATEGORIES = "categories"
    CLERK = "clerk"
    MODERATOR = "moderator"
    OFFICERS = "officers"
    OBSERVER = "observer"
    POLL = "poll"


@dataclass(frozen=True, kw_only=True)
class FirstDay:
    """Facts on which the steps depend, as they are now."""

    administrators: int
    """Those who can act: with a second factor."""
    is_named: bool
    names_privacy_officer: bool
    neighbourhoods: int
    departments: int
    categories: int
    """Those with a department."""
    clerks: int
    moderators: int
    officers: int
    """Granted, in force or not yet."""
    officers_from: datetime | None
    """Moment to come from which enough of them are in force."""
    observers: int
    polls: int
    """Announced."""

    @property
    def left(self) -> list[Step]:
        """Steps that are not done."""
        return [step for step, is_done in _DONE.items() if not is_done(self)]

    def next_step(self, waits: Collection[Step] = ()) -> Step | None:
        """The first that somebody can do something about: officers and decisions that wait for their day are waited
        for."""
        return next((step for step in self.left if step not in waits and (
            step is not Step.OFFICERS or self.officers_from is None)), None)

    def opens_from(self, earliest: datetime) -> datetime | None:
        """Moment from which the first poll can open: `earliest` is that for officers granted now. None: now."""
        return self.officers_from or (earliest if Step.OFFICERS in self.left else None)


_DONE: dict[Step, Callable[[FirstDay], bool]] = {
    Step.SECOND_FACTOR: lambda day: day.administrators > 0,
    Step.ADMINISTRATOR: lambda day: day.administrators >= TWO,
    Step.NAMES: lambda day: day.is_named,
    Step.PRIVACY: lambda day: day.names_privacy_officer,
    Step.NEIGHBOURHOODS: lambda day: day.neighbourhoods > 0,
    Step.DEPARTMENTS: lambda day: day.departments > 0,
    Step.CATEGORIES: lambda day: day.categories > 0,
    Step.CLERK: lambda day: day.clerks > 0,
    Step.MODERATOR: lambda day: day.moderators > 0,
    Step.OFFICERS: lambda day: day.officers >= LEAST and day.officers_from is None,
    Step.OBSERVER: lambda day: day.observers > 0,
    Step.POLL: lambda day: day.polls > 0,
}


SEPARATORS = "\t|,"
"""Of two columns; the first of these that a line has counts."""
LONGEST_LINE = 1000
"""So much of a line is read; no name is as long."""


def typed_names(text: str) -> dict[int, tuple[str, str]]:
    """Korean and English name of each line that has something, by its number from 1; the English one stands behind a
    tab, comma or bar, as two columns of a table are pasted, and is the Korean one where there is none."""
    names = {}
    for number, line in enumerate(text.split("\n"), 1):
        separator = next((mark for mark in SEPARATORS if mark in line), ",")
        cells = next(csv.reader([line[:LONGEST_LINE]], delimiter=separator), ())
        korean, *english = map(plain_text.clean, (*cells, ""))
        if line.strip():
            names[number] = korean, ", ".join(filter(None, english)) or korean
    return names


class Sign(StrEnum):
    """State of a part of the machine, the gravest first. Not known is never good."""

    BAD = "bad"
    UNKNOWN = "unknown"
    WATCH = "watch"
    GOOD = "good"
    UNUSED = "unused"


class Part(StrEnum):
    """Part of the machine; of two that are bad, the one above is mended first."""

    DECISIONS = "decisions"
    DATABASE = "database"
    KEYS = "keys"
    DISK = "disk"
    WORKER = "worker"
    BACKUP = "backup"
    MAIL = "mail"
    ADDRESS = "address"
    SMS = "sms"
    PROVIDERS = "providers"
    REDIS = "redis"


class Finding(NamedTuple):
    """A part as it is now, with sentences on it."""

    part: Part
    sign: Sign
    facts: tuple[str, ...]


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (list(Sign).index(finding.sign), list(Part).index(finding.part)))


QUIET = timedelta(days=7)
"""After so long without a letter nobody knows whether one would leave."""


def sign_of_letters(sent_at: datetime | None, failed_at: datetime | None, now: datetime) -> Sign:
    """`failed_at`: last try in vain of a letter that still waits."""
    if failed_at and (sent_at is None or sent_at < failed_at):
        return Sign.BAD
    return Sign.GOOD if sent_at and now - sent_at <= QUIET else Sign.UNKNOWN


def sign_of_age(age: timedelta, *, watch: timedelta, bad: timedelta) -> Sign:
    return Sign.BAD if age > bad else Sign.WATCH if age > watch else Sign.GOOD
