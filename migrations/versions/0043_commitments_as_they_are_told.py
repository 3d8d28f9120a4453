"""Columns from which the standing of a commitment follows. The site itself writes them when a worker starts.

Revision: 0043
After: 0042
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("commitment", sa.Column("next_first_on", sa.Date(), nullable=True))
    op.add_column("commitment", sa.Column("told_on", sa.Date(), nullable=True))
    op.add_column("commitment", sa.Column("reported", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("commitment", sa.Column("edition", NUMBER, server_default="0", nullable=False))
