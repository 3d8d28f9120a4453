"""Petitions, and what the office replies."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.blocks.approval_models import ApprovedText, PublishedVersion, Stage
from civic_forum.platform.base import Key, db, enum_of, ref
from civic_forum.platform.rich_text import Html


class Petition(db.Model):
    __tablename__ = "petition"

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    title: Mapped[str] = mapped_column(sa.String(100))
    demand: Mapped[str] = mapped_column(sa.Text, default="")
    demand_html: Mapped[str] = mapped_column(Html, default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str | None] = mapped_column(sa.String(100))
    until: Mapped[date | None]
    contact: Mapped[str | None] = mapped_column(sa.String(200))
    author_id: Mapped[int] = ref("user.id")
    announced_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_rule: Mapped[str | None]
    thread_id: Mapped[int | None] = ref("thread.id")
    author: Mapped[User] = relationship()
    reply: Mapped["Reply | None"] = relationship(back_populates="petition")


class Reply(ApprovedText, db.Model):
    __tablename__ = "petition_reply"

    id: Mapped[Key]
    petition_id: Mapped[int] = mapped_column(sa.ForeignKey("petition.id"), unique=True)
    state: Mapped[Stage] = mapped_column(enum_of(Stage, "state"))
    text: Mapped[str] = mapped_column(sa.Text)
    text_html: Mapped[str] = mapped_column(Html, default="")
    petition: Mapped[Petition] = relationship(back_populates="reply")


class ReplyVersion(PublishedVersion, db.Model):
    __tablename__ = "petition_reply_version"

    petition_reply_id: Mapped[int] = mapped_column(sa.ForeignKey("petition_reply.id"), primary_key=True)
    details: Mapped[dict] = mapped_column(sa.JSON)
