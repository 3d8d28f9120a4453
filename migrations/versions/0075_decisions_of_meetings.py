"""Decisions of meetings: undone by later ones, in writing, elections.

Revision: 0075
After: 0074
"""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("meeting") as changed:
        changed.add_column(sa.Column("written", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("meeting") as changed:
        changed.alter_column("written", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("meeting_item") as changed:
        changed.add_column(sa.Column("undoes_id", NUMBER, nullable=True))
        changed.add_column(sa.Column("named", sa.JSON(), nullable=True))
        changed.create_foreign_key("fk_meeting_item_undoes_id", "meeting_item", ["undoes_id"], ["id"])
        changed.create_unique_constraint("uq_meeting_item_undoes_id", ["undoes_id"])
