"""Versions of what is answered to questions.

Revision: 0095
After: 0094
"""

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("answer_sheet") as changed:
        changed.add_column(sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False,
                                     server_default="1"))
    with op.batch_alter_table("answer_sheet") as changed:
        changed.alter_column("version", server_default=None)
