"""Columns of sheets of commitments, as departments say them.

Revision: 0115
After: 0113
"""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0113"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sheet_mapping", sa.Column("department_id", NUMBER, nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("department_id", name="pk_sheet_mapping"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_sheet_mapping_department_id"))
