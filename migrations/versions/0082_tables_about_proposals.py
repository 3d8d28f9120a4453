"""Tables of workshops: the proposals about which they talk, and the agendas that their results became.

Revision: 0082
After: 0081
"""

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("forum_table") as changed:
        for name in ("proposal", "agenda"):
            changed.add_column(sa.Column(f"{name}_id", NUMBER, nullable=True))
            changed.create_foreign_key(f"fk_forum_table_{name}_id", name, [f"{name}_id"], ["id"])
        changed.create_unique_constraint("uq_forum_table_forum_id_proposal_id", ["forum_id", "proposal_id"])
    op.create_index("ix_forum_table_proposal_id", "forum_table", ["proposal_id"])
