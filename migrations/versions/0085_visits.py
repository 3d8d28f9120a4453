"""Kind of a visit, who went, why it was moved.

Revision: 0085
After: 0084
"""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("forum") as changed:
        changed.add_column(sa.Column("visit_kind", sa.String(60), nullable=True))
        changed.add_column(sa.Column("went", sa.String(200), nullable=True))
        changed.add_column(sa.Column("moved_because", sa.String(200), nullable=True))
