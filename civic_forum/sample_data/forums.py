"""The forums of the sample district: one of 2020 with its whole record, one that is live now, one that is announced;
steps/forums.json says when."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.forums import queries as forums
from civic_forum.forums.models import Forum
from civic_forum.forums.preparing import services as preparing
from civic_forum.forums.preparing.process import DOCUMENTS, ITEMS, PROCESS
from civic_forum.forums.preparing.parts import Access, Holder, Item, Times, Wording
from civic_forum.forums.rules import Duty, Form
from civic_forum.platform.base import db
from civic_forum.platform.work import Work, use_case

from . import forum_live, forum_past
from .people import Newcomer, read
from .timeline import resolved

if TYPE_CHECKING:
    from .steps import Script

moment = datetime.fromisoformat

GUESTS = 50
"""Accounts that take part in forums and do nothing else: those who speak in them, and some who only listen."""
JOINED_DAYS_AGO = 25


def entries() -> dict[str, dict]:
    """State of a sample forum → its entry: `finished`, `live` and `announced`."""
    return {forum["state"]: forum for forum in read("forums")["forums"]}


def guests(loaded: datetime) -> list[Newcomer]:
    """Accounts of those who speak at the live forum and ask beforehand at the next; named as they are there."""
    known = {person["nickname"] for person in read("people")} | {person["name"] for person in read("people")}
    live, coming = (entries()[state] for state in ("live", "announced"))
    names = [speaker["name"] for part in ("turns", "queue", "chat") for speaker in live[part]]
    names += [question["by"] for question in (*live["questions"], *coming["questions_beforehand"])]
    names = [name for name in dict.fromkeys(names) if name not in known]
    names += [f"가산동 손님 {number}" for number in range(len(names) + 1, GUESTS + 1)]
    joined = loaded - timedelta(days=JOINED_DAYS_AGO)
    return [Newcomer(joined + timedelta(minutes=number), {
        "name": f"guest{number:03d}", "nickname": name, "neighbourhood": "가산동", "email": None, "language": "ko",
        "roles": [], "age_band": "30s", "affiliations": [{"kind": "work", "verified": None, "neighbourhood": "가산동"}],
    }, loaded) for number, name in enumerate(names, 1)]


class Hall:
    """People who are there: accounts by sign-in name and by nickname."""

    def __init__(self, script: "Script"):
        self.loaded, self.people = script.loaded, script.people
        self.ids: dict[str, int] = {}
        for number, name, nickname in db.session.execute(sa.select(User.id, User.sign_in_name, User.nickname)):
            self.ids[name] = number
            self.ids.setdefault(nickname, number)

    def crowd(self, what: str, count: int, but: Collection[int] = frozenset()) -> list[int]:
        """Ids of so many people who come to it, always the same for the same thing."""
        names = [guest.entry["name"] for guest in guests(self.loaded)]
        names += self.people.some(what, len(self.people.joined), self.loaded, but="")
        return [number for name in names if (number := self.ids[name]) not in but][:count]


def record(slug: str, *, script: "Script") -> None:
    """A forum that is over, with everything that is in its record."""
    with _writing(slug, script) as (work, hall, entry):
        forum_past.write(work, hall, entry)


def hold(slug: str, *, script: "Script") -> None:
    """A forum that is live, with everything that has happened so far."""
    with _writing(slug, script) as (work, hall, entry):
        forum_live.write(work, forums.locked(forums.by_slug(slug).id), hall, entry)


def register(slug: str, *, script: "Script") -> None:
    """People registering for a forum, and asking beforehand."""
    with _writing(slug, script) as (work, hall, entry):
        forum_live.write_announced(work, forums.locked(forums.by_slug(slug).id), hall, entry)


@contextmanager
def _writing(slug: str, script: "Script") -> Iterator[tuple[Work, Hall, dict]]:
    with use_case(None) as work:
        yield work, Hall(script), _entry(slug, script)
        work.record("sample_data.forum", f"forum:{slug}")


def _entry(slug: str, script: "Script") -> dict:
    return resolved(next(entry for entry in entries().values() if entry["slug"] == slug), script.loaded)


def make(slug: str, *, script: "Script", by: User) -> Forum:
    """A forum as a moderator prepares it; it is not announced yet."""
    from . import pictures  # by Pillow, which who keeps the live forum going has no use for
    entry = _entry(slug, script)
    roles = entry["roles"]
    registration = {name: moment(at) for name, at in (entry.get("registration") or {}).items()
                    if name in ("opens_at", "closes_at")}
    agenda = entry.get("about_agenda")
    forum = preparing.create(
        entry["slug"], Holder(Form.FORUM), Wording(entry["title"], entry["agenda"], entry["programme_name"],
                                         about=("agenda", agenda) if agenda else None),
        Times(entry["place"], moment(entry["starts_at"]), moment(entry["ends_at"]), entry["max_on_site"],
              entry["max_online"], registration.get("opens_at"), registration.get("closes_at")), by=by)
    number = forum.id

    def version() -> int:
        return db.session.get_one(Forum, number).version

    offered = entry["accessibility"]
    note = None if isinstance(offered, list) else offered["deadline_note"]
    words = tuple(offered if isinstance(offered, list) else offered["offered"])
    PROCESS.write(number, Access(words, note, entry["consent"]["recording"]), version=version(), by=by)
    for item in entry["programme"]:
        ITEMS.add(number, Item(item["title"], item["minutes"]), version=version(), by=by)
    for duty in (Duty.HOST, Duty.CAPTIONER):
        preparing.appoint(number, duty, sign_in_name=roles[duty], version=version(), by=by)
    preparing.appoint(number, Duty.INTERPRETER, name=roles["interpreter"], version=version(), by=by)
    for document in entry.get("documents", ()):
        if "alt" in document:
            drawn = pictures.slide(document["slide"]) if "slide" in document else pictures.night_map()
            DOCUMENTS.add(number, drawn, f"{document['title']}: {document['alt']}", version=version(), by=by)
    known = {guest.entry["nickname"]: guest.entry["name"] for guest in guests(script.loaded)}
    for name in roles["panel"]:
        there = {"sign_in_name": known[name]} if name in known else {"name": name}
        preparing.appoint(number, Duty.PANEL, **there, version=version(), by=by)
    return db.session.get_one(Forum, number)
