"""A live forum with its people, put in directly: say only what the test is about.

`scene = live_forum(town)` has a forum in its second item, a host, a captioner and a moderator;
`scene.person()` is somebody who registered and came.
"""

from datetime import timedelta
from itertools import count
from secrets import token_hex
from types import SimpleNamespace

from civic_forum.blocks import submissions
from civic_forum.forums import queries as forums
from civic_forum.forums.chat.models import ForumMute
from civic_forum.forums.floor.models import SpeakingRequest, Turn
from civic_forum.forums.models import Forum, ForumDuty, ProgrammeItem
from civic_forum.forums.policy import ForumContext
from civic_forum.forums.registration.models import Registration
from civic_forum.forums.registration.operations import KIND
from civic_forum.forums.rules import Duty, Place, RequestState, Way
from civic_forum.forums.tables.models import ForumTable, Seat
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import saved

PROGRAMME = (("안내", 5), ("발제: 밤 골목을 세어 보니", 15), ("패널 이야기와 발언", 20), ("정리와 약속", 10))
BEGAN = timedelta(minutes=10)
"""So long ago the forum was opened, on time."""
_number = count(1001)  # so that no name begins with another one
VISITOR = SimpleNamespace(is_authenticated=False, id=None)
"""Somebody who is not signed in, as policies see them."""


def key() -> str:
    """A key as a page gives it to one thing that it sends."""
    return token_hex(8)


def announced_forum(town, **facts) -> Forum:
    """A forum that everybody knows of and that has not begun, with a programme of four items."""
    now, n = clock.now(), next(_number)
    starts_at = facts.pop("starts_at", now + timedelta(days=3))
    forum = saved(Forum(**{
        "slug": f"night-walk-{n}", "code": f"{n:06d}", "title": "밤에도 걷기 좋은 골목 공론장",
        "question": "무엇부터 밝힐까요?", "place": "구청 대강당과 온라인", "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2), "on_site_places": 100, "online_places": 1000,
        "registration_from": now - timedelta(days=7), "registration_to": None, "created_at": now - timedelta(days=8),
        "announced_at": now - timedelta(days=7)} | facts))
    db.session.add_all(ProgrammeItem(forum_id=forum.id, number=number, title=title, minutes=minutes)
                       for number, (title, minutes) in enumerate(PROGRAMME, start=1))
    db.session.commit()
    return forum


def registration(forum, user, **facts) -> Registration:
    """Somebody's registration for it; with a place online."""
    at = facts.setdefault("asked_at", clock.now())
    return saved(Registration(**{
        "forum_id": forum.id, "user_id": user.id, "way": Way.ONLINE, "place": Place.HELD,
        "submission": submissions.hand_in(db.session, KIND, owner_id=user.id, at=at)} | facts))


class Scene:
    """One forum and whoever is there."""

    def __init__(self, town, forum: Forum):
        self.town, self.forum = town, forum
        self.visitor = VISITOR
        self.moderator = town.moderator()
        self.host = self.with_duty(Duty.HOST)
        self.captioner = self.with_duty(Duty.CAPTIONER)

    def with_duty(self, duty: Duty, user=None, **facts):
        """Somebody who does this at the forum."""
        user = user or self.town.resident()
        saved(ForumDuty(forum_id=self.forum.id, duty=duty, user_id=user.id, **facts))
        return user

    def person(self, way: Way = Way.ONLINE, *, neighbourhood: str | None = None, age_group=None, user=None,
               place: Place = Place.HELD, **facts):
        """Somebody who registered, has a place and came."""
        now = clock.now()
        user = user or self.town.resident(**facts)
        registration(self.forum, user, way=way, place=place, asked_at=now - timedelta(days=1), age_group=age_group,
                     came_at=now, neighbourhood_id=neighbourhood and self.town.neighbourhood(neighbourhood).id)
        return user

    def people(self, number: int, way: Way = Way.ONLINE) -> list:
        return [self.person(way) for _ in range(number)]

    def muted(self, user, **facts) -> ForumMute:
        """The host made them silent here."""
        return saved(ForumMute(**{"forum_id": self.forum.id, "user_id": user.id, "reason": "다른 분 말씀을 끊었어요.",
                                  "at": clock.now(), "by_id": self.host.id} | facts))

    def table(self, number: int, host=None, *people, **facts) -> ForumTable:
        """A table with its host and those who sit there."""
        table = saved(ForumTable(**{"forum_id": self.forum.id, "number": number,
                                    "host_id": (host or self.town.resident()).id} | facts))
        for user in people:
            saved(Seat(forum_id=self.forum.id, table_id=table.id, user_id=user.id, at=clock.now()))
        return table

    def asking(self, user=None, **facts) -> SpeakingRequest:
        """Somebody who waits for the floor; `name` instead of a user for somebody without a device."""
        self.forum.last_number += 1
        return saved(SpeakingRequest(**{"forum_id": self.forum.id, "user_id": user and user.id,
                                        "asked_at": clock.now(), "number": self.forum.last_number,
                                        "state": RequestState.WAITING} | facts))

    def turn(self, user=None, *, seconds: int | None = 60, ago: int = 300, **facts) -> Turn:
        """A turn that began `ago` seconds before now and took `seconds`; None: it runs."""
        began = clock.now() - timedelta(seconds=ago)
        return saved(Turn(**{"forum_id": self.forum.id, "user_id": user and user.id, "role": "participant",
                             "limit_s": 180, "started_at": began,
                             "ended_at": None if seconds is None else began + timedelta(seconds=seconds)} | facts))

    def at(self, user) -> ForumContext:
        """The subject of policies: the forum, and what this user is there now."""
        return ForumContext(self.forum, forums.attendance(self.forum, user, clock.now()), clock.now())


def live_forum(town, **facts) -> Scene:
    """A forum that runs: opened ten minutes ago, its first item over, its second on, the floor open."""
    now = clock.now()
    forum = announced_forum(town, **{"starts_at": now - BEGAN, "opened_at": now - BEGAN, "floor_open": True} | facts)
    first, second = forum.items[:2]
    first.started_at, first.ended_at = now - BEGAN, now - timedelta(minutes=5)
    second.started_at = now - timedelta(minutes=5)
    db.session.commit()
    return Scene(town, forum)
