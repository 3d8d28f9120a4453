"""Supports that somebody said at a window, and a clerk noted.

Revision: 0081
After: 0080
"""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("support") as changed:
        changed.add_column(sa.Column("at_desk", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("support") as changed:
        changed.alter_column("at_desk", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
