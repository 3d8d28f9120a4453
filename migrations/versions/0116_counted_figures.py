"""The figures as a job counted them.

Revision: 0116
After: 0115
"""

import sqlalchemy as sa
from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_count", sa.Column("day", sa.Date(), nullable=False), sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_figure_count"))
