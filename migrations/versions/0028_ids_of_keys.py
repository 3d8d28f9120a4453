"""Ids of keys.

Revision: 0028
After: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("person", "electoral_roll"):
        op.add_column(table, sa.Column("key_id", NUMBER, server_default="1", nullable=False))
