"""The record of a forum as plain rows, and the draft of the minutes out of it: everything once, in the order of the
programme. A week in which those who took part correct it, then the signature.

Minutes are a list of sections that JSON can hold: {"key", "facts", "rows"}, a row {"ref", "text", "by", "name", "at",
"facts", "rows"} with what it has of these. `ref` (`note:12`) says which row of the record it came from and is in the
minutes once; `by` is the id of a user, whose name is looked up when the minutes are read. Sections of minutes from
before this site are {"title", "text"}.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from civic_forum.search import rules as search

CORRECTED_WITHIN = timedelta(days=7)
PLACE_MOST, WORDS_MOST, REPLY_MOST, NOTE_MOST = 200, 1000, 500, 300


def corrections_until(drafted_at: datetime) -> datetime:
    """Until when corrections are taken; from then on it may be signed."""
    return drafted_at + CORRECTED_WITHIN


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


Row = dict[str, Any]
MEETING, COURSE, PULSES, QUESTIONS, TABLES, DECISIONS = SECTIONS = (
    "meeting", "course", "pulses", "questions", "tables", "decisions")
BETWEEN = "between"
"""Where something stands that happened while no item of the programme was on."""


def draft(record: Record) -> list[Row]:
    """The sections of the minutes; those in which nothing stands are left out."""
    rows = {COURSE: _course(record), PULSES: _pulses(record.pulses), QUESTIONS: _questions(record.questions),
            TABLES: _tables(record), DECISIONS: _decisions(record.decisions)}
    return [{"key": MEETING, "facts": record.facts, "rows": []},
            *({"key": key, "rows": rows[key]} for key in SECTIONS if rows.get(key))]


def _row(ref: str, text: str | None = None, who: Who = Who(), at: datetime | None = None, rows: Sequence[Row] = (),
         **facts: object) -> Row:
    told = {name: value for name, value in facts.items() if value not in (None, False)}
    row = {"ref": ref, "text": text, "by": who.user_id, "name": who.name, "at": at and at.isoformat(), "facts": told,
           "rows": list(rows)}
    return {name: value for name, value in row.items() if value not in (None, {}, [])}


def _course(record: Record) -> list[Row]:
    """Items with the turns in them, turns with what was said in them; what belongs to none stands where it was said."""
    known, under_turn, loose = {turn.id for turn in record.turns}, defaultdict(list), []
    for caption in sorted(record.captions, key=lambda caption: (caption.at, caption.id)):
        if caption.turn_id in known:
            under_turn[caption.turn_id].append(_caption(caption))
        else:
            loose.append((caption.at, 1, caption.id, _item_at(record.items, caption.at), _caption(caption)))
    turns = [(turn.started_at, 0, turn.id, turn.item_id, _turn(turn, under_turn[turn.id])) for turn in record.turns]
    placed, ids = defaultdict(list), {item.id for item in record.items}
    for *_when, item_id, row in sorted([*turns, *loose], key=lambda line: line[:3]):
        placed[item_id if item_id in ids else None].append(row)
    items = [_row(f"item:{item.id}", item.title, at=item.started_at, rows=placed[item.id], number=item.number,
                  minutes=item.minutes, ended_at=item.ended_at and item.ended_at.isoformat())
             for item in sorted(record.items, key=lambda item: item.number)]
    return [*([_row(BETWEEN, rows=placed[None])] if placed[None] else []), *items]


def _item_at(items: Sequence[RecordedItem], at: datetime) -> int | None:
    """The item that was on at that moment: the one that began last before it."""
    begun = [item for item in items if item.started_at and item.started_at <= at]
    return max(begun, key=lambda item: (item.started_at, item.number)).id if begun else None


def _caption(caption: Said) -> Row:
    return _row(f"caption:{caption.id}", caption.text, caption.who, caption.at)


def _turn(turn: RecordedTurn, captions: Sequence[Row]) -> Row:
    return _row(f"turn:{turn.id}", turn.topic, turn.who, turn.started_at, captions, role=turn.role, about=turn.about,
                for_group=turn.for_group, seconds=turn.seconds)


def _pulses(pulses: Iterable[Felt]) -> list[Row]:
    return [_row(f"pulse:{pulse.id}", pulse.text, at=pulse.at, kind=pulse.kind, counts=pulse.counts)
            for pulse in sorted(pulses, key=lambda pulse: (pulse.at, pulse.id))]


def _questions(questions: Sequence[RecordedQuestion]) -> list[Row]:
    """Those with the most support first, those grouped under them beneath; a group whose head is gone stands alone."""
    known, under, placed = {question.id for question in questions}, defaultdict(list), set()
    line = sorted(questions, key=lambda question: (-question.supports, question.at, question.id))
    for question in line:
        if question.under_id in known and question.under_id != question.id:
            under[question.under_id].append(question)

    def shown(question: RecordedQuestion) -> Row:
        placed.add(question.id)
        beneath = [shown(other) for other in under[question.id] if other.id not in placed]
        answer = ([_row(f"answer:{question.id}", question.answer, Who(name=question.answered_by))]
                  if question.answer else [])
        answered_by = None if question.answer else question.answered_by
        return _row(f"question:{question.id}", question.text, question.who, question.at, [*answer, *beneath],
                    supports=question.supports, answered_by=answered_by)

    heads = [question for question in line if not (question.under_id in known and question.under_id != question.id)]
    return [shown(question) for question in heads] + [shown(question) for question in line if question.id not in placed]


def _tables(record: Record) -> list[Row]:
    groups, notes = defaultdict(list), defaultdict(list)
    table_of: dict[int | None, int] = {group.id: group.table_id for group in record.groups}
    for note in sorted(record.notes, key=lambda note: (not note.strongest, note.id)):
        in_group = table_of.get(note.group_id) == note.table_id
        notes[("group", note.group_id) if in_group else ("table", note.table_id)].append(_note(note))
    for group in sorted(record.groups, key=lambda group: group.id):
        if written := notes["group", group.id]:
            groups[group.table_id].append(_row(f"group:{group.id}", group.title, rows=written))
    return [_row(f"table:{table.id}", table.name, table.host, number=table.number,
                 rows=[*([_row(f"result:{table.id}", table.result)] if table.result else []), *groups[table.id],
                       *notes["table", table.id]])
            for table in sorted(record.tables, key=lambda table: table.number)]


def _note(note: Noted) -> Row:
    return _row(f"note:{note.id}", note.text, note.who, on_paper=note.on_paper, strongest=note.strongest)


def _decisions(decisions: Iterable[RecordedDecision]) -> list[Row]:
    return [_row(f"decision:{decision.id}", decision.text, at=decision.at, department=decision.who,
                 due_on=decision.due_on and decision.due_on.isoformat())
            for decision in sorted(decisions, key=lambda decision: decision.id)]


def rows_of(sections: Iterable[Row]) -> Iterator[Row]:
    """Every row, also those beneath others, in the order in which they are read. A section without rows is one."""
    for section in sections:
        if "text" in section and "rows" not in section:
            yield section
        yield from _with_those_beneath(section.get("rows", ()))


def _with_those_beneath(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        yield row
        yield from _with_those_beneath(row.get("rows", ()))


def name_of(row: Row) -> str:
    """By which name a row is found again in another version."""
    return row.get("ref") or f"section:{row.get('title', '')}"


def places(sections: Iterable[Row], place: str, was: str) -> list[Row]:
    """The rows that say `was`: in the one that `place` names, else wherever it stands."""
    rows = list(rows_of(sections))
    named = [row for row in rows if name_of(row) == place]
    return [row for row in (named or rows) if was in (row.get("text") or "")]


def corrected(sections: list[Row], corrections: Iterable[tuple[str, str, str]]) -> list[Row]:
    """With every correction (place, was, becomes) that still finds its words in exactly one place, one after the
    other. The sections that were given stay as they are."""
    sections = deepcopy(sections)
    for place, was, becomes in corrections:
        rows = places(sections, place, was)
        if len(rows) == 1:
            rows[0]["text"] = rows[0]["text"].replace(was, becomes, 1)
    return sections


@dataclass(frozen=True)
class Difference:
    """One row that reads differently in two versions; empty where it is not there."""

    place: str
    before: str
    after: str


def differences(older: Iterable[Row], newer: Iterable[Row]) -> list[Difference]:
    """Changes in the order of the newer; what is there no more comes last."""
    before = {name_of(row): _said(row) for row in rows_of(older)}
    after = {name_of(row): _said(row) for row in rows_of(newer)}
    changed = [Difference(name, before.get(name, ""), text) for name, text in after.items() if before.get(name) != text]
    return changed + [Difference(name, text, "") for name, text in before.items() if name not in after]


def _said(row: Row) -> str:
    """Text of a row, with the facts that may be changed by hand."""
    facts = row.get("facts", {})
    return " · ".join(
        str(word) for word in (row.get("text") or "", facts.get("department"), facts.get("due_on")) if word)


def found(sections: Sequence[Row], query: str) -> list[Row]:
    """Rows of these sections that have every word of the question, with those they stand in. Nothing for a question
    without a usable word: two syllables at least."""
    words = [re.compile(word.pattern) for word in search.wanted(query)]
    if not words:
        return []
    kept = [section | {"rows": _kept(section.get("rows", ()), words)} for section in sections]
    return [section for section in kept if section["rows"]]


def _kept(rows: Sequence[Row], words: Sequence[re.Pattern[str]]) -> list[Row]:
    """A row that has the words stands alone; one that has not stays for those beneath it that have."""
    kept = []
    for row in rows:
        text = search.folded(row.get("text") or "")
        beneath = _kept(row.get("rows", ()), words)
        if beneath or all(word.search(text) for word in words):
            kept.append({name: value for name, value in row.items() if name != "rows"} | {"rows": beneath})
    return kept
