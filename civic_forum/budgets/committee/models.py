"""The committee (참여예산위원회) and whom it recommends."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.platform.base import Key, db, ref


class CommitteeMember(db.Model):
    """Somebody who sits on the committee of a round."""

    __tablename__ = "committee_member"
    __table_args__ = (sa.UniqueConstraint("round_id", "user_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = ref("budget_round.id", index=False)
    user_id: Mapped[int] = ref("user.id")
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = ref("user.id", index=False)
    finished_at: Mapped[datetime | None]
    """When the member said that the marks are done; only finished ones are counted."""

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class CommitteeMark(db.Model):
    """A member recommends a project. Deleted when the committee's votes are fixed: sums stay, names do not."""

    __tablename__ = "committee_mark"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("committee_member.id"), primary_key=True, autoincrement=False)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), primary_key=True, autoincrement=False)
