"""Trial elections (모의 선거): ballots from elsewhere or from an earlier year, counted by several rules."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.platform.base import Key, db, ref

from ..models import BudgetRound


class BudgetTrial(db.Model):
    """An election in the Pabulib format with what each rule makes of it."""

    __tablename__ = "budget_trial"
    __table_args__ = (sa.UniqueConstraint("slug"),)

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[str] = mapped_column(sa.String(200))
    about: Mapped[str] = mapped_column(sa.Text, default="")
    round_id: Mapped[int | None] = ref("budget_round.id")
    """For which round rules are compared with it."""
    source: Mapped[bytes] = mapped_column(sa.LargeBinary)
    """The .pb file, byte for byte as it was given."""
    sha256: Mapped[bytes] = mapped_column(sa.LargeBinary(32))
    step: Mapped[str] = mapped_column(sa.String(40), default="1")
    """By how much a voter's share grows, as an exact decimal (add1)."""
    result: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """The counts by every rule, once the worker has made them."""
    failed: Mapped[str | None] = mapped_column(sa.String(300))
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = ref("user.id", index=False)
    counted_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    """Since when everybody sees it; None: only those who prepare rounds, and the committee."""

    round: Mapped[BudgetRound | None] = relationship()
