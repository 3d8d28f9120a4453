"""Counts and orders of calls with very many applications, from indexes; scores know their call.

Revision: 0102
After: 0101
"""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_index("ix_call_application_state", "call_application")
    op.create_index("ix_call_application_call", "call_application", ["call_id", "id"])
    op.create_index("ix_call_application_tally", "call_application",
                    ["call_id", "state", "why_not", "reserve_place", "won"])
    for table in ("call_score", "call_conflict"):
        with op.batch_alter_table(table) as changed:
            changed.add_column(sa.Column("call_id", NUMBER, nullable=True))
        op.execute(f"UPDATE {table} SET call_id = (SELECT call_id FROM call_application"
                   f" WHERE call_application.id = {table}.application_id)")
        with op.batch_alter_table(table) as changed:
            changed.alter_column("call_id", existing_type=NUMBER, nullable=False)
            changed.create_foreign_key(op.f(f"fk_{table}_call_id"), "call", ["call_id"], ["id"])
            changed.create_index(f"ix_{table}_call", ["call_id", "juror_id"])
    op.create_index("ix_call_application_best", "call_application", [
        "call_id", "state", sa.text("coalesce(reserve_place, 0)"),
        sa.text("coalesce(mean_top * 1.0 / mean_bottom, 0) DESC"), "id"])
