"""Parts of a record: a dataclass with one line a field. The line says what the field is called, how long it may be, who
reads it and where it stands on the page; from it come the fields of the form, the checks, the writing into the columns
of the record, the card of the desk, the keys of a file and the fields that a ballot box keeps.

    @dataclass(frozen=True)
    class Wording(Part):
        title: str = line(_l("제목"), 200, needed=True)
        programme: str | None = line(_l("사업 이름"), 100, optional=True, sealed=True)

A field bears the name of the column. `Wording.form()` is the form, `Wording(…).write(record)` checks and writes.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any, ClassVar, Self

import sqlalchemy as sa
from wtforms import StringField, TextAreaField

from civic_forum.platform import plain_text, text_checks
from civic_forum.platform.forms import PUBLIC, Form, VersionedForm
from civic_forum.platform.i18n import OTHERS, _, _l, known
from civic_forum.platform.personal_numbers import refuse_secret

from . import about
from .kinds import WrongDeclaration
from .part_files import Entry
from .pickers import PickerField
from .part_fields import Day, Moment, Number, OneOf, PartField, Text, Tick, Video

__all__ = ["About", "Day", "Moment", "Number", "OneOf", "Part", "PartField", "PartForm", "Tick", "Translation",
           "Translations", "Video", "check_columns", "cleaned", "copied", "form_of", "line", "paragraphs", "said_by"]
"""With the fields of `blocks.part_fields`: a feature declares its parts with one import."""


@dataclass(frozen=True, kw_only=True)
class About(PartField):
    """The thing that a record is about (`blocks.about`): its kind, and a picker that kept its name from when it was
    always an agenda."""

    picked: Any = None
    """Label of the picker."""

    def controls(self, name: str) -> dict[str, Any]:
        return {"about_kind": about.kind_field(self.label),
                "agenda_slug": PickerField(self.picked, None, kind_from="about_kind")}

    def prepare(self, form: Form, name: str) -> None:
        if form.about_ref is not None:
            form["agenda_slug"].pickable = about.picker_of(form.about_ref)

    def typed(self, record: Any, name: str) -> dict[str, object]:
        return {"about_kind": record.about_kind, "agenda_slug": about.name_of(record.about)} | (
            {"about_kind": about.FIRST} if record.about is None else {})

    def value(self, record: Any, name: str) -> None:
        """None: a copy is about nothing yet."""

    def read(self, form: Any, name: str) -> about.Named | None:
        return about.named(form.about_kind, form.agenda_slug)

    def of_file(self, entry: Entry, key: str) -> about.Named | None:
        named = entry.text_or_none(key)
        return (about.FIRST, named) if named else None

    def write(self, record: Any, name: str, value: about.Named | None) -> None:
        about.write(record, value)

    def columns(self, name: str) -> tuple[str, ...]:
        return ("about_kind", "about_id")

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        return [("about_kind", "select", {}), ("agenda_slug", "picker", {"optional": True})]


@dataclass(frozen=True)
class Translation:
    """A text in other languages beside a Korean one, of this or another part; always optional."""

    label: Any
    most: int
    rows: int = 0


@dataclass(frozen=True, kw_only=True)
class Translations(PartField):
    """Texts of a record in other languages, in one column: `{language: {name: text}}`. In forms and files each stands
    under `<name>_<language>`."""

    of: Mapping[str, Translation]
    folded: ClassVar[bool] = True

    def _fields(self) -> Iterator[tuple[str, str, str, Translation]]:
        """(key, language, name, the text) of each."""
        return ((f"{name}_{words}", str(words), name, field) for words in OTHERS for name, field in self.of.items())

    def controls(self, name: str) -> dict[str, Any]:
        return {key: (TextAreaField if field.rows else StringField)(
            _l("%(name)s: %(language)s", name=field.label, language=known(words).label), render_kw=PUBLIC)
                for key, words, _text, field in self._fields()}

    def typed(self, record: Any, name: str) -> dict[str, object]:
        texts = getattr(record, name)
        return {key: (texts.get(words) or {}).get(text) for key, words, text, _field in self._fields()}

    def read(self, form: Any, name: str) -> dict[str, object]:
        return self._gathered(lambda key: form[key].data)

    def of_file(self, entry: Entry, key: str) -> dict[str, object]:
        return self._gathered(entry.text_or_none)

    def _gathered(self, text_of: Callable[[str], str | None]) -> dict[str, object]:
        texts: dict[str, dict[str, str]] = {}
        for key, words, name, _field in self._fields():
            if text := text_of(key):
                texts.setdefault(words, {})[name] = text
        return texts  # type: ignore[return-value]

    def keys(self, name: str) -> tuple[str, ...]:
        return tuple(key for key, _words, _text, _field in self._fields())

    def check(self, name: str, value: Mapping[str, Mapping[str, str]]) -> None:
        refuse_secret(**{f"{text}_{words}": typed for words, texts in value.items() for text, typed in texts.items()})

    def write(self, record: Any, name: str, value: Mapping[str, Mapping[str, str]]) -> None:
        setattr(record, name, text_checks.translations(value, {text: field.most for text, field in self.of.items()}))

    def shown(self, value: Mapping[str, object]) -> str:
        return ", ".join(words.label for words in OTHERS if value.get(words)) or _("없어요")

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        return [(key, "textarea" if field.rows else "field", {"optional": True, "lang": words} | (
            {"limit": field.most, "rows": field.rows} if field.rows else {"maxlength": field.most}))
                for key, words, _text, field in self._fields()]


def line(label: Any, most: int, **options: Any) -> Any:
    """A field of one line. `empty=None` for a column that may be null."""
    return said_by(Text(label=label, most=most, **options))


def paragraphs(label: Any, most: int, rows: int, **options: Any) -> Any:
    """A field of several lines; `markdown=True` where it is rendered."""
    return said_by(Text(label=label, most=most, rows=rows, **options))


def said_by(part_field: PartField, default: Any = dataclasses.MISSING) -> Any:
    """The field of the dataclass that this declares; its default is the value of an empty field, if it may be empty."""
    if default is dataclasses.MISSING and not part_field.needed:
        default = getattr(part_field, "empty", None)
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata={"part": part_field})
    return field(default=default, metadata={"part": part_field})


class Part:
    """Base of the parts of a record."""

    @classmethod
    @lru_cache(maxsize=64)
    def fields(cls) -> dict[str, PartField]:
        """Name → declaration, in the order of the page."""
        return {field.name: field.metadata["part"]
                for field in dataclasses.fields(cls) if "part" in field.metadata}  # type: ignore[arg-type]

    @classmethod
    def has_default(cls, name: str) -> bool:
        """True if the field need not be said."""
        field = {each.name: each for each in dataclasses.fields(cls)}[name]  # type: ignore[arg-type]
        return field.default is not dataclasses.MISSING or field.default_factory is not dataclasses.MISSING

    @classmethod
    def of(cls, record: Any) -> dict[str, object]:
        """Values that the controls show of a record."""
        return {control: value for name, field in cls.fields().items()
                for control, value in field.typed(record, name).items()}

    @classmethod
    def of_record(cls, record: Any, days: int = 0) -> Self:
        """The part as a record has it, its days and moments so many days later."""
        later = timedelta(days=days)
        values = {name: field.value(record, name) for name, field in cls.fields().items()}
        return cls(**{name: value + later if isinstance(value, date) and not getattr(cls.fields()[name], "stays", False)
                      else value for name, value in values.items()})

    @classmethod
    def of_file(cls, entry: Entry) -> Self:
        """Raises Unreadable with the key of what is missing or not of its kind."""
        return cls(**{name: field.of_file(entry, field.key or name) for name, field in cls.fields().items()})

    @classmethod
    def keys(cls) -> frozenset[str]:
        """Keys of a file, of the first level, that belong to this part."""
        return frozenset(key.partition(".")[0] for name, field in cls.fields().items() for key in field.keys(name))

    @classmethod
    def columns(cls) -> list[str]:
        """Attributes of the record that this part writes."""
        return [column for name, field in cls.fields().items() for column in field.columns(name)]

    @classmethod
    def sealed(cls, record: Any) -> dict[str, Any]:
        """Values that a ballot box keeps of the record besides what its definition names, where they say something."""
        return {name: value for name, field in cls.fields().items()
                if field.sealed and (value := getattr(record, name)) not in (None, "", {})}

    @classmethod
    def card(cls, record: Any) -> list[tuple[str, str]]:
        """(Label, value) of each line of its card at the desk."""
        return [(str(field.card or field.label), field.shown(getattr(record, name)) or field.said_of_nothing())
                for name, field in cls.fields().items() if field.on_card]

    @classmethod
    def form(cls, *names: str) -> "type[PartForm]":
        """The form of this part, or of some of its fields."""
        return form_of((cls, names or tuple(cls.fields())))

    @classmethod
    def check_field(cls, name: str, value: Any) -> None:
        """Raises Refusal for a field that is wrong by itself."""
        part_field = cls.fields()[name]
        if isinstance(part_field, Text):
            text_checks.check_lengths(SimpleNamespace(**{name: value}), {name: part_field.most})
        if part_field.needed and isinstance(part_field, Text):
            text_checks.check_filled(SimpleNamespace(**{name: value}), name)
        part_field.check(name, value)

    def check(self) -> None:
        """Raises Refusal at the first field that is too long, holds a number that nobody may publish, is empty although
        it is needed, or is not of its kind."""
        fields = self.fields()
        text_checks.check_lengths(self, {name: field.most for name, field in fields.items() if isinstance(field, Text)})
        for name, part_field in fields.items():
            if part_field.needed and isinstance(part_field, Text):
                text_checks.check_filled(self, name)
        for name, part_field in fields.items():
            part_field.check(name, getattr(self, name))

    def write(self, record: Any) -> None:
        """Check, then write the columns of the record. Raises Refusal as `check` does."""
        self.check()
        for name, part_field in self.fields().items():
            part_field.write(record, name, getattr(self, name))


def check_columns(model: type, *parts: type[Part]) -> None:
    """Raises WrongDeclaration for a field of a part that the model does not have."""
    known = {*sa.inspect(model).all_orm_descriptors.keys(), *vars(model)}
    for part in parts:
        for column in part.columns():
            if column not in known:
                raise WrongDeclaration(f"The part {part.__name__} names {column}, which {model.__name__} has not.")


@dataclass(frozen=True)
class Row:
    """Controls that stand beside each other, beneath a heading where there is one; or in a fold under it."""

    controls: list[tuple[Any, str, dict[str, object]]]
    heading: Any = None
    folded: bool = False

    @property
    def is_open(self) -> bool:
        """Something stands or is wrong in the fold."""
        return any(control.data or control.errors for control, _macro, _attributes in self.controls)


class PartForm(VersionedForm):
    """A form of one part, or of the first fields of several."""

    parts_of: ClassVar[Sequence[tuple[type[Part], Sequence[str]]]] = ()
    about_ref: Any = None

    def __init__(self, *args: Any, **kwargs: Any):
        record = kwargs.pop("record", None)
        self.about_ref = getattr(record, "about", None)
        super().__init__(*args, **kwargs)
        for name, part_field in self._said():
            part_field.prepare(self, name)

    @classmethod
    def of(cls, record: Any, version: int | None = None, **more: object) -> Self:
        """The form filled with a record; `version` where the record has none of its own."""
        data = {control: value for part, _names in cls.parts_of for control, value in part.of(record).items()}
        return cls(formdata=None, record=record, data=data | more | {
            "version": record.version if version is None else version})

    @classmethod
    def _said(cls) -> Iterator[tuple[str, PartField]]:
        for part, names in cls.parts_of:
            for name in names:
                yield name, part.fields()[name]

    def parts(self) -> list[Any]:
        """The parts that were typed. Raises Refusal for what is not of its kind."""
        return [part(**{name: part.fields()[name].read(self, name) for name in names}) for part, names in self.parts_of]

    def part(self) -> Any:
        """The one part that was typed."""
        return self.parts()[0]

    def refuse_the_rest(self, *parts: type[Part]) -> None:
        """Say of every other field that is wrong by itself that it is; `parts`: by the measure of others than its
        own."""
        for part, names in [(part, tuple(part.fields())) for part in parts] or self.parts_of:
            self.refuse_besides(**{name: partial(self._check, part, name) for name in names if name in self})

    def _check(self, part: type[Part], name: str) -> None:
        part.check_field(name, part.fields()[name].read(self, name))

    def rows(self, *names: str) -> list[Row]:
        """Controls of these fields in this order, or of all, as the page shows them."""
        rows: list[Row] = []
        beside, fields = False, dict(self._said())
        for name in names or fields:
            field = fields[name]
            drawn = [(self[control], macro, attributes) for control, macro, attributes in field.drawn(name)]
            if field.folded:
                rows.append(Row(drawn, field.heading or field.label, folded=True))
            elif beside:
                rows[-1].controls.extend(drawn)
            elif field.paired:
                rows.append(Row(drawn, field.heading))
            else:
                rows += [Row([control], field.heading if number == 0 else None) for number, control in enumerate(drawn)]
            beside = field.paired
        return rows


def form_of(*parts_of: tuple[type[Part], Sequence[str]], **more: Any) -> type[PartForm]:
    """A form of these fields of these parts; `more` are controls of its own."""
    controls = {control: unbound for part, names in parts_of for name in names
                for control, unbound in part.fields()[name].controls(name).items()}
    return type("PartForm", (PartForm,), {"parts_of": parts_of} | more | controls)


def copied(record: Any, parts: Iterable[type[Part]], *but: str) -> dict[str, Any]:
    """Columns of these parts as they stand in a record, for a copy of it."""
    return {column: getattr(record, column) for part in parts for column in part.columns() if column not in but}


def cleaned(data: object) -> Any:
    """Data of a file, every text of it NFC and without characters that nobody sees."""
    if isinstance(data, str):
        return plain_text.clean(data, lines=True)
    if isinstance(data, Mapping):
        return {name: cleaned(value) for name, value in data.items()}
    return [cleaned(value) for value in data] if isinstance(data, list) else data
