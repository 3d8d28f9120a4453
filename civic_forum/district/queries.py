"""The district's lists. Short, and read on many pages."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from civic_forum.blocks import sections
from civic_forum.platform import settings
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, existing
from civic_forum.platform.i18n import _
from civic_forum.platform.settings import DistrictSetting
from civic_forum.platform.statements import made_once

from .models import (
    LISTS, Audience, Category, Department, DistrictChange, Named, Neighbourhood, ReadyText, Reason, names_of,
)
from .rules import BY_TWO, DistrictAct, DistrictList

MOST_SHOWN = 200
BLANK = re.compile(r"\[[^\[\]\n]*\]")
"""Place in a ready-made text that is filled for each answer: `[날]`."""
HELD: dict[DistrictList, Any] = LISTS | {DistrictList.SETTINGS: DistrictSetting}


def neighbourhoods(*, closed: bool = False) -> list[Neighbourhood]:
    """As `departments`."""
    return _there(Neighbourhood, closed)


def _there(kind: Any, closed: bool) -> list[Any]:
    every = sa.select(kind).order_by(kind.position)
    return list(db.session.scalars(every if closed else every.where(kind.closed_at.is_(None))))


def _places() -> tuple[dict[int, str], dict[int, tuple[datetime, int]]]:
    """Id of each neighbourhood → its name in the language of the page, in the district's order, lighter than records;
    id of each closed one → its end, and the id of that with which it was merged then."""
    rows = drawn()
    return {row.id: row.name for row in rows}, {
        row.id: (row.closed_at, row.successor_id) for row in rows if row.closed_at is not None}


class Drawn(NamedTuple):
    """A neighbourhood as a map names it, lighter than its record."""

    id: int
    name: str
    name_ko: str
    known: tuple[tuple[str, str], ...]
    closed_at: datetime | None
    successor_id: int | None

    @property
    def names(self) -> dict[str, str]:
        """As `Named.names`."""
        return dict(self.known)


def drawn() -> tuple[Drawn, ...]:
    """All of them, the closed ones too."""
    return sections.kept(_drawn)  # type: ignore[no-any-return]


def _drawn() -> tuple[Drawn, ...]:
    return tuple([Drawn(*row[:3], tuple(names_of(row).items()), row.closed_at, row.successor_id)
                  for row in db.session.connection().execute(_every_place())])


@made_once
def _every_place() -> sa.Select:
    return sa.select(Neighbourhood.id, Neighbourhood.name.label("name"), Neighbourhood.name_ko, Neighbourhood.earlier,
                     Neighbourhood.closed_at, Neighbourhood.successor_id).order_by(Neighbourhood.position)


def neighbourhood_names() -> dict[int, str]:
    return dict(sections.kept(_places)[0])


def open_neighbourhood_names() -> dict[int, str]:
    """Those that can be chosen."""
    names, merged = sections.kept(_places)
    return {key: name for key, name in names.items() if key not in merged}


def merged_places() -> dict[int, tuple[datetime, int]]:
    return sections.kept(_places)[1]  # type: ignore[no-any-return]


def place_at(place: Any, moment: datetime | None = None) -> Any:
    """Id of what stood in the place of this neighbourhood at a moment (now); None for None."""
    return _place_at(place, moment, merged_places())


def _place_at(place: Any, moment: datetime | None, merged: Mapping[int, tuple[datetime, int]]) -> Any:
    while place in merged and (moment is None or merged[place][0] <= moment):
        place = merged[place][1]
    return place


def places_within(ids: Iterable[int]) -> frozenset[int]:
    """These, and those closed ones in whose place one of them stands now."""
    if not (there := frozenset(ids)):
        return there
    merged = merged_places()
    return there | {place for place in merged if _place_at(place, None, merged) in there}


def spoken_names(kept: Collection[str] = ()) -> dict[str, str]:
    """Korean name of each neighbourhood → its name in the language of the page, in the district's order. One of which a
    text that stands says an earlier name (`kept`) has that name here too, and so has a closed one."""
    every = [(place, {name for name in kept if name in place.names}) for place in neighbourhoods(closed=True)]
    return {korean: place.names[korean] for place, kept_names in every if kept_names or place.closed_at is None
            for korean in kept_names or (place.name_ko,)}


def ids_by_name(entries: Iterable[Named], moment: datetime | None = None) -> dict[str, int]:
    """Korean name → id, of earlier names too; of a closed one the id of its successor, of a neighbourhood that of what
    stood in its place at this moment (now)."""
    every = list(entries)
    ids = {name: entry for entry in every for name in entry.names} | {entry.name_ko: entry for entry in every}
    return {name: place_at(entry.id, moment) if isinstance(entry, Neighbourhood) else
            getattr(entry, "successor_id", None) or entry.id for name, entry in ids.items()}


def departments(*, closed: bool = False) -> list[Department]:
    """Those that are there; with `closed` also those whose past stands under their name."""
    return _there(Department, closed)


def office(department_id: int | None) -> str:
    """Name of a department; of the whole office where there is none."""
    return department_names().get(department_id or 0) or settings.value("OFFICE_NAME")


def department_names() -> dict[int, str]:
    """Id → name of all departments; behind that of a closed one, the successor."""
    names = {department.id: department for department in departments(closed=True)}
    return {key: named.name if named.successor_id is None else _("%(name)s(지금은 %(now)s)", name=named.name,
                                                                now=names[named.successor_id].name)
            for key, named in names.items()}


def open_department_names() -> dict[int, str]:
    """Those that can be chosen, without their records."""
    return dict(db.session.execute(_open_departments()).all())


@made_once
def _open_departments() -> sa.Select[tuple[int, str]]:
    return sa.select(Department.id, Department.name).where(Department.closed_at.is_(None)).order_by(Department.position)


def open_department(department_id: int) -> Department | None:
    """Not a closed one, and not closed before this transaction ends."""
    return _open(Department, department_id)


def open_neighbourhood(neighbourhood_id: int) -> Neighbourhood | None:
    """As `open_department`."""
    return _open(Neighbourhood, neighbourhood_id)


def _open(kind: Any, entry_id: int) -> Any:
    return db.session.scalar(sa.select(kind).where(kind.id == entry_id, kind.closed_at.is_(None))
                             .with_for_update(read=True))


def department_now(department_id: int | None) -> int | None:
    """Id of a department, or of the successor of a closed one; neither is closed before this transaction ends."""
    return db.session.scalar(sa.select(sa.func.coalesce(Department.successor_id, Department.id)).where(
        Department.id == department_id).with_for_update(read=True))


def audiences(*, closed: bool = False) -> list[Audience]:
    """As `departments`."""
    return _there(Audience, closed)


@dataclass(frozen=True)
class Words:
    """A category or a reason as pages name it."""

    key: str
    name: str
    name_ko: str
    earlier: list
    now: str
    """Key of the one that took its place, or its own."""
    names, name_at = Named.names, Named.name_at


def categories() -> Mapping[str, Words]:
    """All of them by key, in their order and in the language of the page; read again once the table changed."""
    return sections.kept(_words, Category)  # type: ignore[no-any-return]


def reasons() -> Mapping[str, Words]:
    """As `categories`."""
    return sections.kept(_words, Reason)  # type: ignore[no-any-return]


def _words(of: type[Category] | type[Reason]) -> dict[str, Words]:
    return {row.key: Words(*row) for row in db.session.connection().execute(_keyed(of))}


@made_once
def _keyed(of: type[Category] | type[Reason]) -> sa.Select:
    successor = aliased(of)
    return (sa.select(of.key, of.name, of.name_ko, of.earlier, sa.func.coalesce(successor.key, of.key).label("now"))
            .outerjoin(successor, successor.id == of.successor_id).order_by(of.position, of.id))


def category_names() -> dict[str, str]:
    """Key → name, also of those whose past stands under their name."""
    return {key: category.name for key, category in categories().items()}


def open_categories() -> dict[str, str]:
    """Key → name of those that can be chosen."""
    return {key: category.name for key, category in categories().items() if category.now == key}


def category_keys() -> dict[str, str]:
    """Korean name, of earlier ones too → key."""
    return {name: key for key, category in categories().items() for name in category.names}


def category_now(key: str | None) -> str:
    """Key of what stands in its place today; empty for none."""
    return categories()[key].now if key else ""


def category(key: str) -> Category:
    """The record; of a closed one that of its successor."""
    return db.session.scalars(sa.select(Category).filter_by(key=category_now(key))).one()


def reason_names() -> dict[str, str]:
    """As `category_names`."""
    return {key: reason.name for key, reason in reasons().items()}


def ready_texts() -> Mapping[int, tuple[str, str]]:
    """Id → name and text of those that are offered, in their order."""
    return sections.kept(_ready_texts)  # type: ignore[no-any-return]


def _ready_texts() -> dict[int, tuple[str, str]]:
    statement = sa.select(ReadyText.id, ReadyText.name, ReadyText.text).where(ReadyText.text != "")
    return {key: (name, text) for key, name, text in db.session.execute(statement.order_by(ReadyText.position))}


def blank_left(text: str) -> str | None:
    """The first blank of a ready-made text that nobody filled."""
    blanks = {blank for _name, ready in ready_texts().values() for blank in BLANK.findall(ready)}
    return next((blank for blank in BLANK.findall(text) if blank in blanks), None)


def entries(of: DistrictList) -> list[Any]:
    """Entries of a list in their order."""
    model = LISTS[of]
    return list(db.session.scalars(sa.select(model).order_by(model.position, model.id)))


def entry(of: DistrictList, entry_id: int) -> Any:
    """Raises NotFound."""
    return existing(db.session.get(LISTS[of], entry_id), lambda: NotFound(_("목록에 없어요. 새로 열어 확인해 주세요.")))


def held(of: DistrictList) -> list[Any]:
    """All entries of a list in their order, locked: whoever changes one knows the names of all."""
    model = HELD[of]
    entries = db.session.scalars(sa.select(model).order_by(model.id).with_for_update()
                                 .execution_options(populate_existing=True))
    return sorted(entries, key=lambda entry: (getattr(entry, "position", 0), entry.id))


def setting_names() -> dict[int, str]:
    """By the ids that changes name."""
    return dict(db.session.execute(sa.select(DistrictSetting.id, DistrictSetting.name)).all())


def history(of: DistrictList, subject_id: int | None = None) -> list[DistrictChange]:
    """Changes of a list, or of one of its entries, the newest first."""
    changes = sa.select(DistrictChange).where(DistrictChange.list == of).order_by(DistrictChange.id.desc())
    changes = changes if subject_id is None else changes.where(DistrictChange.subject_id == subject_id)
    return list(db.session.scalars(changes.limit(MOST_SHOWN)))


WAITS = DistrictChange.applied_at.is_(None), DistrictChange.withdrawn_at.is_(None)


def all_waiting() -> dict[DistrictList, dict[int, DistrictChange]]:
    """Changes that are still to come, by list and by the entry that they are of."""
    waiting: dict[DistrictList, dict[int, DistrictChange]] = {of: {} for of in DistrictList}
    for change in db.session.scalars(sa.select(DistrictChange).where(*WAITS)):
        waiting[change.list][change.subject_id] = change
    return waiting


def waiting(of: DistrictList) -> dict[int, DistrictChange]:
    """Those of this list."""
    return all_waiting()[of]


def due(today: date) -> list[int]:
    """Changes whose day has come, in the order in which they were decided."""
    return list(db.session.scalars(sa.select(DistrictChange.id).where(
        DistrictChange.from_day <= today, *WAITS, sa.or_(
            DistrictChange.act.not_in(BY_TWO), DistrictChange.confirmed_at.is_not(None)))
        .order_by(DistrictChange.from_day, DistrictChange.id)))


def to_confirm(user_id: int, today: date) -> list[DistrictChange]:
    """Changes that another administrator than this one decided and nobody confirmed, whose day is still to come."""
    return list(db.session.scalars(sa.select(DistrictChange).where(
        *WAITS, DistrictChange.act.in_(BY_TWO), DistrictChange.confirmed_at.is_(None), DistrictChange.by_id != user_id,
        DistrictChange.from_day > today).order_by(DistrictChange.from_day, DistrictChange.id).limit(MOST_SHOWN)))


def change(change_id: int, *, lock: bool = False) -> DistrictChange:
    """Raises NotFound."""
    return existing(db.session.get(DistrictChange, change_id, with_for_update=lock or None, populate_existing=lock),
                    lambda: NotFound(_("없는 변경이에요. 목록을 새로 열어 확인해 주세요.")))


def last_change(of: DistrictList, subject_id: int) -> int:
    """Id of the newest change of an entry but of its place; 0 for none."""
    return db.session.scalar(sa.select(sa.func.max(DistrictChange.id)).where(
        DistrictChange.list == of, DistrictChange.subject_id == subject_id,
        DistrictChange.act != DistrictAct.MOVE)) or 0


MARKED = {"district.change_withdrawn": "withdrawn_at"} | dict.fromkeys(
    ("district.setting_changed", "district.renamed", "district.set", "district.closed"), "applied_at")
"""Action in the audit log → column of the change that it filled."""
COMPARED = ("value", "name_ko", "support_threshold", "support_days", "answer_days")


def behind_audit() -> list[str]:
    """Entries (`department:3`) of which the last change that the audit log names is not in the tables: those were put
    back as they had been before."""
    models = {model.__tablename__: model for model in (*HELD.values(), DistrictChange)}
    records: dict[str, Any] = {f"{table}:{record.id}": record for table, model in models.items()
                               for record in db.session.scalars(sa.select(model))}
    newest = sa.select(sa.func.max(AuditEntry.id)).where(AuditEntry.action.startswith("district.")).group_by(
        AuditEntry.subject, AuditEntry.action)
    behind = set()
    for action, subject, details in db.session.execute(
            sa.select(AuditEntry.action, AuditEntry.subject, AuditEntry.details).where(AuditEntry.id.in_(newest))):
        named = f"district_change:{details['change']}" if "change" in details else subject
        change, column = records.get(named), MARKED.get(action)
        if any(name.partition(":")[0] in models and name not in records for name in (subject, named)) or (
                column and isinstance(change, DistrictChange) and getattr(change, column) is None):
            behind.add(subject)
    last: dict[str, dict[str, Any]] = defaultdict(dict)
    applied = (change for change in records.values() if isinstance(change, DistrictChange) and change.applied_at)
    for change in sorted(applied, key=lambda change: (change.applied_at, change.id)):
        last[f"{HELD[change.list].__tablename__}:{change.subject_id}"] |= change.fields
    return sorted(behind | {subject for subject, fields in last.items() if any(
        getattr(records.get(subject), name, None) != fields[name][1] for name in COMPARED if name in fields)
        or "successor" in fields and getattr(records.get(subject), "closed_at", None) is None})
