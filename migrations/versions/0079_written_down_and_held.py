"""Gatherings that were written down after they were held; departments that hold polls.

Revision: 0079
After: 0078
"""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WRITTEN = sa.text("recorded_at IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("forum") as changed:
        changed.add_column(sa.Column("recorded_at", sa.DateTime(), nullable=True))
    op.create_index("uq_forum_recorded", "forum", ["form", "starts_at", "place"], unique=True,
                    postgresql_where=WRITTEN, sqlite_where=WRITTEN)
    with op.batch_alter_table("poll") as changed:
        changed.add_column(sa.Column("department_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_poll_department_id", "department", ["department_id"], ["id"])
