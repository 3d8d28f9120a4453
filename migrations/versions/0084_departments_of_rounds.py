"""Departments that hold budget rounds.

Revision: 0084
After: 0083
"""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("budget_round") as changed:
        changed.add_column(sa.Column("department_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_budget_round_department_id", "department", ["department_id"], ["id"])
