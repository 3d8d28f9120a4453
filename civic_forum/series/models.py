"""Series of a year, their steps, and the things that stand for a step."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref

from .rules import NOTE_MOST, STEP_MOST, TEXT_MOST, TITLE_MOST, SeriesKind


class Series(db.Model):
    """A year's work: meetings of which so many were promised, or the assembly of a neighbourhood."""

    __tablename__ = "year_series"
    __table_args__ = (
        sa.UniqueConstraint("slug"), sa.UniqueConstraint("after_id"), sa.Index("ix_year_series_year", "year", "id"),
        partial_index("uq_year_series_assembly", "year", "neighbourhood_id", unique=True, where="kind = 'assembly'"),
        sa.CheckConstraint("kind <> 'assembly' OR neighbourhood_id IS NOT NULL", name="assembly_has_neighbourhood"))

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[SeriesKind] = mapped_column(enum_of(SeriesKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(TITLE_MOST))
    text: Mapped[str] = mapped_column(sa.String(TEXT_MOST), default="")
    year: Mapped[int]
    promised: Mapped[int | None]
    """At least so many of what stands for its steps are held; None: nobody promised a number."""
    commitment_id: Mapped[int | None] = ref("commitment.id")
    target: Mapped[str | None] = mapped_column(sa.String(TITLE_MOST))
    """Label of the yearly target of a commitment for which it counts."""
    department_id: Mapped[int | None] = ref("department.id", index=False)
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id")
    after_id: Mapped[int | None] = ref("year_series.id", index=False)
    """The one of the year before that it goes on from."""
    created_by_id: Mapped[int | None] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    announced_at: Mapped[datetime | None]

    department: Mapped[Department | None] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    steps: Mapped[list["SeriesStep"]] = relationship(order_by="SeriesStep.number", back_populates="series")

    @property
    def has_things(self) -> bool:
        return any(step.things for step in self.steps)

    @property
    def url(self) -> str:
        year, _dash, place = self.slug.partition("-")
        return f"/assemblies/{year}/{place}" if self.kind is SeriesKind.ASSEMBLY else f"/series/{self.slug}"


class SeriesStep(db.Model):
    """A step of a series: a day, or from a day until another."""

    __tablename__ = "series_step"
    __table_args__ = (sa.UniqueConstraint("series_id", "number"),
                      sa.CheckConstraint("until_on IS NULL OR starts_on <= until_on", name="has_time"))

    id: Mapped[Key]
    series_id: Mapped[int] = ref("year_series.id", index=False)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(STEP_MOST))
    starts_on: Mapped[date]
    until_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.String(NOTE_MOST), default="")
    """A place, or why it was moved."""

    series: Mapped[Series] = relationship(back_populates="steps")
    things: Mapped[list["SeriesThing"]] = relationship(order_by="SeriesThing.id", back_populates="step",
                                                       cascade="all, delete-orphan")


class SeriesThing(db.Model):
    """A thing that stands for a step: a gathering, a vote, a budget round, a version of a plan."""

    __tablename__ = "series_thing"
    __table_args__ = (sa.UniqueConstraint("step_id", "kind", "record_id"),
                      sa.Index("ix_series_thing_record", "kind", "record_id"))

    id: Mapped[Key]
    step_id: Mapped[int] = ref("series_step.id", index=False)
    kind: Mapped[str] = mapped_column(sa.String(30))
    record_id: Mapped[int]
    copied_from: Mapped[int | None]
    """Id of the thing of the year before of which it is the copy."""

    step: Mapped[SeriesStep] = relationship(back_populates="things")
