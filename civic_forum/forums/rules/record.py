"""The record of a forum as plain rows: what its page, its minutes and its player are made of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Who:
    """Owner of a question: somebody with an account, or a name alone, or the hall."""

    user_id: int | None = None
    name: str | None = None


@dataclass(frozen=True)
class RecordedItem:
    id: int
    number: int
    title: str
    minutes: int
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class RecordedTurn:
    """A turn."""

    id: int
    who: Who
    started_at: datetime
    seconds: int
    role: str
    item_id: int | None = None
    about: str | None = None
    topic: str | None = None
    for_group: str | None = None


@dataclass(frozen=True)
class Said:
    """A caption."""

    id: int
    text: str
    at: datetime
    who: Who = Who()
    turn_id: int | None = None


@dataclass(frozen=True)
class RecordedQuestion:
    """A question."""

    id: int
    text: str
    at: datetime
    who: Who = Who()
    supports: int = 0
    under_id: int | None = None
    answer: str | None = None
    answered_by: str | None = None


@dataclass(frozen=True)
class Felt:
    """A pulse."""

    id: int
    text: str
    kind: str
    at: datetime
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AtTable:
    id: int
    number: int
    name: str | None = None
    host: Who = Who()
    result: str | None = None


@dataclass(frozen=True)
class RecordedGroup:
    id: int
    table_id: int
    title: str


@dataclass(frozen=True)
class Noted:
    id: int
    table_id: int
    text: str
    who: Who = Who()
    group_id: int | None = None
    on_paper: bool = False
    strongest: bool = False


@dataclass(frozen=True)
class RecordedDecision:
    id: int
    text: str
    at: datetime
    who: str | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Record:
    """All that the minutes are made of; what is hidden, removed or taken away is not among it."""

    facts: dict[str, Any] = field(default_factory=dict)
    """When, where and how many, ready for JSON."""
    items: Sequence[RecordedItem] = ()
    turns: Sequence[RecordedTurn] = ()
    captions: Sequence[Said] = ()
    pulses: Sequence[Felt] = ()
    questions: Sequence[RecordedQuestion] = ()
    tables: Sequence[AtTable] = ()
    groups: Sequence[RecordedGroup] = ()
    notes: Sequence[Noted] = ()
    decisions: Sequence[RecordedDecision] = ()
