"""Fields of parts (`blocks.parts`): texts, numbers, moments, days, choices and boxes."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import urlsplit

from flask import current_app
from wtforms import BooleanField, RadioField, SelectChoice, StringField, TextAreaField

from civic_forum.platform import rich_text
from civic_forum.platform.errors import Refusal
from civic_forum.platform.fields import DayField, MomentField, NumberField, chosen
from civic_forum.platform.forms import PUBLIC, Form
from civic_forum.platform.i18n import _, day, end, moment, won

from .part_files import Entry

SHOWN = 120
"""Characters of a long text on a card."""
NONE = "none"
"""The choice by which somebody says that there is none."""


@dataclass(frozen=True, kw_only=True)
class PartField(ABC):
    """Declaration of one field of a part. Subclasses know the control, the type and the checks."""

    label: Any
    hint: Any = None
    optional: bool = False
    """The page says so beside the label."""
    needed: bool = False
    """It must say something."""
    heading: Any = None
    """Above the field."""
    paired: bool = False
    """In one row with the field after it."""
    attrs: Mapping[str, object] = field(default_factory=dict)
    """Arguments of the macro that draws it."""
    key: str | None = None
    """Its key in a file, with points between the levels; its name where none is given."""
    sealed: bool = False
    """A ballot box keeps it, where it says something."""
    card: Any = None
    """Its label on the card of the desk, where that is another."""
    on_card: bool = True
    unset: Any = None
    """Words of the card where nothing is filled in."""
    macro: ClassVar[str] = "field"
    folded: ClassVar[bool] = False
    """Under its label in a fold."""

    @abstractmethod
    def controls(self, name: str) -> dict[str, Any]:
        """Name of the control → field of WTForms. Several for a field that people fill in in several places."""

    def prepare(self, form: Form, name: str) -> None:
        """Give the controls of a form the choices that the database knows."""
        return None

    def typed(self, record: Any, name: str) -> dict[str, object]:
        """Name of the control → what it shows of a record."""
        return {name: getattr(record, name)}

    def value(self, record: Any, name: str) -> Any:
        """Value of a record, as the part has it."""
        return getattr(record, name)

    @abstractmethod
    def read(self, form: Any, name: str) -> object:
        """Value that was typed. Raises Refusal for what is not of its kind."""

    @abstractmethod
    def of_file(self, entry: Entry, key: str) -> object:
        """Value that stands in a file. Raises Unreadable."""

    def keys(self, name: str) -> tuple[str, ...]:
        return (self.key or name,)

    def check(self, name: str, value: Any) -> None:
        """Raises Refusal at the field."""
        return None

    def write(self, record: Any, name: str, value: Any) -> None:
        setattr(record, name, value)

    def columns(self, name: str) -> tuple[str, ...]:
        """Attributes of the record that it writes."""
        return (name,)

    def shown(self, value: Any) -> str:
        """The value on the card; nothing where it says nothing."""
        return "" if value is None else str(value)

    def said_of_nothing(self) -> str:
        return str(self.unset) if self.unset else "–" if self.optional else _("아직 적지 않았어요")

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        """(control, macro, its arguments) of each control, in order."""
        return [(name, self.macro, self._arguments())]

    def _arguments(self) -> dict[str, object]:
        arguments = {"hint": self.hint} if self.hint is not None else {}
        return arguments | ({"optional": True} if self.optional else {}) | dict(self.attrs)


@dataclass(frozen=True, kw_only=True)
class Text(PartField):
    """A text: a line, or with `rows` paragraphs; with `markdown` what it renders to is kept beside it."""

    most: int
    rows: int = 0
    markdown: bool = False
    public: bool = True
    empty: str | None = ""
    """Value of the column for an empty field."""

    @property
    def macro(self) -> str:  # type: ignore[override]
        return "textarea" if self.rows else "field"

    def controls(self, name: str) -> dict[str, Any]:
        kind = TextAreaField if self.rows else StringField
        return {name: kind(self.label, render_kw=PUBLIC if self.public else None)}

    def read(self, form: Any, name: str) -> str | None:
        return form[name].data or self.empty

    def of_file(self, entry: Entry, key: str) -> str | None:
        return entry.text(key) if self.needed else entry.text_or_none(key) or self.empty

    def columns(self, name: str) -> tuple[str, ...]:
        return (name, f"{name}_html") if self.markdown else (name,)

    def shown(self, value: str | None) -> str:
        """The beginning of a long text."""
        text = value or ""
        return f"{text[:SHOWN - 1]}…" if self.markdown and len(text) > SHOWN else text

    def write(self, record: Any, name: str, value: Any) -> None:
        setattr(record, name, value)
        if self.markdown:
            setattr(record, f"{name}_html", rich_text.render(value))

    def drawn(self, name: str) -> list[tuple[str, str, dict[str, object]]]:
        most = {"limit": self.most, "rows": self.rows} if self.rows else {"maxlength": self.most}
        return [(name, self.macro, self._arguments() | most | dict(self.attrs))]


@dataclass(frozen=True, kw_only=True)
class Video(Text):
    """An https address; in a sample district also a sentence that says where the video would be."""

    def check(self, name: str, value: str | None) -> None:
        if not value or current_app.config["SAMPLE"] and "://" not in value:
            return
        try:
            parts = urlsplit(value)
            fits = parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
            fits = fits and (parts.port or 443) > 0
        except ValueError:
            fits = False
        if not fits or any(character.isspace() for character in value):
            raise Refusal(_("https://로 시작하는 주소를 적어 주세요."), field=name)


@dataclass(frozen=True, kw_only=True)
class Number(PartField):
    """A whole number from `least` to `most`; outside it `sentence` says so."""

    least: int = 0
    most: int = 10**13
    sentence: Any = None
    empty: int | None = None
    """Value for nothing, and where it is not 0 also for 0."""
    won: bool = False
    """A sum of money."""
    shown_as: Any = None
    """Words of the card with `%(value)s` in them."""
    times: int = 1
    """One in a file stands for so many."""

    def controls(self, name: str) -> dict[str, Any]:
        return {name: NumberField(self.label)}

    def read(self, form: Any, name: str) -> int | None:
        number: int | None = form[name].number
        return self.empty if number is None or self.empty and not number else number

    def of_file(self, entry: Entry, key: str) -> int | None:
        number = entry.number(key)
        return self.empty if number is None else number * self.times

    def check(self, name: str, value: int | None) -> None:
        if value is not None and not self.least <= value <= self.most:
            raise Refusal(str(self.sentence or _("숫자를 다시 확인해 주세요.")), field=name)

    def shown(self, value: int | None) -> str:
        if value is None:
            return ""
        written = won(value) if self.won else f"{value:,}"
        return str(self.shown_as) % {"value": written} if self.shown_as else written

    def _arguments(self) -> dict[str, object]:
        return super()._arguments() | {"inputmode": "numeric"}


@dataclass(frozen=True, kw_only=True)
class Moment(PartField):
    """An instant, typed as people in the district read a clock."""

    ends: bool = False
    """Something is over then."""

    def controls(self, name: str) -> dict[str, Any]:
        return {name: MomentField(self.label, ends=self.ends)}

    def read(self, form: Any, name: str) -> datetime | None:
        typed: datetime | None = form[name].needed if self.needed else form[name].moment
        return typed

    def of_file(self, entry: Entry, key: str) -> datetime | None:
        return entry.instant(key) if self.needed or entry.has(key) else None

    def shown(self, value: datetime | None) -> str:
        return (end(value) if self.ends else moment(value)) if value else ""


@dataclass(frozen=True, kw_only=True)
class Day(PartField):
    stays: bool = False
    """A copy that is held later keeps it."""

    def controls(self, name: str) -> dict[str, Any]:
        return {name: DayField(self.label)}

    def read(self, form: Any, name: str) -> date | None:
        typed: date | None = form[name].needed if self.needed or form[name].data else None
        return typed

    def of_file(self, entry: Entry, key: str) -> date | None:
        return entry.day(key) if self.needed or entry.has(key) else None

    def shown(self, value: date | None) -> str:
        return day(value) if value else ""


@dataclass(frozen=True, kw_only=True)
class OneOf(PartField):
    """A choice among the members of an enum, each with its label; with `none` also of none, under that label."""

    of: type[StrEnum]
    labels: Mapping[Any, Any]
    none: Any = None
    default: StrEnum | None = None
    """In a file that does not say it."""
    macro: ClassVar[str] = "radios"

    def controls(self, name: str) -> dict[str, Any]:
        first = [SelectChoice(NONE, self.none)] if self.none is not None else []
        choices = [*first, *(SelectChoice(str(choice), self.labels[choice]) for choice in self.of)]
        return {name: RadioField(self.label, choices=choices, validate_choice=False)}

    def typed(self, record: Any, name: str) -> dict[str, object]:
        value = getattr(record, name)
        return {name: str(value) if value is not None else NONE if self.none is not None else None}

    def read(self, form: Any, name: str) -> object:
        if self.none is not None and form[name].data in (None, NONE):
            return None
        return chosen(form[name], self.of)

    def of_file(self, entry: Entry, key: str) -> object:
        if (self.none is not None or self.default is not None) and not entry.has(key):
            return self.default
        return entry.one_of(self.of, key)

    def shown(self, value: Any) -> str:
        return str(self.labels[self.of(value)] if value else self.none or "")


@dataclass(frozen=True, kw_only=True)
class Tick(PartField):
    """One box: yes or no."""

    macro: ClassVar[str] = "checkbox"

    def controls(self, name: str) -> dict[str, Any]:
        return {name: BooleanField(self.label)}

    def read(self, form: Any, name: str) -> bool:
        return bool(form[name].data)

    def shown(self, value: bool) -> str:
        return _("네") if value else _("아니요")

    def of_file(self, entry: Entry, key: str) -> bool:
        return entry.has(key)
