"""A statement that one moderator took out is asked again at an instant, unless another one confirms it. What was taken
out before stays.

Revision: 0057
After: 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

PENDING = sa.text("out_until IS NOT NULL")


def upgrade() -> None:
    op.add_column("statement", sa.Column("out_until", sa.DateTime(), nullable=True))
    op.create_index("ix_statement_out_until", "statement", ["out_until"],
                    sqlite_where=PENDING, postgresql_where=PENDING)
