"""Directory of the office as a CSV: its rows as people to be invited, and what is wrong with the others. Pure.
Columns stand in any order; those that are not known are passed over and not kept."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from civic_forum.platform.csv_tables import Row
from civic_forum.platform.plain_text import clean
from civic_forum.platform.spreadsheets import cell, line_as_typed

from ..rules import NICKNAME_LEAST, NICKNAME_MOST, SCOPE_OF, TITLE_MOST, Post, Role, Scope, email_address

MOST = 2_000
"""Rows of a file."""


class Column(StrEnum):
    NAME = "name"
    EMAIL = "email"
    PLACE = "department"
    """Or neighbourhood of a clerk."""
    ROLE = "role"
    HEAD = "head"
    TITLE = "title"


HEADINGS = {column.value: column for column in Column} | dict(zip(
    ("이름", "메일", "부서", "역할", "부서장", "직함"), Column, strict=True)) | {
    "성명": Column.NAME, "전자우편": Column.EMAIL, "이메일": Column.EMAIL, "mail": Column.EMAIL, "권한": Column.ROLE}
NEEDED = (Column.NAME, Column.EMAIL, Column.PLACE, Column.ROLE)
ROLES = {"운영자": Role.MODERATOR, "부서담당자": Role.OFFICIAL, "담당자": Role.OFFICIAL, "동담당자": Role.CLERK,
         "참관인": Role.OBSERVER, "관리자": Role.ADMINISTRATOR, "보기만하는사람": Role.READER, "보기만": Role.READER,
         **{role.value: role for role in Role}}
YES, NO = frozenset(("예", "네", "y", "yes", "o", "1", "부서장")), frozenset(("", "아니요", "n", "no", "x", "0"))


class Fault(StrEnum):
    """Reason for which a row invites nobody."""

    FORMULA = "formula"
    NAME = "name"
    EMAIL = "email"
    TWICE = "twice"
    ROLE = "role"
    PLACE = "place"
    HEAD = "head"
    TWO_HEADS = "two_heads"
    TITLE = "title"
    INVITED = "invited"
    HELD = "held"


MENDED_BY = {Fault.ROLE: Column.ROLE, Fault.PLACE: Column.PLACE}
"""Faults that a choice mends → the column that it fills."""


class NoDirectory(ValueError):
    """A table without a needed column, or with one twice."""


class Invitee(NamedTuple):
    """Somebody to be invited, and to what."""

    name: str
    email: str
    post: Post


class RowFault(NamedTuple):
    line: int
    fault: Fault
    typed: str
    role: Role | None
    other: int
    """Line on which the same stands already, or 0."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """The office as it is."""

    departments: Mapping[str, int]
    """Name without blanks → id; that of a closed one → its successor."""
    neighbourhoods: Mapping[str, int]
    invited: Collection[str] = ()
    """Addresses."""
    held: Collection[tuple[str, tuple]] = ()
    """Address, and role, department and neighbourhood."""


@dataclass
class Reading:
    people: list[Invitee] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    text: str = ""
    """The table as it was read."""


def key(text: str) -> str:
    """A word as it is compared: without blanks, in small letters."""
    return "".join(clean(text).split()).casefold()


def columns(rows: Sequence[Row]) -> dict[Column, int]:
    """Place of each column by the first row. Raises NoDirectory."""
    places: dict[Column, int] = {}
    for place, heading in enumerate(rows[0].cells if rows else ()):
        column = HEADINGS.get(key(heading))
        if column is not None and places.setdefault(column, place) != place:
            raise NoDirectory
    if not places.keys() >= set(NEEDED):
        raise NoDirectory
    return places


def rewritten(rows: Sequence[Row], mends: Mapping[tuple[int, str], str]) -> str:
    """The table with known columns alone, every row on its line, and what was chosen for (line, column) in its cell.
    Raises NoDirectory."""
    places, lines = columns(rows), []
    for number, cells in rows:
        lines += ["\n"] * (number - 1 - len(lines))
        lines.append(line_as_typed(places if number == rows[0].number else [
            mends.get((number, column)) or _at(cells, place) for column, place in places.items()]))
    return "".join(lines)


def _at(cells: Sequence[str], place: int | None) -> str:
    return clean(cells[place]) if place is not None and place < len(cells) else ""


def emails(rows: Sequence[Row]) -> set[str]:
    """Addresses that a directory names. Raises NoDirectory."""
    place = columns(rows)[Column.EMAIL]
    return {address.lower() for _line, cells in rows[1:] if (address := email_address(_at(cells, place)))}


def read(rows: Sequence[Row], known: Known) -> Reading:
    """Everybody whom a directory names well; each other row with the first thing that is wrong. Raises NoDirectory."""
    places, reading = columns(rows), Reading(text=rewritten(rows, {}))
    lines: dict[object, int] = {}
    for number, cells in rows[1:]:
        texts = {column: _at(cells, places.get(column)) for column in Column}
        role = ROLES.get(key(texts[Column.ROLE]))
        invitee = _invitee(texts, role, known)
        post = invitee.post
        others = lines.get(invitee.email, 0), lines.get(post.is_head and post.department_id, 0)
        for fault, typed, is_so in _faults(texts, role, invitee, known, others):
            if is_so:
                reading.faults.append(RowFault(number, fault, typed[:60], role, sum(others)))
                break
        else:
            reading.people.append(invitee)
            lines |= {invitee.email: number} | ({post.department_id: number} if post.is_head else {})
    return reading


def _invitee(texts: Mapping[Column, str], role: Role | None, known: Known) -> Invitee:
    scope, place = SCOPE_OF.get(role) if role else None, key(texts[Column.PLACE])
    return Invitee(texts[Column.NAME], (email_address(texts[Column.EMAIL]) or "").lower(), Post(
        role or Role.OFFICIAL, known.departments.get(place) if scope is Scope.DEPARTMENT else None,
        known.neighbourhoods.get(place) if scope is Scope.NEIGHBOURHOOD else None,
        key(texts[Column.HEAD]) in YES, texts[Column.TITLE] if role is Role.READER else ""))


def _faults(texts: Mapping[Column, str], role: Role | None, invitee: Invitee, known: Known,
            others: tuple[int, int]) -> Iterable[tuple[Fault, str, bool]]:
    """Faults that a row can have, its text there, and True for those that it has."""
    (name, email, post), head, place = invitee, key(texts[Column.HEAD]), texts[Column.PLACE]
    formula = next((text for text in texts.values() if cell(text) != text), "")
    return (
        (Fault.FORMULA, formula, bool(formula)),
        (Fault.NAME, name, not NICKNAME_LEAST <= len(name) <= NICKNAME_MOST),
        (Fault.EMAIL, texts[Column.EMAIL], not email), (Fault.ROLE, texts[Column.ROLE], role is None),
        (Fault.PLACE, place, post.role in SCOPE_OF and not (post.department_id or post.neighbourhood_id)),
        (Fault.HEAD, texts[Column.HEAD], head not in YES | NO or post.is_head and role is not Role.OFFICIAL),
        (Fault.TITLE, post.title, role is Role.READER and not 0 < len(post.title) <= TITLE_MOST),
        (Fault.INVITED, email, email in known.invited), (Fault.HELD, email, (email, post[:3]) in known.held),
        (Fault.TWICE, email, others[0] > 0), (Fault.TWO_HEADS, place, others[1] > 0))
