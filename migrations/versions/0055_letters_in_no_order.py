"""Letters of consultations lie in the order of their hashes, without a number: no row tells its place in the pile.

Revision: 0055
After: 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = ("hash", "consultation_id", "run", "holder", "is_withdrawn", "is_claimed", "apart_by_id")


def upgrade() -> None:
    letters = sa.table("opinion_letter", *map(sa.column, COLUMNS))
    rows = op.get_bind().execute(sa.select(letters).order_by(letters.c.hash)).mappings().all()
    op.drop_table("opinion_letter")
    op.create_table(
        "opinion_letter",
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("holder", sa.LargeBinary(32)),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("is_claimed", sa.Boolean(), nullable=False),
        sa.Column("apart_by_id", NUMBER),
        sa.PrimaryKeyConstraint("hash", name="pk_opinion_letter"),
        *(sa.ForeignKeyConstraint([name], [f"{of}.id"], name=f"fk_opinion_letter_{name}") for name, of in (
            ("consultation_id", "consultation"), ("apart_by_id", "user"))),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_opinion_letter_run", "opinion_letter", ["consultation_id", "run"])
    if rows:
        op.get_bind().execute(letters.insert(), [dict(row) for row in rows])
