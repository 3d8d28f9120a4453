"""The queue, the turn that runs, and what has been said so far: one statement."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.district.models import Neighbourhood
from civic_forum.platform import clock, folding
from civic_forum.platform.base import Instant, db
from civic_forum.platform.errors import NotFound
from civic_forum.platform.i18n import _

from ..models import Forum
from ..registration.models import Registration
from ..rules import PassedWhy, RequestState
from ..tables.models import ForumTable
from .models import SpeakingRequest, Turn
from .rules import Asking, Heard, Placed, Why, expected_wait_s, is_first_time, minutes_of, order

PASSED_FOR = timedelta(minutes=5)
"""So long it is said whose place was passed over."""
SHOWN = 20
"""Of the queue; of the rest, how many there are."""


def voices(user_id: int | None, name: str | None, for_group: str | None) -> frozenset[str]:
    """Keys of whose voice it is: an account or a typed name, and the group by its name as it is compared."""
    own = f"user:{user_id}" if user_id else f"name:{folding.folded(name or '')}"
    return frozenset((own, f"group:{folding.folded(for_group)}")) if for_group else frozenset((own,))


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks or waits, as everybody sees them."""

    id: int
    user_id: int | None
    called: str | None
    """None: they have left."""
    about: str | None
    for_group: str | None
    topic: str | None

    @property
    def voices(self) -> frozenset[str]:
        return voices(self.user_id, self.called, self.for_group)


@dataclass(frozen=True)
class Speaking(Speaker):
    """A turn."""

    role: str
    first_time: bool
    why: Why | None
    limit_s: int
    started_at: datetime
    ended_at: datetime | None
    asked: tuple[datetime, int] | None
    """When it was asked for, and the number; None: without a request."""


@dataclass(frozen=True)
class Request(Speaker):
    """A request that waits, or was passed over."""

    group_size: int | None
    typed: bool
    table: int | None
    asked_at: datetime
    number: int
    moved_to: int | None
    moved_why: str | None
    passed_why: PassedWhy | None

    @property
    def asking(self) -> Asking:
        return Asking(self.asked_at, self.number, self.voices, self.moved_to)


@dataclass(frozen=True)
class Waiting:
    """A request and its place."""

    request: Request
    place: int
    why: Why
    first_time: bool


@dataclass(frozen=True)
class Preview:
    """Place of somebody who asked now."""

    place: int
    minutes: int


@dataclass(frozen=True)
class Floor:
    """The floor of a forum as it is now."""

    open: bool
    turn_s: int
    next_number: int
    now: datetime
    turns: list[Speaking]
    """All so far, in their order."""
    requests: list[Request]
    passed: list[Request]
    viewer_id: int | None = None
    neighbourhood: str | None = None
    """Of the viewer, as given with the registration."""

    @cached_property
    def turn(self) -> Speaking | None:
        """The one that runs."""
        return next((turn for turn in self.turns if turn.ended_at is None), None)

    @cached_property
    def spoken(self) -> frozenset[str]:
        return frozenset().union(*(turn.voices for turn in self.turns))

    @property
    def spoken_ids(self) -> list[int]:
        """Accounts that have had the floor."""
        return sorted({turn.user_id for turn in self.turns if turn.user_id})

    @cached_property
    def line(self) -> list[Waiting]:
        """Those who wait, in the order of the rule."""
        known = {request.number: request for request in self.requests}
        return [Waiting(known[spot.request.number], spot.place, spot.why,
                        is_first_time(spot.request.voices, self.spoken)) for spot in self.placed()]

    def placed(self, *more: Asking) -> list[Placed]:
        heard = [Heard(turn.asked, turn.why) for turn in self.turns if turn.asked and turn.why]
        return order([*(request.asking for request in self.requests), *more], self.spoken, heard)

    @property
    def shown(self) -> list[Waiting]:
        return self.line[:SHOWN]

    @property
    def left_s(self) -> int:
        """Seconds of the turn that runs."""
        if self.turn is None:
            return 0
        return int((self.turn.started_at + timedelta(seconds=self.turn.limit_s) - self.now).total_seconds())

    def minutes(self, place: int) -> int:
        """Until that place has the floor, if everybody ahead uses their time."""
        return minutes_of(expected_wait_s(place, self.turn_s, self.left_s))

    def asking_now(self, *, first_time: bool) -> Preview:
        """Place of somebody who asked now."""
        own = "now" if first_time else next(iter(self.spoken), "now")
        now = Asking(max([self.now, *(request.asked_at for request in self.requests)]), self.next_number,
                     frozenset((own,)))
        place = next(spot.place for spot in self.placed(now) if spot.request is now)
        return Preview(place, self.minutes(place))

    @cached_property
    def first(self) -> Preview:
        return self.asking_now(first_time=True)

    @cached_property
    def again(self) -> Preview:
        """For somebody who has spoken here."""
        return self.asking_now(first_time=False)

    @property
    def mine(self) -> Waiting | None:
        """The viewer's own request."""
        return next((waiting for waiting in self.line
                     if self.viewer_id and waiting.request.user_id == self.viewer_id), None)

    @property
    def has_spoken(self) -> bool:
        return f"user:{self.viewer_id}" in self.spoken

    @property
    def preview(self) -> Preview:
        """Place that the viewer would have."""
        return self.again if self.has_spoken else self.first

    def request(self, request_id: int) -> Waiting:
        """Raises NotFound for one that waits no more."""
        for waiting in self.line:
            if waiting.request.id == request_id:
                return waiting
        raise NotFound(_("그 발언 신청은 이제 기다리고 있지 않아요. 새로 고친 뒤 다시 해 주세요."))


