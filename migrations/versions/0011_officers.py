"""Officers of votes: positions that two administrators granted, and officers replaced while a vote is open.

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = {"sqlite_where": sa.text("ended_at IS NULL"), "postgresql_where": sa.text("ended_at IS NULL")}


def upgrade() -> None:
    op.create_table(
        "officer",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("position", sa.String(80), nullable=False),
        sa.Column("proposed_by_id", NUMBER, nullable=True),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("granted_by_id", NUMBER, nullable=True),
        sa.Column("granted_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", NUMBER, nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_officer"),
        *(sa.ForeignKeyConstraint([column], ["user.id"], name=f"fk_officer_{column}")
          for column in ("user_id", "proposed_by_id", "granted_by_id", "ended_by_id")),
    )
    for column in ("user_id", "position"):
        op.create_index(f"uq_officer_{column}", "officer", [column], unique=True, **OPEN)
    op.create_table(
        "officer_change",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("leaves_id", NUMBER, nullable=False),
        sa.Column("comes_id", NUMBER, nullable=False),
        sa.Column("proposed_by_id", NUMBER, nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_by_id", NUMBER, nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_officer_change"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_officer_change_box_id"),
        *(sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_officer_change_{column}") for column, table in (
            ("leaves_id", "officer"), ("comes_id", "officer"), ("proposed_by_id", "user"),
            ("confirmed_by_id", "user"))),
    )
    op.create_index("ix_officer_change_box_id", "officer_change", ["box_id"])
    op.create_index("uq_officer_change_pending", "officer_change", ["box_id"], unique=True, **OPEN)
