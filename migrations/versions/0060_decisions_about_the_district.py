"""Neighbourhoods, departments and audiences are renamed from a day on, departments closed with a successor: what was
decided, and the names from before.

Revision: 0060
After: 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

LISTS = ("neighbourhoods", "departments", "audiences")
ACTS = ("make", "rename", "move", "close")
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WAITING = sa.text("applied_at IS NULL AND withdrawn_at IS NULL")


def upgrade() -> None:
    for table in ("neighbourhood", "department", "audience"):
        op.add_column(table, sa.Column("earlier", sa.JSON(), server_default="[]", nullable=False))
    with op.batch_alter_table("department") as department:
        department.add_column(sa.Column("closed_at", sa.DateTime(), nullable=True))
        department.add_column(sa.Column("successor_id", NUMBER, nullable=True))
        department.create_foreign_key("fk_department_successor_id", "department", ["successor_id"], ["id"])
        department.create_check_constraint(op.f("ck_department_closed_to_another"),
                                           "(closed_at IS NULL) = (successor_id IS NULL)")
    op.create_table(
        "district_change",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("list", sa.String(40), nullable=False),
        sa.Column("subject_id", NUMBER, nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(300), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_by_id", NUMBER, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("applied_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_district_change"),
        *(sa.ForeignKeyConstraint([column], ["user.id"], name=f"fk_district_change_{column}")
          for column in ("by_id", "confirmed_by_id")),
        *(sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, names))})",
                             name=op.f(f"ck_district_change_{column}_is_known"))
          for column, names in (("list", LISTS), ("act", ACTS))))
    op.create_index("uq_district_change_waiting", "district_change", ["list", "subject_id"], unique=True,
                    sqlite_where=WAITING, postgresql_where=WAITING)
    op.create_index("ix_district_change_subject", "district_change", ["list", "subject_id", "id"])
