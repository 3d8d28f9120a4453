"""Neighbourhoods and audiences are closed with a successor, as departments are; threshold and days of a category take
two people.

Revision: 0069
After: 0068
"""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

ACTS = ("make", "rename", "move", "close", "set", "set_by_two", "change", "change_by_two")
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    for table in ("neighbourhood", "audience"):
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column("closed_at", sa.DateTime(), nullable=True))
            changed.add_column(sa.Column("successor_id", NUMBER, nullable=True))
            changed.create_foreign_key(f"fk_{table}_successor_id", table, ["successor_id"], ["id"])
            changed.create_check_constraint(op.f(f"ck_{table}_closed_to_another"),
                                            "(closed_at IS NULL) = (successor_id IS NULL)")
    with op.batch_alter_table("district_change") as changed:
        name = op.f("ck_district_change_act_is_known")
        changed.drop_constraint(name, type_="check")
        changed.create_check_constraint(name, f"act IN ({', '.join(map(repr, ACTS))})")
