"""Claims of what was handed in.

Revision: 0090
After: 0089
"""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "intake_claim",
        sa.Column("id", NUMBER, nullable=False), sa.Column("item_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False), sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True), sa.Column("is_granted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_intake_claim"),
        sa.ForeignKeyConstraint(["item_id"], ["intake_item.id"], name="fk_intake_claim_item_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_intake_claim_user_id"),
        sa.UniqueConstraint("item_id", "user_id", name="uq_intake_claim_item_id_user_id"))
    op.create_index("ix_intake_claim_user_id", "intake_claim", ["user_id"])
    op.create_index("ix_intake_claim_open", "intake_claim", ["id"], sqlite_where=sa.text("ended_at IS NULL"),
                    postgresql_where=sa.text("ended_at IS NULL"))
