"""Entries that were added to a roll say in which way their people had been verified.

Revision: 0048
After: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("roll_entry", sa.Column("way", sa.String(10)))
