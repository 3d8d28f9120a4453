"""A square where anybody may talk: a thing with a thread, and nothing else of a proposal."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import render_template
from flask_login import AnonymousUserMixin

from civic_forum.blocks import kinds
from civic_forum.comments import operations, services
from civic_forum.comments.models import Thread
from civic_forum.comments.queries import records, sections
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound


@dataclass
class Square:
    """Rights to read and write, as the test says; None is yes."""

    why_not_read: str | None = None
    why_not_write: str | None = None
    thread_id: int = 0

    @property
    def thread(self):
        db.session.rollback()
        return records.thread(self.thread_id, AnonymousUserMixin())

    def say(self, by, text="벤치가 더 있으면 좋겠어요.", stance=Stance.FOR, **facts):
        return services.write(self.thread_id, stance=stance, text=text, by=by, **facts)

    def answer(self, comment, by, text="저도 그래요.", **facts):
        return services.reply(comment.id, text=text, by=by, **facts)

    def section(self, viewer=None, **query):
        return sections.section(self.thread_id, viewer or AnonymousUserMixin(), **query)


class SquareKind(kinds.Kind):
    """A kind of thing without a table."""

    def record(self, record_id):
        return record_id


@pytest.fixture
def square(town, monkeypatch):
    """A thread that everybody may read and every user write in."""
    place = Square()
    monkeypatch.setitem(kinds._kinds, "square", SquareKind(
        "square", Thread, label="광장", title=lambda _one: "마을 광장", url=lambda _one: "/squares/7",
        why_not_read=lambda actor, _one: place.why_not_read, missing=NotFound,
        capabilities=(kinds.Discussed(why_not_write=lambda actor, _one: place.why_not_write,
                                      titles=lambda owner_ids: dict.fromkeys(owner_ids, "마을 광장")),)))
    place.thread_id = operations.open_thread(db.session, "square", 7).id
    db.session.commit()
    return place


@pytest.fixture
def shown(app, square):
    """The HTML of the section as this viewer gets it: `shown(user, order="newest")`."""

    def render(viewer=None, **query):
        with app.test_request_context("/squares/7"):
            return render_template("comments/section.html", section=square.section(viewer, **query))

    return render


@pytest.fixture
def clock_at(at):
    """Let some minutes pass since a moment."""
    return lambda moment, **after: at(moment + timedelta(**after))


@pytest.fixture
def people(town):
    """Three users who talk."""
    return SimpleNamespace(anna=town.user(nickname="은행나무길"), boram=town.user(nickname="출퇴근러"),
                           chan=town.user(nickname="시흥토박이"))
