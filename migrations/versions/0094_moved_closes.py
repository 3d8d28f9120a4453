"""Last editors of calls, places of their money, and closes that were confirmed.

Revision: 0094
After: 0093
"""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("call") as changed:
        changed.add_column(sa.Column("edited_by_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_call_edited_by_id", "user", ["edited_by_id"], ["id"])
        changed.add_column(sa.Column("elsewhere", sa.String(300), nullable=False, server_default=""))
    with op.batch_alter_table("call") as changed:
        changed.alter_column("elsewhere", existing_type=sa.String(300), existing_nullable=False, server_default=None)
    with op.batch_alter_table("call_time") as changed:
        changed.add_column(sa.Column("confirmed_at", sa.DateTime(), nullable=True))
        changed.add_column(sa.Column("confirmed_by_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_call_time_confirmed_by_id", "user", ["confirmed_by_id"], ["id"])
