"""Electorates said by the rule of their roll alone: typed sentences stay where they were published, in opened boxes.

Revision: 0045
After: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

POLL, ROUND, BOX = (sa.table(name, *map(sa.column, columns), sa.column("texts", sa.JSON)) for name, columns in (
    ("poll", ("id", "box_id")), ("budget_round", ("id", "opened_at")), ("ballot_box", ("id", "opened_at"))))


def upgrade() -> None:
    opened = sa.select(BOX.c.id).where(BOX.c.opened_at.is_not(None))
    for table, waits in ((POLL, sa.or_(POLL.c.box_id.is_(None), POLL.c.box_id.not_in(opened))),
                         (ROUND, ROUND.c.opened_at.is_(None))):
        _forget_english(table, waits)
        op.drop_column(table.name, "eligibility")


def _forget_english(table: sa.TableClause, waits: sa.ColumnElement[bool]) -> None:
    """Of what is not open yet; an opened box has its own."""
    for number, texts in op.get_bind().execute(sa.select(table.c.id, table.c.texts).where(waits)).all():
        if "eligibility" in ((texts or {}).get("en") or {}):
            texts["en"].pop("eligibility")
            left = {language: words for language, words in texts.items() if words}
            op.get_bind().execute(table.update().where(table.c.id == number).values(texts=left))
