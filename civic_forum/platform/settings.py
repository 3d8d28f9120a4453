"""Settings of the district: declared by features, changed at the desk, read everywhere.

A value stands in its row. Until the district has decided, it is that of the file or the variable of the machine
(`config.py`), or the one of the declaration. Each process keeps all rows as long as their table has the same version.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask import current_app, g, has_app_context
from sqlalchemy.orm import Mapped, mapped_column

from . import i18n, site_version
from .base import Key, db
from .i18n import OTHERS, Language
from .work import Work


class DistrictSetting(db.Model):
    """A decision that takes the place of the machine's file."""

    __tablename__ = "district_setting"
    __table_args__ = (sa.UniqueConstraint("name"),)

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(sa.String(40))
    value: Mapped[Any] = mapped_column(sa.JSON)
    earlier: Mapped[list] = mapped_column(sa.JSON, default=list, server_default="[]")
    """[[value, end as an ISO instant]] from before it was changed, in their order."""


class Group(StrEnum):
    """Heading of the page under which a setting stands."""

    THRESHOLDS = "thresholds"
    NAMES = "names"
    TAKING_PART = "taking-part"
    PRIVACY = "privacy"
    FIGURES = "figures"
    RULES = "rules"
    NOTICES = "notices"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Shape of a value: as people type it, as JSON keeps it, as code reads it."""

    check: Callable[[str, Mapping[str, str]], Any]
    """(text, code of another language → its text) as typed → JSON. Raises Refusal with a sentence."""
    typed: Callable[[Any], str | dict[str, str]]
    """A text, or one by language."""
    shown: Callable[[Any], str]
    read: Callable[[Any], Any] = lambda kept: kept
    choices: Mapping[str, object] = field(default_factory=dict)
    is_translated: bool = False
    rows: int = 1
    hint: object = ""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A change that those who began before may get as well, where whoever decides says so."""

    label: object
    is_offered: Callable[[Any, Any], bool]
    """(before, after)"""
    effect: Callable[[Any], str]
    """Sentence on what would happen if the new value were given to them now."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Something that the district decides, declared once by the feature that asks for it."""

    name: str
    group: Group
    label: object
    does: object
    """Sentence for residents."""
    shape: Shape
    by_two: bool = False
    default: Any = None
    """As JSON keeps it, where `config` knows nothing of it, or what gives it."""
    why_not: Callable[[Any, Any, date], str | None] = lambda _before, _after, _from_day: None
    compared: tuple[str, ...] = ()
    """Names of the others that `contradiction` asks for."""
    contradiction: Callable[[Any, Callable[[str], list]], str | None] = lambda _after, _of: None
    """(new value, name of another setting → its value now and the one that waits) → sentence where both cannot be."""
    standing: Standing | None = None
    carry_out: Callable[[Work, Mapping[str, list]], None] = lambda _work, _fields: None
    """(use-case, fields of the change), with the new value in force, in the transaction of the change."""

    @property
    def machine_names(self) -> tuple[str, ...]:
        """Names of it in `config`."""
        codes = ("ko", *OTHERS) if self.shape.is_translated else ("ko",)
        return tuple(name for code in codes if (name := in_language(self.name, code)) in current_app.config)

    @property
    def machine_value(self) -> Any:
        """JSON of what the machine says."""
        if not self.machine_names:
            return self.default() if callable(self.default) else self.default
        if not self.shape.is_translated:
            return _as_json(current_app.config[self.name])
        return {code: current_app.config[name] for code in ("ko", *OTHERS)
                if (name := in_language(self.name, code)) in self.machine_names}

    def words(self, fields: Mapping[str, list]) -> tuple[str | None, str]:
        """Value before and after a change, as pages show them."""
        before, after = fields["value"]
        return None if before is None else self.shape.shown(before), self.shape.shown(after)


SETTINGS: dict[str, Setting] = {}


def declare(*settings: Setting) -> None:
    SETTINGS.update({setting.name: setting for setting in settings})


@dataclass(frozen=True, eq=False)
class Decided:
    """All rows as code reads them."""

    version: int | None
    values: Mapping[str, Any]
    earlier: Mapping[str, tuple[tuple[Any, datetime], ...]]


NOTHING = Decided(None, {}, {})
KEPT = "district_settings"


