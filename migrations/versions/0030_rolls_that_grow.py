"""Rolls that grow.

Revision: 0030
After: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table, column in (("poll", "roll_grows"), ("budget_round", "roll_grows"), ("roll_entry", "added"),
                          ("roll_entry", "has_left")):
        op.add_column(table, sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("count", sa.Column("additions", NUMBER, server_default="0", nullable=False))
    op.add_column("count", sa.Column("additions_root", sa.LargeBinary(32), nullable=True))
    op.add_column("head", sa.Column("additions_root", sa.LargeBinary(32), nullable=True))
