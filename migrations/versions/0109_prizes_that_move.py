"""Prizes of a call that go on by points; places in forums of those who were chosen without an account.

Revision: 0109
After: 0108
"""

import sqlalchemy as sa
from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("call") as changed:
        changed.add_column(sa.Column("prizes_move", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("call") as changed:
        changed.alter_column("prizes_move", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("forum_registration") as changed:
        changed.add_column(sa.Column("applied_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_forum_registration_applied_id", "submission", ["applied_id"], ["id"])
        changed.create_unique_constraint("uq_forum_registration_forum_id_applied_id", ["forum_id", "applied_id"])
