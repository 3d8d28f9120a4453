"""Sheets with names that were shredded.

Revision: 0089
After: 0088
"""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("intake_item") as changed:
        changed.add_column(sa.Column("shredded_on", sa.Date(), nullable=True))
        changed.add_column(sa.Column("shredded_by_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_intake_item_shredded_by_id", "user", ["shredded_by_id"], ["id"])
