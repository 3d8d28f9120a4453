"""Participants and their needs."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.blocks.submissions import Submission
from civic_forum.district.models import Neighbourhood
from civic_forum.platform.base import Key, db, enum_of, ref
from civic_forum.platform.i18n import _

from ..rules import AgeGroup, Place, Way


class Registration(db.Model):
    """Record that somebody takes part in a forum, or waits for a place."""

    __tablename__ = "forum_registration"
    __table_args__ = (
        sa.UniqueConstraint("forum_id", "user_id"), sa.UniqueConstraint("submission_id"),
        sa.UniqueConstraint("forum_id", "applied_id"),
        sa.Index("ix_forum_registration_asked_at", "asked_at"),
        sa.Index("ix_forum_registration_place", "forum_id", "way", "place", "asked_at", "id"),
    )

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    user_id: Mapped[int | None] = ref("user.id")
    """Owner of its submission, once in a forum; None: somebody without an account, who asked at a window or was chosen
    in a call."""
    submission_id: Mapped[int] = ref("submission.id", index=False)
    """Stands as long as the place is not withdrawn; whoever asks again hands in anew."""
    applied_id: Mapped[int | None] = ref("submission.id", index=False)
    """Application of who was chosen without an account."""
    way: Mapped[Way] = mapped_column(enum_of(Way, "way"))
    place: Mapped[Place] = mapped_column(enum_of(Place, "place"))
    asked_at: Mapped[datetime]
    """The order of the waiting list."""
    needs: Mapped[list] = mapped_column(sa.JSON, default=list)
    """Chosen out of what is offered."""
    needs_sealed: Mapped[bytes | None]
    """More, in their own words; opened only by those who prepare the forum, forgotten afterwards."""
    age_group: Mapped[AgeGroup | None] = mapped_column(enum_of(AgeGroup, "age_group"))
    """Given for the ledger of speaking time, the figures and mixed tables; nobody has to."""
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    """The same."""
    came_at: Mapped[datetime | None]
    """When they first were there."""

    user: Mapped[User | None] = relationship()
    submission: Mapped[Submission] = relationship(foreign_keys=[submission_id])
    applied: Mapped[Submission | None] = relationship(foreign_keys=[applied_id])
    neighbourhood: Mapped[Neighbourhood | None] = relationship()

    @property
    def called(self) -> str:
        """Name for those who prepare the forum."""
        if self.user or self.applied is None:
            return self.user.name if self.user else _("창구에서 신청, %(number)s", number=self.submission.number)
        return _("모집에서 뽑힘, %(number)s", number=self.applied.number)


class RecordingConsent(db.Model):
    """Consent of somebody to be recorded: kept apart from the registration, given or taken back at any time."""

    __tablename__ = "recording_consent"

    forum_id: Mapped[int] = ref("forum.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    given: Mapped[bool]
    at: Mapped[datetime]
