"""The committee (참여예산위원회) and whom it recommends."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, synonym

from civic_forum.blocks.seats import Seats
from civic_forum.bodies.models import Membership
from civic_forum.platform.base import db

from .rules import MOST_MEMBERS


class CommitteeMember(Membership):
    """Somebody who sits on the committee of a round. Only marks of those who have finished are counted."""

    seats = Seats(key="budget_round", number=MOST_MEMBERS)
    __mapper_args__ = {"polymorphic_identity": seats.key}
    round_id: Mapped[int] = synonym("about_id")


class CommitteeMark(db.Model):
    """A member recommends a project. Deleted when the committee's votes are fixed: sums stay, names do not."""

    __tablename__ = "committee_mark"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("membership.id"), primary_key=True, autoincrement=False)
    project_id: Mapped[int] = mapped_column(sa.ForeignKey("project.id"), primary_key=True, autoincrement=False)
