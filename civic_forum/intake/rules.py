"""Rules of what is handed in outside the browser. Pure."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from civic_forum.platform import plain_text
from civic_forum.proposals.rules import Channel

KIND = "intake"
"""Of its submissions."""
NOTE_MOST = 80
TEXT_MOST = 2_000
BATCH_MOST = 200
WITHDRAWN_WITHIN = timedelta(days=30)
CHECKED_WITHIN = timedelta(days=3)
CHECKED_AT_ONCE = 16
"""Texts on one page of a second person: those of a sheet of notes."""
FORGOTTEN_AFTER = timedelta(days=90)
ROW_KEY_MOST = 36
NAMES_MOST = 100
"""On one sheet."""
DIFFERS = "differs"
"""In the place of a reason: two people counted different numbers."""
LOCKED_FOR = timedelta(days=60)
"""Time for which a sheet with names is kept before it is shredded."""
CONTACT = re.compile(r"(\S.{1,39}?) ([0-9+() -]{8,20})")
"""Name and telephone."""
REPLY_MOST, REPLIED_BY_MOST = 1_000, 60
ITEM = "intake_item"
"""Name of their kind."""


class ItemForm(StrEnum):
    """Form in which something was handed in."""

    SPOKEN = "spoken"
    SHEET = "sheet"
    NOTE = "note"
    INTERVIEW = "interview"
    SIGNATURE = "signature"


class WindowAct(StrEnum):
    """Something that somebody does by way of a clerk, beside requests."""

    PROPOSAL = "proposal"
    COMMENT = "comment"
    PROJECT = "project"
    """Of a budget."""
    REGISTRATION = "registration"
    """For a forum."""
    ANSWER = "answer"
    """Of a consultation, on paper."""


class Became(StrEnum):
    """End of an item."""

    PROPOSAL = "proposal"
    JOINED = "joined"
    """Said already: by a proposal, or by another item."""
    STATEMENT = "statement"
    """Of a consultation."""
    AGENDA = "agenda"
    DUTY = "duty"
    """A department answers by a day."""
    ANSWERED = "answered"
    """On the spot."""
    KEPT = "kept"
    """Heard, and nothing to be done about it."""
    ELSEWHERE = "elsewhere"
    """Another office is asked."""
    COUNTED = "counted"
    """Names on a sheet."""
    UNREADABLE = "unreadable"
    BLANK = "blank"
    DONE = "done"
    """An act at a window."""


UNREAD = frozenset((Became.UNREADABLE, Became.BLANK))
"""Ends of a printed note that nobody can read, or on which nothing stands: they count, and have no text."""
FINAL = UNREAD | {Became.ANSWERED, Became.COUNTED}
"""Ends that are not undone."""


class ItemState(StrEnum):
    WRITTEN = "written"
    RETURNED = "returned"
    """The second person sent it back."""
    CHECKED = "checked"
    """A second person read it beside its original: its text names nobody."""
    REPLYING = "replying"
    """Answered on the spot; a second person has not confirmed the reply yet."""
    SORTED = "sorted"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"


WAITING = (ItemState.WRITTEN, ItemState.RETURNED)
"""States in which a second person reads it, or who typed it mends it."""
TIES = {"proposal": Became.JOINED, "consultation": Became.STATEMENT, "agenda": Became.AGENDA}
"""Kinds of things to which an item may belong, and what it became by that."""
CODED = frozenset(ItemForm) - {ItemForm.NOTE, ItemForm.SIGNATURE}
"""Forms that get a code of their own where no paper had one."""


@dataclass(frozen=True, kw_only=True)
class ItemRecord:
    """An item as it is typed in."""

    form: ItemForm
    text: str
    key: str
    """Of the row in the browser: a second time it is the same row."""
    number: str = ""
    """As it stands on paper; empty: it gets one."""
    category: str | None = None
    neighbourhood_id: int | None = None
    audience_id: int | None = None
    language: str = "ko"
    names: int | None = None
    """Readable names on a sheet."""
    became: Became | None = None
    """One of UNREAD."""
    sheet: str = ""
    """Key of the row that came with the photograph of the whole sheet on which it stands."""
    act: WindowAct | None = None


class SheetForm(StrEnum):
    """Form of a sheet that is printed before anybody writes on it."""

    PROPOSAL = "proposal"
    NOTES = "notes"
    SUPPORTS = "supports"


NUMBERS = {SheetForm.PROPOSAL: 1, SheetForm.NOTES: 16, SheetForm.SUPPORTS: 1}
"""Numbers on one sheet."""
PRINTED_MOST = 500


class TakenState(StrEnum):
    """State of a row after it came."""

    NEW = "new"
    SAME = "same"
    CLASH = "clash"
    """Its number was used by another row: a second person looks at both."""
    REFUSED = "refused"


class RowFault(StrEnum):
    """Fault of a row as it was typed."""

    EMPTY = "empty"
    LONG = "long"
    READ = "read"
    """A text of a note that nobody could read, or that was empty."""
    UNPRINTED = "unprinted"
    """Nothing was read of what has no printed number."""
    SIGNATURE = "signature"
    """Names on paper are counted elsewhere."""


@dataclass(frozen=True)
class Taken:
    """Answer to one row of a batch."""

    key: str
    state: TakenState
    number: str = ""
    code: str | None = None
    """Shown once."""
    why: str = ""


def channel_of(form: ItemForm, *, at_desk: bool) -> Channel:
    """Channel of a proposal that an item of this form became."""
    if form in (ItemForm.SHEET, ItemForm.NOTE):
        return Channel.PAPER
    return Channel.DESK if at_desk else Channel.STREET


def fingerprint(facts: Mapping[str, str]) -> str:
    """Of the words of an act, as a page showed them."""
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def most(form: ItemForm) -> int:
    return NOTE_MOST if form is ItemForm.NOTE else TEXT_MOST


def state_of(*, withdrawn: bool, hidden: bool, became: Became | None, checked: bool, returned: bool,
             replying: bool = False) -> ItemState:
    if withdrawn:
        return ItemState.WITHDRAWN
    if hidden:
        return ItemState.HIDDEN
    if became is not None and (checked or became not in UNREAD):
        return ItemState.SORTED
    if checked:
        return ItemState.REPLYING if replying else ItemState.CHECKED
    return ItemState.RETURNED if returned else ItemState.WRITTEN


def name_in(contact: str) -> str:
    """Name of a name and telephone."""
    match = CONTACT.fullmatch(contact)
    return match[1] if match else contact


def row_fault(record: ItemRecord) -> RowFault | None:
    """Fault for which a row is not taken."""
    if record.form is ItemForm.SIGNATURE:
        return None if is_count(record.names) else RowFault.SIGNATURE
    text = plain_text.clean(record.text, lines=True)
    if record.became is not None and text:
        return RowFault.READ
    if record.became is not None:
        is_printed_note = record.form is ItemForm.NOTE and bool(record.number)
        return None if record.became in UNREAD and is_printed_note else RowFault.UNPRINTED
    if not text:
        return RowFault.EMPTY
    return RowFault.LONG if len(record.text) > most(record.form) else None


def read_line(line: str, words: Collection[str]) -> tuple[str, str]:
    """The longest of the words with which a line begins, and the rest of it; no word where it begins with none."""
    line = plain_text.clean(line)
    fitting = (word for word in words if line.startswith(word) and line[len(word):][:1] in ("", " ", ":"))
    word = max(fitting, key=len, default="")
    return word, line[len(word):].strip()


def is_count(names: int | None) -> bool:
    """True for a number of names on one sheet."""
    return names is not None and 1 <= names <= NAMES_MOST


def shredded_from(counted_on: date) -> date:
    """First day on which a sheet may be destroyed."""
    return counted_on + LOCKED_FOR


def may_still_withdraw(handed_in_at: datetime, now: datetime, act: WindowAct | None) -> bool:
    """A place is given back at any time."""
    return act is WindowAct.REGISTRATION or now - handed_in_at <= WITHDRAWN_WITHIN
