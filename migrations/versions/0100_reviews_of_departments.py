"""Reviews by several departments, calls for residents that were verified, and seats that are filled.

Revision: 0100
After: 0099
"""

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STEP, ALONE, WAITS = "call_application_step", sa.text("department_id IS NULL"), sa.text("passed IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("call") as changed:
        changed.add_column(sa.Column("filled_id", NUMBER, nullable=True))
        changed.add_column(sa.Column("verified_only", sa.Boolean(), nullable=False, server_default=sa.false()))
        changed.create_foreign_key("fk_call_filled_id", "body", ["filled_id"], ["id"])
    with op.batch_alter_table("call") as changed:
        changed.alter_column("verified_only", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("call_application") as changed:
        changed.add_column(sa.Column("followed_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table(STEP) as changed:
        changed.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        changed.alter_column("passed", existing_type=sa.Boolean(), nullable=True)
        changed.drop_constraint("uq_call_application_step_application_id_step", type_="unique")
        changed.create_unique_constraint("uq_call_application_step_application_id_step_department_id",
                                         ["application_id", "step", "department_id"])
        changed.create_check_constraint(op.f("ck_call_application_step_waits_until_a_day"),
                                        "passed IS NOT NULL OR due_on IS NOT NULL")
    op.create_index("ix_call_application_step_once", STEP, ["application_id", "step"], unique=True, sqlite_where=ALONE,
                    postgresql_where=ALONE)
    op.create_index("ix_call_application_step_due_on", STEP, ["due_on", "id"], sqlite_where=WAITS,
                    postgresql_where=WAITS)
