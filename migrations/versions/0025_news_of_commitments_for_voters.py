"""News of commitments for those who took part in a vote.

Revision: 0025
After: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

STILL = sa.text("for_voters")


def upgrade() -> None:
    for table, column in (("commitment_entry", "for_voters"), ("commitment_news", "by_vote")):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, server_default=None)
    op.create_index("ix_commitment_entry_for_voters", "commitment_entry", ["id"], sqlite_where=STILL,
                    postgresql_where=STILL)
