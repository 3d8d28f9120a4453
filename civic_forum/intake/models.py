"""Items that were said or handed in outside the browser."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from civic_forum.blocks import about
from civic_forum.blocks.submissions import Submission
from civic_forum.district.models import Audience, Department, Neighbourhood, category_key
from civic_forum.forums.models import Forum
from civic_forum.platform.base import Key, db, enum_of, partial_index, ref
from civic_forum.platform.i18n import local

from .passes.models import IntakePass
from .rules import TEXT_MOST, Became, ItemForm, ItemState, WindowAct, shredded_from, state_of


class IntakeItem(about.HasSubject, db.Model):
    """One thing said or handed in. Its text is public once a second person read that it names nobody."""

    __tablename__ = "intake_item"
    __table_args__ = (
        sa.UniqueConstraint("submission_id"), sa.UniqueConstraint("row_key"),
        sa.Index("ix_intake_item_day", "day", "id"), sa.Index("ix_intake_item_forum", "forum_id", "id"),
        sa.Index("ix_intake_item_neighbourhood", "neighbourhood_id", "day", "id"),
        partial_index("ix_intake_item_unchecked", "typed_at", "id", where="checked_at IS NULL"),
        partial_index("ix_intake_item_unsorted", "id", where="checked_at IS NOT NULL AND became IS NULL"),
        sa.Index("ix_intake_item_pass_id", "pass_id", "id"),
        partial_index("ix_intake_item_replying", "id", where="typed_reply IS NOT NULL"),
        partial_index("ix_intake_item_act", "id", where="facts IS NOT NULL"), *about.constraints("intake_item"))

    id: Mapped[Key]
    submission_id: Mapped[int] = ref("submission.id", index=False)
    row_key: Mapped[str] = mapped_column(sa.String(36))
    """Random, made where it was typed: the same row comes once."""
    clash_id: Mapped[int | None] = ref("submission.id", index=False)
    """The number that stood on its paper belonged to that one."""
    form: Mapped[ItemForm] = mapped_column(enum_of(ItemForm, "form"))
    text: Mapped[str] = mapped_column(sa.String(TEXT_MOST))
    language: Mapped[str] = mapped_column(sa.String(5), default="ko")
    category: Mapped[str | None] = category_key()
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    audience_id: Mapped[int | None] = ref("audience.id", index=False)
    forum_id: Mapped[int | None] = ref("forum.id", index=False)
    """Visit at which it was said; None: at a desk."""
    day: Mapped[date]
    names: Mapped[int | None]
    """Readable names on a sheet: of the first who counted, until a second person came to the same number."""
    attachment_set_id: Mapped[int | None] = ref("attachment_set.id", index=False)
    """Pictures of the original, cleaned; never public."""
    typed_by_id: Mapped[int] = ref("user.id", index=False)
    typed_at: Mapped[datetime]
    pass_id: Mapped[int | None] = ref("intake_pass.id", index=False)
    """Of the helper who typed it; then `typed_by` is who made the pass."""
    checked_by_id: Mapped[int | None] = ref("user.id", index=False)
    checked_at: Mapped[datetime | None]
    returned_because: Mapped[str | None] = mapped_column(sa.String(300))
    became: Mapped[Became | None] = mapped_column(enum_of(Became, "became"))
    """The thing is what it is about."""
    act: Mapped[WindowAct | None] = mapped_column(enum_of(WindowAct, "act"))
    facts: Mapped[dict | None] = mapped_column(sa.JSON(none_as_null=True))
    """Words of an act by the names of their fields, until a second clerk confirmed it."""
    reply: Mapped[str] = mapped_column(sa.String(1000), default="")
    replied_by: Mapped[str | None] = mapped_column(sa.String(60))
    """Post of who answered on the spot."""
    typed_reply: Mapped[dict[str, str] | None] = mapped_column(sa.JSON(none_as_null=True))
    """Both as they were typed, until a second person confirms them."""
    answering_department_id: Mapped[int | None] = ref("department.id", index=False)
    """Department of whose post it was: its officials may be that person."""
    sorted_by_id: Mapped[int | None] = ref("user.id", index=False)
    sorted_at: Mapped[datetime | None]
    shredded_on: Mapped[date | None]
    """Day on which a sheet with names was destroyed."""
    shredded_by_id: Mapped[int | None] = ref("user.id", index=False)
    hidden_at: Mapped[datetime | None]
    hidden_rule: Mapped[str | None] = mapped_column(sa.String(40))

    submission: Mapped[Submission] = relationship(foreign_keys=submission_id)
    clash: Mapped[Submission | None] = relationship(foreign_keys=clash_id)
    forum: Mapped[Forum | None] = relationship()
    helper: Mapped[IntakePass | None] = relationship()
    neighbourhood: Mapped[Neighbourhood | None] = relationship()
    audience: Mapped[Audience | None] = relationship()
    answering_department: Mapped[Department | None] = relationship()

    @property
    def number(self) -> str:
        return self.submission.number

    @property
    def state(self) -> ItemState:
        return state_of(withdrawn=self.submission.withdrawn_at is not None, hidden=self.hidden_at is not None,
                        became=self.became, checked=self.checked_at is not None,
                        returned=self.returned_because is not None, replying=self.typed_reply is not None)

    @property
    def shredded_from(self) -> date | None:
        """First day on which a counted sheet may be destroyed."""
        return shredded_from(local(self.sorted_at).date()) if self.sorted_at else None

    @property
    def is_public(self) -> bool:
        """Everybody reads its text."""
        return self.state in (ItemState.CHECKED, ItemState.REPLYING, ItemState.SORTED)
