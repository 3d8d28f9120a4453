"""Sheets of paper by number, and batches of them as two people typed them in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from civic_forum.platform.base import db, enum_of, ref
from civic_forum.platform.site_version import quiet

from ..models import box_ref
from ..rules.boxes import SheetState
from ..rules.log import Canonical, KEPT_FORMAT


class PaperSheet(db.Model):
    """A numbered paper ballot that was handed out. The number stands on the outer envelope, never on the ballot."""

    __tablename__ = "paper_sheet"

    box_id: Mapped[bytes] = box_ref()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    neighbourhood_id: Mapped[int | None] = ref("neighbourhood.id", index=False)
    """Of the person's entry in the roll; None where the roll says none."""
    state: Mapped[SheetState] = mapped_column(enum_of(SheetState, "state"))
    by_post: Mapped[bool] = mapped_column(default=False)
    withdrew: Mapped[bool] = mapped_column(default=False)
    """An online ballot was withdrawn for it: counted by desk in the result."""


class PaperBatch(db.Model):
    """Paper ballots typed in together, by two people who do not see each other's entry."""

    __tablename__ = "paper_batch"

    box_id: Mapped[bytes] = box_ref()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sheets: Mapped[int]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = ref("user.id", index=False)
    """The third person, where the two differed."""
    note: Mapped[str | None] = mapped_column(sa.Text)
    """Reasons for which each difference was settled as it was."""
    counted: Mapped[int | None]
    invalid: Mapped[int | None]
    choices: Mapped[bytes | None]
    """Canonical choices of the counted sheets, one after another; random n and n2 make the leaf."""
    n: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    n2: Mapped[bytes | None] = mapped_column(sa.LargeBinary(32))
    leaf_number: Mapped[int | None]

    def as_logged(self, place: int, version: int) -> dict[str, Canonical]:
        """Figures that everybody may know, as they are hashed and later published. From format 3 on their numbers have
        no gaps: `place` among the batches, from 1."""
        return {"number": place if version > KEPT_FORMAT else self.number, "sheets": self.sheets,
                "counted": self.counted, "invalid": self.invalid}


class PaperEntry(db.Model):
    """A batch as one person typed it: canonical choices in order of the sheets, empty text for an invalid one."""

    __tablename__ = "paper_entry"
    __table_args__ = (sa.ForeignKeyConstraint(["box_id", "batch"], ["paper_batch.box_id", "paper_batch.number"]),)

    box_id: Mapped[bytes] = mapped_column(sa.LargeBinary(16), primary_key=True)
    batch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    typist_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), primary_key=True, autoincrement=False)
    sheets: Mapped[list] = mapped_column(sa.JSON)
    """Hex texts, as many as are typed so far; deleted when the box is published."""
    at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    """Instant at which the typist said that it is done; only then is it compared."""


quiet(PaperSheet)
