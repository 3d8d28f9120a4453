"""Contact for questions about a poll.

Revision: 0020
After: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("poll") as table:
        table.add_column(sa.Column("contact", sa.String(200), nullable=True))
