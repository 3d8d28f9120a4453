"""Questions from the floor and beforehand."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.accounts.models import User
from civic_forum.answers.models import Duty
from civic_forum.blocks.kinds import Ref
from civic_forum.platform.base import Key, db, ref
from civic_forum.platform.i18n import _

from ..tables.models import ForumTable
from .rules import place, standing


KIND = "forum_question"


class Question(db.Model):
    """A question (질문): supported, grouped under another, answered by somebody."""

    __tablename__ = "forum_question"
    __table_args__ = (sa.Index("ix_forum_question_support_count", "forum_id", "support_count", "id"),)

    id: Mapped[Key]
    forum_id: Mapped[int] = ref("forum.id", index=False)
    user_id: Mapped[int | None] = ref("user.id")
    name: Mapped[str | None] = mapped_column(sa.String(60))
    """Of somebody without a device, for whom it was typed."""
    typed_by_id: Mapped[int | None] = ref("user.id", index=False)
    table_id: Mapped[int | None] = ref("forum_table.id", index=False)
    text: Mapped[str] = mapped_column(sa.String(500))
    asked_at: Mapped[datetime]
    beforehand: Mapped[bool] = mapped_column(default=False)
    support_count: Mapped[int] = mapped_column(default=0)
    """People who support it or one that is grouped under it, directly or through others; each once."""
    grouped_under_id: Mapped[int | None] = ref("forum_question.id")
    """Never changed by grouping the other one further, so grouping is undone in any order."""
    group_count: Mapped[int] = mapped_column(default=0)
    """How many others are grouped under it."""
    answer: Mapped[str | None] = mapped_column(sa.String(1000))
    answered_by: Mapped[str | None] = mapped_column(sa.String(60))
    """Who answered, as the hall knows them: a nickname or a department."""
    answered_at: Mapped[datetime | None]
    answer_changed_at: Mapped[datetime | None]
    """When the answer was put otherwise, openly."""
    reopened_at: Mapped[datetime | None]
    """When it was said that it is not answered after all, openly."""
    hidden_at: Mapped[datetime | None]
    hidden_why: Mapped[str | None] = mapped_column(sa.String(300))
    """What the host said when hiding it; of moderators there is their act."""
    hidden_rule: Mapped[str | None] = mapped_column(sa.String(40))
    """The rule by which moderators hid it."""
    proposal_id: Mapped[int | None] = ref("proposal.id", ondelete="SET NULL")
    """What became of it."""

    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    table: Mapped[ForumTable | None] = relationship()

    @hybrid_property
    def author_id(self) -> int | None:
        """The user who answers for its words: who asked it, or who typed it for somebody."""
        return self.user_id or self.typed_by_id

    @author_id.inplace.expression
    @classmethod
    def _author_id(cls):
        return sa.func.coalesce(cls.user_id, cls.typed_by_id)

    duty: Mapped[Duty | None] = relationship(
        primaryjoin=lambda: sa.and_(sa.orm.foreign(Duty.about_id) == Question.id, Duty.about_kind == KIND),
        viewonly=True, uselist=False)
    """Of the department that answers it later."""

    @property
    def ref(self) -> Ref:
        return Ref(KIND, self.id)

    @property
    def waits(self) -> bool:
        """True while it stands in the list without an answer."""
        return not (self.answered_at or self.hidden_at or self.grouped_under_id)

    @property
    def standing(self) -> tuple[int, int, int]:
        """Sort key among the others, smallest first."""
        return standing(self.hidden_at is not None, self.answered_at is not None, self.support_count, self.id)

    @property
    def place(self) -> int:
        """The same as one number, as the page sorts by."""
        return place(self.standing)

    @property
    def asker(self) -> str:
        """As the hall knows them."""
        return self.name or (self.user.name if self.user else _("이름 없음"))


class QuestionSupport(db.Model):
    """Record that somebody wants this question answered too; once."""

    __tablename__ = "forum_question_support"

    question_id: Mapped[int] = ref("forum_question.id", primary_key=True, index=False)
    user_id: Mapped[int] = ref("user.id", primary_key=True)
    at: Mapped[datetime]
