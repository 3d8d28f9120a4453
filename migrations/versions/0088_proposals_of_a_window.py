"""Proposals taken down at a window; names on paper, counted apart.

Revision: 0088
After: 0087
"""

import sqlalchemy as sa
from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("proposal") as changed:
        changed.drop_constraint(op.f("ck_proposal_channel_is_known"), type_="check")
        changed.create_check_constraint(
            op.f("ck_proposal_channel_is_known"), "channel IN ('online', 'paper', 'desk', 'street')")
        changed.add_column(sa.Column("paper_count", NUMBER, nullable=False, server_default="0"))
    with op.batch_alter_table("proposal") as changed:
        changed.alter_column("paper_count", server_default=None)
