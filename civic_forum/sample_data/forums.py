"""The forums of the sample district: one of 2020 with its whole record, one that is live now, one that is announced."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.forums.models import Forum
from civic_forum.forums import queries as forums
from civic_forum.forums.preparing import services as preparing
from civic_forum.forums.preparing.process import ITEMS, PROCESS
from civic_forum.forums.preparing.parts import Access, Item, Times, Wording
from civic_forum.forums.rules import Duty
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.platform.work import use_case

from . import forum_live, forum_past
from .people import Crowd, Newcomer, read
from .pictures import night_map
from .timeline import TimelineEvent

GUESTS = 50
"""Accounts that take part in forums and do nothing else: those who speak in them, and some who only listen."""
JOINED_DAYS_AGO = 25
RECORDING = "발표 화면과 소리만 녹화해요. 얼굴은 동의한 분만 나오고, 동의하지 않은 분의 말은 글로만 남겨요."
AFTER_ALL = 300_000
"""At the same moment forums come after everything else."""


def entries() -> list[dict]:
    return read("forums")["forums"]


def guests(loaded: datetime) -> list[Newcomer]:
    """Accounts of those who speak at the live forum and ask beforehand at the next; named as they are there."""
    known = {one["nickname"] for one in read("people")} | {one["name"] for one in read("people")}
    _past, live, coming = entries()
    names = [one["name"] for part in ("turns", "queue", "chat") for one in live[part]]
    names += [one["by"] for one in (*live["questions"], *coming["questions_beforehand"])]
    names = [name for name in dict.fromkeys(names) if name not in known]
    names += [f"가산동 손님 {number}" for number in range(len(names) + 1, GUESTS + 1)]
    joined = loaded - timedelta(days=JOINED_DAYS_AGO)
    return [Newcomer(joined + timedelta(minutes=number), {
        "name": f"guest{number:03d}", "nickname": name, "neighbourhood": "가산동", "email": None, "language": "ko",
        "roles": [], "age_band": "30s", "affiliations": [{"kind": "work", "verified": None, "neighbourhood": "가산동"}],
    }, loaded) for number, name in enumerate(names, 1)]


@dataclass
class Hall:
    """People who are there: accounts by sign-in name and by nickname."""

    loaded: datetime
    people: Crowd
    guests: list[str]
    ids: dict[str, int] = field(default_factory=dict)

    def read(self) -> None:
        """Once everybody has joined."""
        for number, name, nickname in db.session.execute(sa.select(User.id, User.sign_in_name, User.nickname)):
            self.ids[name] = number
            self.ids.setdefault(nickname, number)

    def moment(self, at: str | dict) -> datetime:
        """`{"minutes"}` from the loading, `{"days", "time"}` from its day, or a moment as it is."""
        if isinstance(at, str):
            return datetime.fromisoformat(at)
        if "minutes" in at:
            return self.loaded + timedelta(minutes=at["minutes"])
        day = self.loaded.astimezone(SEOUL).date() + timedelta(days=at["days"])
        return datetime.combine(day, time.fromisoformat(at["time"]), SEOUL)

    def crowd(self, what: str, count: int, but: set[int] = frozenset()) -> list[int]:
        """Ids of so many people who come to it, always the same for the same thing."""
        names = self.guests + self.people.some(what, len(self.people.joined), self.loaded, but="")
        return [number for name in names if (number := self.ids[name]) not in but][:count]


def happenings(joining: list[Newcomer], loaded: datetime, there: Crowd) -> Iterator[TimelineEvent]:
    """Each forum is made and announced at its time; what happened at it is written down at once afterwards."""
    hall = Hall(loaded, there, [one.entry["name"] for one in joining if one.entry["name"].startswith("guest")])
    past, live, coming = entries()
    signed = datetime.fromisoformat(past["minutes"]["versions"][-1]["at"])
    yield TimelineEvent(signed, AFTER_ALL, lambda: _written(past["slug"], hall, past, forum_past.write))
    yield from _prepared(live, hall, loaded - timedelta(days=8))
    yield from _prepared(coming, hall, loaded - timedelta(days=6))
    for number, (entry, what) in enumerate(((live, forum_live.write), (coming, forum_live.write_announced)), 1):
        yield TimelineEvent(loaded - timedelta(seconds=90), AFTER_ALL + number,
                        lambda entry=entry, what=what: _written(entry["slug"], hall, entry, what))


def _written(slug: str, hall: Hall, entry: dict, what) -> None:
    hall.read()
    with use_case(None) as work:
        forum = forums.slugged(slug)
        what(work, forum and forums.locked(forum.id), hall, entry)
        work.record("sample_data.forum", f"forum:{slug}")


def _prepared(entry: dict, hall: Hall, at: datetime) -> Iterator[TimelineEvent]:
    """Made by a moderator through the services, and announced an hour later."""
    yield TimelineEvent(at, AFTER_ALL, lambda: _make(entry, hall))
    yield TimelineEvent(at + timedelta(hours=1), AFTER_ALL, lambda: PROCESS.announce(
        forums.by_slug(entry["slug"]).id, by=hall.people.user(entry["roles"]["host"])))


def _make(entry: dict, hall: Hall) -> None:
    host, roles = entry["roles"]["host"], entry["roles"]

    def by() -> User:
        return hall.people.user(host)

    registration = {name: hall.moment(at) for name, at in (entry.get("registration") or {}).items()
                    if name in ("opens_at", "closes_at")}
    agenda = entry.get("about_agenda")
    forum = preparing.create(
        entry["slug"], Wording(entry["title"], entry["agenda"], entry["programme_name"],
                               about=("agenda", agenda) if agenda else None),
        Times(entry["place"], hall.moment(entry["starts_at"]), hall.moment(entry["ends_at"]), entry["max_on_site"],
              entry["max_online"], registration.get("opens_at"), registration.get("closes_at")), by=by())
    number = forum.id

    def version() -> int:
        return db.session.get_one(Forum, number).version

    offered = entry["accessibility"]
    note = None if isinstance(offered, list) else offered["deadline_note"]
    words = tuple(offered if isinstance(offered, list) else offered["offered"])
    PROCESS.write(number, Access(words, note, RECORDING), version=version(), by=by())
    for item in entry["programme"]:
        ITEMS.add(number, Item(item["title"], item["minutes"]), version=version(), by=by())
    for duty in (Duty.HOST, Duty.CAPTIONER):
        preparing.appoint(number, duty, sign_in_name=roles[duty], version=version(), by=by())
    preparing.appoint(number, Duty.INTERPRETER, name=roles["interpreter"], version=version(), by=by())
    for one in entry.get("documents", ()):
        if "alt" in one:
            preparing.add_document(number, night_map(), f"{one['title']}: {one['alt']}", version=version(),
                                   by=by())
    known = {one.entry["nickname"]: one.entry["name"] for one in guests(hall.loaded)}
    for name in roles["panel"]:
        there = {"sign_in_name": known[name]} if name in known else {"name": name}
        preparing.appoint(number, Duty.PANEL, **there, version=version(), by=by())