def value(name: str) -> Any:
    """Decision of the district, or value of the machine."""
    values = now().values
    return values[name] if name in values else current_app.config[name]


def in_words(name: str) -> Any:
    """A value in the language of the page; the Korean one where there is none in it."""
    return in_words_at(name, None)


def in_english(name: str) -> Any:
    """A value for files and programs that have Latin letters alone."""
    return value(in_language(name, Language.EN))


def in_language(name: str, code: str | None = None) -> str:
    """Name under which a value in this language (of the page) stands."""
    return name + (i18n.known(code) if code else i18n.language()).suffix


def in_every_language(name: str) -> str:
    """Name under which the texts of a decision stand by language."""
    return f"{name}*"


def by_language(kept: Any) -> dict[str, str]:
    """Texts of a value by the codes of their languages; those of before are Korean and English."""
    return dict(kept) if isinstance(kept, Mapping) else dict(zip(("ko", "en"), kept, strict=False))


def values() -> Mapping[str, Any]:
    """All of them, among all that the machine says."""
    return {**current_app.config, **now().values}


def keep_up(versions: Mapping[str, int]) -> None:
    """Before fragments are used that may say a name of the district: none is of an earlier one."""
    site_version.note_read((DistrictSetting.__tablename__,))
    if current_app.extensions.get(KEPT, NOTHING).version != versions.get(DistrictSetting.__tablename__):
        now()


def value_at(name: str, moment: datetime | None) -> Any:
    """The same as it was at a moment (now): what began then keeps it."""
    return next((before for before, end in now().earlier.get(name, ()) if moment and moment < end), value(name))


def in_words_at(name: str, moment: datetime | None) -> Any:
    """`in_words`, as it was at a moment (now)."""
    own = in_language(name)
    return value_at(own if own in now().values or own in current_app.config else name, moment)


def now() -> Decided:
    """Rows as this transaction sees them."""
    kept = current_app.extensions.get(KEPT, NOTHING)
    if g.get("without_database"):
        return kept
    version, changed = site_version.of_table(DistrictSetting.__tablename__)
    if changed:
        return _read(version)
    if kept.version != version:
        kept = current_app.extensions[KEPT] = _read(version)
        if fragments := current_app.extensions.get("fragments"):
            fragments.cache_clear()  # they may say a name from before
    return kept


def _read(version: int | None) -> Decided:
    rows: Iterable[Any] = () if version is None else db.session.execute(
        sa.select(DistrictSetting.name, DistrictSetting.value, DistrictSetting.earlier)).all()
    values, earlier = {}, {}
    for name, kept, before in rows:
        values |= _spread(name, kept)
        for text, end in before:
            for part, read in _spread(name, text).items():
                earlier[part] = (*earlier.get(part, ()), (read, datetime.fromisoformat(end)))
    return Decided(version, values, earlier)


def _spread(name: str, kept: Any) -> dict[str, Any]:
    """By the names under which code asks for it; a language without words has the Korean ones, never the machine's."""
    if (setting := SETTINGS.get(name)) is None:
        return {}
    if setting.shape.is_translated:
        texts = by_language(kept)
        every = {in_language(name, code): texts.get(code) or texts["ko"] for code in ("ko", *OTHERS)}
        return every | {in_every_language(name): texts}
    return {name: setting.shape.read(kept)}


def _as_json(setting: Any) -> Any:
    if isinstance(setting, tuple):
        return [_as_json(part) for part in setting]
    return setting.isoformat() if isinstance(setting, date) else setting


def own_words(name: str, korean: str) -> None:
    """Let the district say something else wherever a text of the site is this one, in each language."""

    def words() -> str | None:
        return now().values.get(in_language(name)) if has_app_context() else None

    i18n.OWN_WORDS[korean] = words


def worded(name: str, text: LazyString) -> LazyString:
    """Words of the district in the place of this text of the site, where it decided so."""

    def words() -> str:
        return (has_app_context() and now().values.get(in_language(name))) or str(text)

    return LazyString(words)


def in_each(text: LazyString) -> dict[str, str]:
    """Text of the site in Korean and in the languages that have it."""
    texts = {}
    for spoken in (Language.KO, *OTHERS):
        with i18n.speaking(spoken):
            texts[str(spoken)] = str(text)
    return {code: words for code, words in texts.items() if code == Language.KO or words != texts[Language.KO]}
