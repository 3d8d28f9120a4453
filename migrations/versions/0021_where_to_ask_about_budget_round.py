"""Contact for questions about a budget round.

Revision: 0021
After: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("budget_round") as table:
        table.add_column(sa.Column("contact", sa.String(200), nullable=True))
