"""Rehearsals of budget rounds, and rules of counting that differ by envelope.

Revision: 0016
After: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("budget_round") as budget_round:
        budget_round.add_column(sa.Column(
            "rehearsal_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        budget_round.create_foreign_key("fk_budget_round_rehearsal_of_id", "budget_round", ["rehearsal_of_id"], ["id"])
    op.create_index("ix_budget_round_rehearsal_of_id", "budget_round", ["rehearsal_of_id"])
    op.add_column("envelope", sa.Column("counting", sa.JSON(none_as_null=True), nullable=True))
