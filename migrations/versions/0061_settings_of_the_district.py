"""Settings of the district stand in rows, changed as its lists are.

Revision: 0061
After: 0060
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KNOWN = {"list": ("neighbourhoods", "departments", "audiences", "settings"),
         "act": ("make", "rename", "move", "close", "change", "change_by_two")}


def upgrade() -> None:
    op.create_table(
        "district_setting",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("earlier", sa.JSON(), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_district_setting"),
        sa.UniqueConstraint("name", name="uq_district_setting_name"))
    with op.batch_alter_table("district_change") as change:
        for column, names in KNOWN.items():
            known = op.f(f"ck_district_change_{column}_is_known")
            change.drop_constraint(known, type_="check")
            change.create_check_constraint(known, f"{column} IN ({', '.join(map(repr, names))})")
