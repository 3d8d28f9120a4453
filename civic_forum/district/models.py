"""The district itself: its neighbourhoods, the departments of its office, whom a proposal serves, what it is about,
and what an answer to it comes to."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from civic_forum.platform.base import Key, Number, db, enum_of, partial_index, ref
from civic_forum.platform.i18n import OTHERS, Language, language

from .rules import BY_TWO, DistrictAct, DistrictList


def names_of(entry: Any) -> dict[str, str]:
    """Every Korean name that an entry has or had, the present one first → the name of that time, in the language of the
    page."""
    first = {entry.name_ko: entry.name}
    return first if not entry.earlier else first | {korean: words.get(language()) or korean for korean, words, _end in
                                                    reversed(entry.earlier) if korean != entry.name_ko}


class Named:
    """Something with a Korean name, and names in other languages, listed in a fixed order."""

    id: Mapped[Key]
    position: Mapped[int]
    name_ko: Mapped[str] = mapped_column(sa.String(60))
    words: Mapped[dict] = mapped_column(sa.JSON, default=dict, server_default="{}")
    """Code of another language → its name in it; without one it has its Korean name there."""
    earlier: Mapped[list] = mapped_column(sa.JSON, default=list, server_default="[]")
    """[[Korean name, `words`, end as an ISO instant]] from before it was renamed, in their order."""

    @hybrid_property
    def name(self) -> str:
        """In the language of the page, also in a statement."""
        return self.words.get(language()) or self.name_ko

    @name.inplace.expression
    @classmethod
    def _name(cls) -> sa.ColumnElement[str]:
        return cls.named_in(language())

    @classmethod
    def named_in(cls, language: Language) -> sa.ColumnElement[str]:
        """Its name in this language, for a statement."""
        if language.is_korean:
            return sa.type_coerce(cls.name_ko, sa.String)
        return sa.func.coalesce(cls.words[str(language)].as_string(), cls.name_ko)

    def field(self, name: str) -> Any:
        """Value of a field of a change; `name_` and the code of another language is its name in it."""
        code = name.removeprefix("name_")
        return self.words.get(code) if code in OTHERS else getattr(self, name)

    def set_field(self, name: str, value: Any) -> None:
        if (code := name.removeprefix("name_")) in OTHERS:
            self.words = {key: text for key, text in (self.words | {code: value}).items() if text}
        else:
            setattr(self, name, value)

    @property
    def names(self) -> dict[str, str]:
        """As `names_of`."""
        return names_of(self)

    @property
    def mark(self) -> Any:
        """Value by which records stand on it."""
        return self.id

    def name_at(self, moment: datetime | None) -> str:
        """The Korean name that it had at this moment (now)."""
        ended = (names[0] for names in self.earlier if moment and moment < datetime.fromisoformat(names[2]))
        return next(ended, self.name_ko)


class Neighbourhood(Named, db.Model):
    __tablename__ = "neighbourhood"
    __table_args__ = (sa.UniqueConstraint("name_ko"),
                      sa.CheckConstraint("(closed_at IS NULL) = (successor_id IS NULL)", name="closed_to_another"))

    closed_at: Mapped[datetime | None]
    successor_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    """Neighbourhood with which it was merged: that of its day, which may be closed by now too."""


class Department(Named, db.Model):
    __tablename__ = "department"
    __table_args__ = (sa.UniqueConstraint("name_ko"),
                      sa.CheckConstraint("(closed_at IS NULL) = (successor_id IS NULL)", name="closed_to_another"))

    closed_at: Mapped[datetime | None]
    successor_id: Mapped[int | None] = ref("department.id", index=False)
    """Department that took over what was open when this one was closed."""


class Audience(Named, db.Model):
    """A group that a proposal serves (청소년, 어르신 …)."""

    __tablename__ = "audience"
    __table_args__ = (sa.UniqueConstraint("name_ko"),
                      sa.CheckConstraint("(closed_at IS NULL) = (successor_id IS NULL)", name="closed_to_another"))

    closed_at: Mapped[datetime | None]
    successor_id: Mapped[int | None] = ref("audience.id", index=False)


class Keyed(Named):
    """A name that records know by a word, and that can be closed with a successor."""

    key: Mapped[str] = mapped_column(sa.String(40))
    """Its word in addresses, files and the tables of what it is about."""
    closed_at: Mapped[datetime | None]

    @property
    def mark(self) -> str:
        return self.key


class Category(Keyed, db.Model):
    """A field that a proposal is about (안전, 환경·청소 …), with rules of its own where it differs from the district."""

    __tablename__ = "category"
    __table_args__ = (sa.UniqueConstraint("name_ko"), sa.UniqueConstraint("key"),
                      sa.CheckConstraint("(closed_at IS NULL) = (successor_id IS NULL)", name="closed_to_another"))

    successor_id: Mapped[int | None] = ref("category.id", index=False)
    support_threshold: Mapped[int | None]
    support_days: Mapped[int | None]
    answer_days: Mapped[int | None]
    department_id: Mapped[int | None] = ref("department.id", index=False)
    """Proposed to whoever passes a proposal on."""


class Reason(Keyed, db.Model):
    """Outcome of a final answer (하기로 했어요, 이미 하고 있어요 …). One that the district made declines."""

    __tablename__ = "reason"
    __table_args__ = (sa.UniqueConstraint("name_ko"), sa.UniqueConstraint("key"),
                      sa.CheckConstraint("(closed_at IS NULL) = (successor_id IS NULL)", name="closed_to_another"))

    successor_id: Mapped[int | None] = ref("reason.id", index=False)


class ReadyText(Named, db.Model):
    """A text from which an answer can begin, with blanks in brackets."""

    __tablename__ = "ready_text"
    __table_args__ = (sa.UniqueConstraint("name_ko"),)

    text: Mapped[str] = mapped_column(sa.Text)
    """Empty: not offered any more."""


def category_key() -> MappedColumn[Any]:
    """A column that says of which category a record is."""
    return mapped_column(sa.String(40), sa.ForeignKey("category.key"))


Closable = Neighbourhood | Department | Audience | Category | Reason
LISTS: dict[DistrictList, type[Neighbourhood] | type[Department] | type[Audience] | type[Category] | type[Reason] |
            type[ReadyText]] = {
    DistrictList.NEIGHBOURHOODS: Neighbourhood, DistrictList.DEPARTMENTS: Department,
    DistrictList.AUDIENCES: Audience, DistrictList.CATEGORIES: Category, DistrictList.REASONS: Reason,
    DistrictList.TEXTS: ReadyText}


class DistrictChange(db.Model):
    """A decision about an entry of the lists: by whom, why, from when."""

    __tablename__ = "district_change"
    __table_args__ = (
        partial_index("uq_district_change_waiting", "list", "subject_id", unique=True,
                      where="applied_at IS NULL AND withdrawn_at IS NULL"),
        sa.Index("ix_district_change_subject", "list", "subject_id", "id"),
    )

    id: Mapped[Key]
    list: Mapped[DistrictList] = mapped_column(enum_of(DistrictList, "list"))
    subject_id: Mapped[int] = mapped_column(Number)
    act: Mapped[DistrictAct] = mapped_column(enum_of(DistrictAct, "act"))
    fields: Mapped[dict] = mapped_column(sa.JSON)
    """Field → [before, after]."""
    why: Mapped[str] = mapped_column(sa.String(300))
    by_id: Mapped[int | None] = ref("user.id", index=False)
    """None: a command on the machine."""
    from_day: Mapped[date]
    made_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = ref("user.id", index=False)
    """Second person, where it takes two."""
    confirmed_at: Mapped[datetime | None]
    applied_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def waits(self) -> bool:
        return self.applied_at is None and self.withdrawn_at is None

    @property
    def asks_another(self) -> bool:
        """A second person still has to confirm it."""
        return self.waits and self.act in BY_TWO and self.confirmed_at is None
