"""A course of the sample district: its sessions, who came to them, and certificates."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from civic_forum.courses import services
from civic_forum.forums import queries as forums
from civic_forum.forums.models import Forum
from civic_forum.forums.preparing import services as preparing
from civic_forum.forums.preparing.parts import Access, Holder, Item, Times, Wording
from civic_forum.forums.preparing.process import ITEMS, PROCESS
from civic_forum.forums.rules import Duty, Form
from civic_forum.platform.base import db

from .calls import ANNOUNCER, OFFICIAL, Entry, SampleCall
from .people import read
from .timeline import TimelineEvent

if TYPE_CHECKING:
    from .steps import Script

AFTER_ALL, PLACES = 500_000, 120


def happenings(script: "Script") -> list[TimelineEvent]:
    """Acts on all calls."""
    acts = [act for entry in read("calls")
            for act in (SampleCourse if "sessions" in entry else SampleCall)(entry, script).acts()]
    return [TimelineEvent(at, AFTER_ALL + order, act) for order, (at, act) in enumerate(acts)]


class SampleCourse(SampleCall):
    """Acts on a course, each with its moment."""

    def acts(self) -> Iterator[tuple[datetime, Any]]:
        yield from super().acts()
        yield self._at(self.entry["decided"]) + timedelta(minutes=5), self.place
        for session in self.entry["sessions"]:
            begins, ends = self._times(session)
            yield begins, partial(self.hold, session)
            yield ends, partial(self.close, session)
        for key in self.entry["certified"]:
            yield ends + timedelta(hours=1), partial(self.certify, key)

    def _times(self, session: Entry) -> tuple[datetime, datetime]:
        begins = self._at(session["at"])
        return begins, begins + timedelta(minutes=session["minutes"])

    def prepare(self) -> None:
        """Sessions, announced before the course is."""
        by, entry = self._user(OFFICIAL), self.entry
        department = self.script.ids[f"department:{entry['department']}"]
        for session in entry["sessions"]:
            forum_id = preparing.create(
                session["slug"], Holder(Form.SESSION, department), Wording(session["title"], session["question"]),
                Times(session["place"], *self._times(session), PLACES, 0), by=by).id
            PROCESS.write(forum_id, Access((), None, session["recording"]), version=_version(forum_id), by=by)
            ITEMS.add(forum_id, Item(session["title"], session["minutes"]), version=_version(forum_id), by=by)
            preparing.appoint(forum_id, Duty.HOST, sign_in_name=OFFICIAL, version=_version(forum_id), by=by)
            PROCESS.announce(forum_id, by=self._user(ANNOUNCER))
            services.add_session(self.slug, session["slug"], by=by)

    def place(self) -> None:
        services.give_all(self.slug, by=self._user(OFFICIAL))

    def hold(self, session: Entry) -> None:
        by = self._user(OFFICIAL)
        preparing.open_forum(forums.by_slug(session["slug"]).id, by=by)
        for key in session["came"]:
            services.note(self.slug, session["slug"], self.numbers[key], True, by=by)

    def close(self, session: Entry) -> None:
        preparing.close_forum(forums.by_slug(session["slug"]).id, by=self._user(OFFICIAL))

    def certify(self, key: str) -> None:
        owner = next(each["by"] for each in self.entry["applications"] if each["key"] == key)
        services.certify(self.slug, self.numbers[key], by=self._user(owner))


def _version(forum_id: int) -> int:
    db.session.expire_all()
    return db.session.get_one(Forum, forum_id).version
