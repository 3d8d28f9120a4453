"""Subject of a poll or a forum: any thing of a kind with the capability `Decidable`, as a `Ref`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_login import AnonymousUserMixin
from sqlalchemy.orm import Mapped, mapped_column
from wtforms import SelectChoice, SelectField

from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _

from . import kinds, pickers
from .extensions import Extension, Section
from .kinds import Decidable, Kind, Ref
from .pickers import PickerField

FIRST = "agenda"
"""The kind that a form offers before somebody chooses another."""
SECTIONS: Extension[[str, Sequence[int]], Section] = Extension("polls and forums about a thing")
"""(kind, ids) → the section about these things, for a page that does not read it by its own statement."""


Named = tuple[str, str]
"""A thing as a form or a file names it: by its kind and by what `Kind.named` finds."""


class HasSubject:
    """Columns of a model whose records may be about a thing."""

    about_kind: Mapped[str | None] = mapped_column(sa.String(30))
    about_id: Mapped[int | None]

    @property
    def about(self) -> Ref | None:
        """The thing that it is about."""
        return Ref(self.about_kind, self.about_id) if self.about_kind and self.about_id else None

    @about.setter
    def about(self, ref: Ref | None) -> None:
        self.about_kind, self.about_id = (ref.kind, ref.id) if ref else (None, None)

    def about_one(self, kind: str) -> int | None:
        """The id of the thing that it is about, where that is of this kind."""
        return self.about_id if self.about_kind == kind else None


def constraints(table: str) -> tuple[sa.CheckConstraint, sa.Index]:
    """Of a table with these columns."""
    return (sa.CheckConstraint("(about_kind IS NULL) = (about_id IS NULL)", name="about_is_whole"),
            sa.Index(f"ix_{table}_about", "about_kind", "about_id"))


def is_about(model: Any, kind: str, ids: Any) -> sa.ColumnElement[bool]:
    """Condition that records of this model are about one of these things."""
    return sa.and_(model.about_kind == kind, model.about_id.in_(ids))


@dataclass(frozen=True)
class Subject:
    """The thing that a record is about, as everybody may read it."""

    kind: Kind[Any]
    title: str
    url: str


def subject(ref: Ref | None) -> Subject | None:
    """None where there is none, or not everybody may read it: the page is the same for all."""
    kind = kinds.find(ref.kind) if ref else None
    record = kind.record(ref.id) if kind and ref else None
    if kind is None or record is None or kind.why_not_read(AnonymousUserMixin(), record):
        return None
    return Subject(kind, kind.title(record), kind.url(record))


def subjects(refs: Iterable[Ref | None]) -> dict[Ref, Subject]:
    """Those of many, by one statement for each kind."""
    ids: dict[str, set[int]] = {}
    for ref in filter(None, refs):
        ids.setdefault(ref.kind, set()).add(ref.id)
    read = [(kind, db.session.scalars(sa.select(kind.model).where(kind.model.id.in_(wanted)).execution_options(
        populate_existing=True)).all()) for name, wanted in ids.items() if (kind := kinds.find(name))]
    pairs = [(ref, subject(ref)) for kind, records in read for ref in map(kind.ref, records)]
    return {ref: thing for ref, thing in pairs if thing is not None}


def write(record: Any, named: Named | None) -> None:
    """Write what a record is about. Raises Refusal at the field for what not everybody may read, unless the record was
    about that before."""
    record.about = named and _ref(record, named)


def _ref(record: Any, named: Named) -> Ref:
    kind, name = kinds.find(named[0]), named[1]
    decides = kind.get(Decidable) if kind else None
    if kind is None or decides is None:
        raise Refusal(_("바탕이 될 수 있는 것을 목록에서 골라 주세요."), field="about_kind")
    basis = kind.named(name) if kind.named else None
    if basis is record:
        raise Refusal(_("자기 자신은 바탕이 될 수 없어요. 다른 것을 골라 주세요."), field="agenda_slug")
    if basis is not None and (kind.ref(basis) == record.about or not kind.why_not_read(AnonymousUserMixin(), basis)):
        return kind.ref(basis)
    raise Refusal(str(decides.none_public or kind.missing()), field="agenda_slug")


def _choices() -> list[SelectChoice]:
    decidable = sorted(kinds.having(Decidable), key=lambda pair: pair[1].order)
    return [SelectChoice(kind.name, kind.label) for kind, _decides in decidable]


def kind_field(label: object) -> SelectField:
    """The field that names the kind, beside the picker `agenda_slug`, which kept its name from when it was always an
    agenda."""
    return SelectField(label, choices=_choices, default=FIRST, validate_choice=False)


def named(kind_from: SelectField, picker: PickerField) -> Named | None:
    """The thing that two fields name; None for an empty picker. Raises Refusal at the picker."""
    name = kind_from.data or ""
    if not picker.data:
        return None
    kind = kinds.find(name)
    picker.pickable = pickers.known.get(name) if kind and kind.get(Decidable) else None
    return name, picker.value or ""


def picker_of(ref: Ref | None) -> pickers.Pickable | None:
    return pickers.known.get(ref.kind) if ref else None


def name_of(ref: Ref | None) -> str:
    """By which a form names a thing; nothing for none."""
    kind = kinds.find(ref.kind) if ref else None
    decides, record = (kind.get(Decidable), kind.record(ref.id)) if kind and ref else (None, None)
    return "" if decides is None or record is None else decides.name(record)
