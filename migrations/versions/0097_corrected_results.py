"""Results of items that two people correct.

Revision: 0097
After: 0096
"""

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("meeting_item") as changed:
        changed.add_column(sa.Column("corrected", sa.JSON(), nullable=True))
        changed.add_column(sa.Column("earlier", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("meeting_item") as changed:
        changed.alter_column("earlier", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
