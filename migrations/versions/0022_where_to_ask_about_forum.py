"""Contact for questions about a forum.

Revision: 0022
After: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("forum") as table:
        table.add_column(sa.Column("contact", sa.String(200), nullable=True))
