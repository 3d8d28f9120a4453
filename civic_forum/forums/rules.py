"""Kinds of things in a forum: stages, roles, events and states. The words that every subject shares."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

RESERVED = frozenset(("new", "calls", "record", "workshop"))
"""Addresses of the desk that no forum may take."""
CODE = re.compile(r"[0-9]{6}")
"""The short code with which somebody in the hall comes in."""
KEY = re.compile(r"[0-9a-f]{16,32}")
"""What a sender gives to the thing it sends, so that it is applied once."""


class Form(StrEnum):
    """Form of a gathering; each is a `Forum`."""

    FORUM = "forum"
    MEETING = "meeting"
    SESSION = "session"
    """Of a course."""
    VISIT = "visit"
    """The office in a neighbourhood."""


BEFORE_ELECTION = timedelta(days=60)
"""So long before the day of an election no visit of the mayor is announced (Public Official Election Act, article
86)."""


def election_near(elections: Iterable[date], days: Iterable[date]) -> date | None:
    """Day of the first election that is at most so long after one of these days."""
    asked = tuple(days)
    return next((on for on in sorted(elections) if any(on - BEFORE_ELECTION <= day <= on for day in asked)), None)


class Stage(StrEnum):
    """Stage of a forum. It is live from when its host opens it until its host closes it, whatever the plan said."""

    PREPARING = "preparing"
    ANNOUNCED = "announced"
    LIVE = "live"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    """As lists name one that is finished and was never opened."""


def stage_of(announced_at: datetime | None, opened_at: datetime | None, closed_at: datetime | None) -> Stage:
    if closed_at is not None:
        return Stage.FINISHED
    if opened_at is not None:
        return Stage.LIVE
    return Stage.ANNOUNCED if announced_at is not None else Stage.PREPARING


def listed_as(announced_at: datetime | None, opened_at: datetime | None, closed_at: datetime | None) -> Stage:
    is_cancelled = closed_at is not None and opened_at is None
    return Stage.CANCELLED if is_cancelled else stage_of(announced_at, opened_at, closed_at)


class Duty(StrEnum):
    """Duty of somebody at a forum. Hosts of tables are named at their table."""

    HOST = "host"
    PANEL = "panel"
    CAPTIONER = "captioner"
    INTERPRETER = "interpreter"


class Way(StrEnum):
    """Way of taking part."""

    ON_SITE = "on_site"
    ONLINE = "online"


class Place(StrEnum):
    """State of a registration."""

    HELD = "held"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class AgeGroup(StrEnum):
    """Age groups of the ledger of speaking time and of the figures; nobody has to say."""

    TO_18 = "14-18"
    TO_39 = "19-39"
    TO_64 = "40-64"
    FROM_65 = "65+"


class RequestState(StrEnum):
    """State of a request for the floor."""

    WAITING = "waiting"
    CALLED = "called"
    """It became a turn."""
    WITHDRAWN = "withdrawn"
    PASSED = "passed"
    """The host went on without: nobody was there, or time was over."""


class PassedWhy(StrEnum):
    """Reason why the host went on without somebody."""

    ABSENT = "absent"
    MAY_NOT = "may_not"
    """They were silenced, or take no part any more."""
    NO_TIME = "no_time"


class PulseKind(StrEnum):
    YES_NO_UNSURE = "yes_no_unsure"
    WORD = "word"


class Seating(StrEnum):
    """Way in which people come to their tables."""

    RANDOM = "random"
    MIXED = "mixed"
    """Neighbourhoods and age groups spread over the tables, as far as people said."""
    CHOSEN = "chosen"


class MinutesKind(StrEnum):
    DRAFT = "draft"
    CORRECTED = "corrected"
    SIGNED = "signed"


class CorrectionState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ForumEventKind(StrEnum):
    """The kinds of numbered events of a forum: `about` (the first word) says whose piece of the page they change."""

    FORUM_OPENED = "forum.opened"
    FORUM_CLOSED = "forum.closed"
    FORUM_CHANGED = "forum.changed"
    """Place, links, what is offered."""
    SCREEN_SHOWN = "screen.shown"
    """Another document stands on the screen, or none."""
    ITEM_STARTED = "programme.started"
    ITEM_ENDED = "programme.ended"
    ITEM_EXTENDED = "programme.extended"
    FLOOR_OPENED = "floor.opened"
    FLOOR_CLOSED = "floor.closed"
    FLOOR_SET = "floor.set"
    """How long a turn is from now on."""
    FLOOR_ASKED = "floor.asked"
    FLOOR_WITHDRAWN = "floor.withdrawn"
    FLOOR_PASSED = "floor.passed"
    FLOOR_MOVED = "floor.moved"
    TURN_STARTED = "floor.turn_started"
    TURN_EXTENDED = "floor.turn_extended"
    TURN_ENDED = "floor.turn_ended"
    QUESTION_ASKED = "question.asked"
    QUESTION_SUPPORTED = "question.supported"
    QUESTION_GROUPED = "question.grouped"
    QUESTION_UNGROUPED = "question.ungrouped"
    QUESTION_ANSWERED = "question.answered"
    QUESTION_REOPENED = "question.reopened"
    """Not answered after all."""
    QUESTION_HIDDEN = "question.hidden"
    QUESTION_SHOWN = "question.shown"
    PULSE_OPENED = "pulse.opened"
    PULSE_ANSWERED = "pulse.answered"
    PULSE_COUNTED = "pulse.counted"
    """Hands of people without a device."""
    PULSE_WORD_OUT = "pulse.word_out"
    """The host took a word out, openly."""
    PULSE_CLOSED = "pulse.closed"
    CONSULTATION_PUT = "consultation.put"
    CONSULTATION_TAKEN = "consultation.taken"
    CONSULTATION_ANSWERED = "consultation.answered"
    """Ten more answers, or some more than ten."""
    CONSULTATION_WRITTEN = "consultation.written"
    """A table sent a statement."""
    CONSULTATION_COMPUTED = "consultation.computed"
    CHAT_SAID = "chat.said"
    CHAT_HIDDEN = "chat.hidden"
    CHAT_SHOWN = "chat.shown"
    CHAT_SET = "chat.set"
    """Opened, closed, or slowed down."""
    PERSON_MUTED = "people.muted"
    PERSON_UNMUTED = "people.unmuted"
    PERSON_CAME = "people.came"
    CAPTION_WRITTEN = "caption.written"
    CAPTION_CORRECTED = "caption.corrected"
    DECISION_MADE = "decision.made"
    DECISION_CHANGED = "decision.changed"
    TABLES_SEATED = "table.seated"
    TABLE_MOVED = "table.moved"
    """Somebody sits at another table, or left."""
    TABLES_OPENED = "table.opened"
    TABLES_CLOSED = "table.closed"
    TABLE_SAID = "table.said"
    TABLE_HANDED = "table.handed"
    """The table host gave its result to the hall."""
    TABLE_PROJECTED = "table.projected"
    NOTE_WRITTEN = "note.written"
    NOTE_CHANGED = "note.changed"
    """Grouped, marked as strongest, corrected or taken away."""
    NOTE_GROUPED = "note.grouped"
    """A group was made, renamed or taken away."""

    @property
    def about(self) -> str:
        return self.value.partition(".")[0]
