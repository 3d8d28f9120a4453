"""Plans, their versions, and the actions of each version."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.blocks import about
from civic_forum.bodies.models import Body
from civic_forum.commitments.rules import Source, Unit
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref

from .rules import Action, Money, PlanKind, VersionState

NAMES, SOURCES = tuple(Action.__dataclass_fields__), {source.value: source for source in Source}


class Plan(db.Model):
    """A plan of the district, a department or a neighbourhood for a year; commitments belong to it."""

    __tablename__ = "plan"
    __table_args__ = (sa.UniqueConstraint("slug"), sa.Index("ix_plan_year", "year", "id"))

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[PlanKind] = mapped_column(enum_of(PlanKind, "kind"))
    title: Mapped[str] = mapped_column(sa.String(120))
    year: Mapped[int]
    department_id: Mapped[int | None] = ref("department.id")
    """Department that keeps it; None: a plan from before there were versions."""
    body_id: Mapped[int | None] = ref("body.id", index=False)
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    unit: Mapped[Unit] = mapped_column(enum_of(Unit, "unit"), default=Unit.THOUSAND)
    mapping: Mapped[dict] = mapped_column(sa.JSON, default=dict)
    """Headings of tables that were brought in → columns, as somebody said it last."""
    public_at: Mapped[datetime | None]
    """Since a version was asked first."""
    version: Mapped[int] = mapped_column(default=1)

    department: Mapped[Department | None] = relationship()
    body: Mapped[Body | None] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    versions: Mapped[list["PlanVersion"]] = relationship(order_by="PlanVersion.number", back_populates="plan")

    @property
    def public_versions(self) -> list["PlanVersion"]:
        return [version for version in self.versions if version.state is not VersionState.DRAFT]

    @property
    def current(self) -> "PlanVersion | None":
        """The version in force, or the last one that everybody reads."""
        there = self.public_versions
        last = there[-1] if there else None
        return next((version for version in there if version.state is VersionState.IN_FORCE), last)


class PlanVersion(about.HasSubject, db.Model):
    """A version of a plan. `about` is what decided it: an item of a meeting, a poll or a round."""

    __tablename__ = "plan_version"
    __table_args__ = (
        sa.UniqueConstraint("plan_id", "number"), *about.constraints("plan_version"),
        partial_index("uq_plan_version_asked", "plan_id", unique=True, where="state = 'asked'"),
        partial_index("uq_plan_version_in_force", "plan_id", unique=True, where="state = 'in_force'"),
        partial_index("ix_plan_version_proposed", "proposed_at", "id", where="proposed_at IS NOT NULL"))

    id: Mapped[Key]
    plan_id: Mapped[int] = ref("plan.id", index=False)
    number: Mapped[int]
    label: Mapped[str] = mapped_column(sa.String(60), default="")
    state: Mapped[VersionState] = mapped_column(enum_of(VersionState, "state"), default=VersionState.DRAFT)
    count: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    """Won of all its actions in the year of the plan, counted."""
    printed: Mapped[int | None]
    """Won that the table from which it came prints as their sum."""
    asked_at: Mapped[datetime | None]
    decided_on: Mapped[date | None]
    sent_on: Mapped[date | None]
    document: Mapped[str | None] = mapped_column(sa.String(60))
    """Number of the document with which it was sent."""
    proposed_at: Mapped[datetime | None]
    """Moment at which somebody wanted it in force, until another person let it be."""
    proposed_by_id: Mapped[int | None] = ref("user.id", index=False)
    in_force_on: Mapped[date | None]

    plan: Mapped[Plan] = relationship(back_populates="versions")
    actions: Mapped[list["PlanAction"]] = relationship(order_by="PlanAction.number", back_populates="version")

    @property
    def facts(self) -> tuple[Action, ...]:
        return tuple(action.facts for action in self.actions)


class PlanAction(db.Model):
    """An action in one version; the same key is the same action in all versions."""

    __tablename__ = "plan_action"
    __table_args__ = (sa.UniqueConstraint("version_id", "key"),)

    id: Mapped[Key]
    version_id: Mapped[int] = ref("plan_version.id", index=False)
    key: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    section: Mapped[str] = mapped_column(sa.String(60))
    need: Mapped[str] = mapped_column(sa.String(500))
    lead: Mapped[str] = mapped_column(sa.String(60))
    department_id: Mapped[int | None] = ref("department.id", index=False)
    body_id: Mapped[int | None] = ref("body.id", index=False)
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    money: Mapped[list] = mapped_column(sa.JSON)
    begins: Mapped[str | None] = mapped_column(sa.String(7))
    ends: Mapped[str | None] = mapped_column(sa.String(7))
    origin: Mapped[list] = mapped_column(sa.JSON)
    why_changed: Mapped[str] = mapped_column(sa.String(300))

    version: Mapped[PlanVersion] = relationship(back_populates="actions")

    @property
    def facts(self) -> Action:
        money, read = self.money, self.__dict__  # one attribute reads all, and a plan has hundreds of rows
        money = [Money(year, SOURCES[source], item, amount) for year, source, item, amount in money]
        return Action(**{name: read[name] for name in NAMES} | {"money": tuple(money), "origin": tuple(self.origin)})
