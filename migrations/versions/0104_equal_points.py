"""Places that a lot gave to applications with equal points; numbers that come back into a draw.

Revision: 0104
After: 0103
"""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("call_application", sa.Column("lot_place", NUMBER, nullable=True))
    op.add_column("draw_passed", sa.Column("restored_signature", sa.String(128), nullable=True))
    with op.batch_alter_table("draw_passed") as changed:
        changed.drop_constraint("uq_draw_passed_draw_id_number", type_="unique")
    op.create_index("ix_draw_passed_once", "draw_passed", ["draw_id", "number"], unique=True,
                    sqlite_where=sa.text("restored_at IS NULL"), postgresql_where=sa.text("restored_at IS NULL"))
