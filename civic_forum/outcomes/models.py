"""Outcomes: decided or not, why, what follows, and how what was promised is carried out."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.attachments.models import Attachment
from civic_forum.blocks.approval_models import ApprovedText, PublishedVersion
from civic_forum.district.models import Department, category_key
from civic_forum.platform.base import Key, db, enum_of, ref
from civic_forum.platform.rich_text import Html

from .rules import Decision, OutcomeState, Progress, promises

PUBLIC = sa.text("published_at IS NOT NULL")

outcome_neighbourhood = sa.Table(
    "outcome_neighbourhood", db.metadata,
    sa.Column("outcome_id", sa.ForeignKey("outcome.id"), primary_key=True),
    sa.Column("neighbourhood_id", sa.ForeignKey("neighbourhood.id"), primary_key=True),
)
"""Which neighbourhoods it concerns, as its subject said when it was published; none: the whole district."""


class Outcome(ApprovedText, db.Model):
    """Decision of an office on something decidable; one each, corrected by versions."""

    __tablename__ = "outcome"
    __table_args__ = (
        sa.UniqueConstraint("subject", "subject_id"),
        *(sa.Index(f"ix_outcome_public_{name}", *columns, "decided_on", "id", sqlite_where=PUBLIC,
                   postgresql_where=PUBLIC)
          for name, columns in (("newest", ()), ("decision", ("decision",)), ("subject", ("subject",)),
                                ("progress", ("progress",)), ("department", ("department_id",)))),
        sa.Index("ix_outcome_department_id", "department_id", "state", "id"),
    )

    id: Mapped[Key]
    subject: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    """The thing that it is about, of a kind with the capability `Decidable`."""
    department_id: Mapped[int] = ref("department.id", index=False)
    """Whose it is: what is not public yet stays inside it."""
    state: Mapped[OutcomeState] = mapped_column(enum_of(OutcomeState, "state"))
    decision: Mapped[Decision | None] = mapped_column(enum_of(Decision, "decision"))
    title: Mapped[str] = mapped_column(sa.String(200))
    reasons: Mapped[str] = mapped_column(sa.Text)
    reasons_html: Mapped[str] = mapped_column(Html, default="")
    what_follows: Mapped[str] = mapped_column(sa.Text, default="")
    what_follows_html: Mapped[str] = mapped_column(Html, default="")
    decided_on: Mapped[date]
    promised_on: Mapped[date | None]
    """By when it is to be done."""
    first_promised_on: Mapped[date | None]
    """What was promised when it was published; a correction may move the day, and everybody sees both."""
    cost: Mapped[int | None]
    """In won."""
    cost_note: Mapped[str | None] = mapped_column(sa.String(300))
    documents: Mapped[list] = mapped_column(sa.JSON, default=list)
    """[[title, text]]: their content as text on the page."""
    links: Mapped[list] = mapped_column(sa.JSON, default=list)
    """[[title, address]], root-relative."""
    way: Mapped[list] = mapped_column(sa.JSON, default=list)
    """[[step, count, day, address]]: what lay behind it when it was last told, so that a list of outcomes asks nothing
    about agendas, votes and proposals."""
    progress: Mapped[Progress] = mapped_column(enum_of(Progress, "progress"), default=Progress.PROMISED)
    reported_on: Mapped[date | None]
    """The day on which something was told of it last, or on which it was done; as its commitment says."""
    spent: Mapped[int | None]
    """In won, as its commitment says."""

    category: Mapped[str | None] = category_key()
    """Of most of the proposals behind it, when it was published."""
    before_id: Mapped[int | None] = ref("attachment.id", index=False)
    after_id: Mapped[int | None] = ref("attachment.id", index=False)

    department: Mapped[Department] = relationship()
    before: Mapped[Attachment | None] = relationship(foreign_keys=before_id)
    after: Mapped[Attachment | None] = relationship(foreign_keys=after_id)
    """Pictures of the place before and after; their descriptions are the attachments'."""

    @property
    def promises(self) -> bool:
        """True for one of which something is to be carried out."""
        return promises(self.decision, self.promised_on)


class OutcomeVersion(PublishedVersion, db.Model):
    """An outcome as it was published, or corrected, at `at`."""

    __tablename__ = "outcome_version"

    outcome_id: Mapped[int] = ref("outcome.id", primary_key=True, index=False)
    content: Mapped[dict] = mapped_column(sa.JSON)


class OutcomeReport(db.Model):
    """Report of an older site on what was done of what was promised; `catch_up` of commitments makes an entry of
    the ledger of each, and takes it away."""

    __tablename__ = "outcome_report"

    outcome_id: Mapped[int] = ref("outcome.id", primary_key=True, index=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(Html)
    on: Mapped[date]
    progress: Mapped[Progress] = mapped_column(enum_of(Progress, "progress"))
    spent: Mapped[int | None]
    """In won, from the beginning."""
    by_id: Mapped[int] = ref("user.id", index=False)
    at: Mapped[datetime]
