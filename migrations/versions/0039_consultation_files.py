"""Consultations: pictures and files of their background.

Revision: 0039
After: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("consultation") as table:
        table.add_column(sa.Column("attachment_set_id", NUMBER))
        table.create_foreign_key("fk_consultation_attachment_set_id", "attachment_set", ["attachment_set_id"], ["id"])