def part(forum: Forum, viewer) -> Floor:
    """The floor as this viewer sees it."""
    return read(forum, clock.now(), viewer.id if viewer.is_authenticated else None)


def read(forum: Forum, now: datetime, viewer_id: int | None = None) -> Floor:
    """The floor as it is, in one statement; inside a change: under the forum's lock."""
    rows = db.session.execute(sa.union_all(_turns(forum.id), _requests(forum.id), _home(forum.id, viewer_id))).all()
    requests = [_request(row) for row in rows if row.what == "waiting"]
    passed = [_request(row) for row in rows if row.what == "passed" and row.until > now - PASSED_FOR]
    turns = sorted((_turn(row) for row in rows if row.what == "turn"), key=lambda turn: (turn.started_at, turn.id))
    return Floor(forum.floor_open, forum.turn_s, forum.last_number + 1, now, turns, requests, passed, viewer_id,
                 next((row.about for row in rows if row.what == "home"), None))


def _nothing(kind) -> sa.ColumnElement:
    return sa.cast(sa.null(), kind)


TEXT, NUMBER, MOMENT = sa.String(), sa.BigInteger(), Instant()


def _turns(forum_id: int) -> sa.Select:
    return (sa.select(
        sa.literal("turn").label("what"), Turn.id.label("id"), Turn.user_id.label("user_id"),
        sa.func.coalesce(User.nickname, Turn.name).label("called"), Turn.about.label("about"),
        Turn.for_group.label("for_group"), Turn.topic.label("topic"), Turn.started_at.label("at"),
        Turn.ended_at.label("until"), SpeakingRequest.asked_at.label("asked_at"),
        SpeakingRequest.number.label("number"), Turn.limit_s.label("figure"), Turn.role.label("word"),
        Turn.why.label("why"), sa.cast(Turn.first_time, sa.Integer).label("flag"),
        SpeakingRequest.moved_why.label("because"),
        _nothing(NUMBER).label("place"))
        .outerjoin(User, User.id == Turn.user_id).outerjoin(SpeakingRequest, SpeakingRequest.id == Turn.request_id)
        .where(Turn.forum_id == forum_id))


def _requests(forum_id: int) -> sa.Select:
    return (sa.select(
        sa.cast(SpeakingRequest.state, sa.String), SpeakingRequest.id, SpeakingRequest.user_id,
        sa.func.coalesce(User.nickname, SpeakingRequest.name), SpeakingRequest.about, SpeakingRequest.for_group,
        SpeakingRequest.topic, SpeakingRequest.asked_at, SpeakingRequest.ended_at, SpeakingRequest.asked_at,
        SpeakingRequest.number, SpeakingRequest.group_size, sa.cast(ForumTable.number, sa.String),
        sa.cast(SpeakingRequest.passed_why, sa.String),
        sa.case((SpeakingRequest.typed_by_id.is_(None), 0), else_=1), SpeakingRequest.moved_why,
        SpeakingRequest.moved_to)
        .outerjoin(User, User.id == SpeakingRequest.user_id)
        .outerjoin(ForumTable, ForumTable.id == SpeakingRequest.table_id)
        .where(SpeakingRequest.forum_id == forum_id,
               SpeakingRequest.state.in_((RequestState.WAITING, RequestState.PASSED))))


def _home(forum_id: int, viewer_id: int | None) -> sa.Select:
    """The neighbourhood that the viewer gave with the registration."""
    return (sa.select(
        sa.literal("home"), Registration.id, _nothing(NUMBER), _nothing(TEXT), Neighbourhood.name_ko, _nothing(TEXT),
        _nothing(TEXT), _nothing(MOMENT), _nothing(MOMENT), _nothing(MOMENT), _nothing(NUMBER), _nothing(NUMBER),
        _nothing(TEXT), _nothing(TEXT), _nothing(sa.Integer()), _nothing(TEXT), _nothing(NUMBER))
        .join(Neighbourhood, Neighbourhood.id == Registration.neighbourhood_id)
        .where(Registration.forum_id == forum_id, Registration.user_id == viewer_id))


def _turn(row) -> Speaking:
    return Speaking(row.id, row.user_id, row.called, row.about, row.for_group, row.topic, row.word, bool(row.flag),
                    row.why and Why(row.why), row.figure, row.at, row.until,
                    (row.asked_at, row.number) if row.number is not None else None)


def _request(row) -> Request:
    return Request(row.id, row.user_id, row.called, row.about, row.for_group, row.topic, row.figure, bool(row.flag),
                   int(row.word) if row.word else None, row.asked_at, row.number, row.place, row.because,
                   row.why and PassedWhy(row.why))
