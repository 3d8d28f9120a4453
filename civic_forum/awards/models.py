"""Rounds of awards for proposals, their juries, nominees and scores."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from civic_forum.blocks.seats import Seats
from civic_forum.bodies.models import Membership
from civic_forum.platform.base import Key, db, enum_of, ref
from civic_forum.proposals.models import Proposal

from .rules import MOST_JURY, RoundState


class AwardRound(db.Model):
    """제안 포상: named, of a year, with criteria and a jury."""

    __tablename__ = "award_round"
    __table_args__ = (sa.UniqueConstraint("year", "name"),)

    id: Mapped[Key]
    year: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(60))
    criteria: Mapped[list] = mapped_column(sa.JSON)
    """What is scored, a few words each."""
    winners: Mapped[int]
    """How many places are awarded."""
    scores_until: Mapped[date]
    state: Mapped[RoundState] = mapped_column(enum_of(RoundState, "state"))
    created_by_id: Mapped[int] = ref("user.id", index=False)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class AwardJuror(Membership):
    """A member of the jury of a round."""

    seats = Seats(key="award_round", number=MOST_JURY)
    __mapper_args__ = {"polymorphic_identity": seats.key}
    round_id: Mapped[int] = synonym("about_id")


class AwardNominee(db.Model):
    """A proposal that stands for an award, and what became of it."""

    __tablename__ = "award_nominee"
    __table_args__ = (sa.UniqueConstraint("round_id", "proposal_id"),)

    id: Mapped[Key]
    round_id: Mapped[int] = ref("award_round.id", index=False)
    proposal_id: Mapped[int] = ref("proposal.id")
    why: Mapped[str] = mapped_column(sa.String(500))
    by_id: Mapped[int] = ref("user.id", index=False)
    at: Mapped[datetime]
    declined_at: Mapped[datetime | None]
    place: Mapped[int | None]
    """As it was published."""
    reason: Mapped[str | None] = mapped_column(sa.String(500))
    """Why it was awarded."""

    round: Mapped[AwardRound] = relationship()
    proposal: Mapped[Proposal] = relationship()


class AwardScore(db.Model):
    """Scores of one juror for one nominee: handed in once, seen by nobody until the round is published."""

    __tablename__ = "award_score"

    nominee_id: Mapped[int] = ref("award_nominee.id", primary_key=True, index=False)
    juror_id: Mapped[int] = ref("user.id", primary_key=True)
    points: Mapped[list] = mapped_column(sa.JSON)
    at: Mapped[datetime]
