"""Commitments, the entries of their ledgers, their origins and news.

Revision: 0023
After: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _known(table: str, column: str, *values: str) -> sa.CheckConstraint:
    known = ", ".join(map(repr, values))
    return sa.CheckConstraint(f"{column} IN ({known})", name=op.f(f"ck_{table}_{column}_is_known"))


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("year", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("name", "year", name=op.f("uq_plan_name_year"))
    )
    op.create_table(
        "commitment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("plan_id", NUMBER, nullable=True),
        sa.Column("code", sa.String(30), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("goal", sa.String(1000), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("with_all", sa.Boolean(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("unit", sa.String(40), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("first_due_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("progress", NUMBER, nullable=True),
        sa.Column("reached", NUMBER, nullable=False),
        sa.Column("steps", NUMBER, nullable=False),
        sa.Column("secured", NUMBER, nullable=True),
        sa.Column("executed", NUMBER, nullable=True),
        sa.Column("planned", NUMBER, nullable=True),
        sa.Column("last_quarter", sa.String(6), nullable=True),
        sa.Column("origin_lost", sa.Boolean(), nullable=False),
        sa.Column("waiting", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_commitment_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_commitment_person_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_commitment_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("code", name=op.f("uq_commitment_code")),
        _known("commitment", "unit", "won", "thousand", "million"),
        _known("commitment", "status", "on_track", "late", "done", "on_hold", "changed", "dropped"),
    )
    op.create_index("ix_commitment_department", "commitment", ["department_id", "sort_on", "id"])
    op.create_index("ix_commitment_due", "commitment", ["sort_on", "id"])
    op.create_index("ix_commitment_field", "commitment", ["field", "sort_on", "id"])
    op.create_index("ix_commitment_person_id", "commitment", ["person_id"])
    op.create_index("ix_commitment_plan_id", "commitment", ["plan_id"])
    op.create_index("ix_commitment_quarter", "commitment", ["department_id", "last_quarter", "id"])
    op.create_table(
        "commitment_digest",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_commitment_digest_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_commitment_digest"))
    )
    op.create_table(
        "commitment_cooperating",
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.Column("department_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"],
            name=op.f("fk_commitment_cooperating_commitment_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"],
            name=op.f("fk_commitment_cooperating_department_id")),
        sa.PrimaryKeyConstraint("commitment_id", "department_id", name=op.f("pk_commitment_cooperating"))
    )
    op.create_table(
        "commitment_entry",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("place", NUMBER, nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("corrects", NUMBER, nullable=True),
        sa.Column("why", sa.String(300), nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", NUMBER, nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("sent_back_why", sa.String(300), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_commitment_entry_by_id")),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_entry_commitment_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_commitment_entry_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_entry")),
        sa.UniqueConstraint("commitment_id", "number", name=op.f("uq_commitment_entry_commitment_id_number")),
        sa.UniqueConstraint("commitment_id", "place", name=op.f("uq_commitment_entry_commitment_id_place")),
        _known("commitment_entry", "kind", "facts", "milestones", "reached", "withdrawn", "slip", "status",
               "money", "shift", "targets", "quarter", "survey", "log", "printed", "origin"),
        _known("commitment_entry", "state", "waiting", "approved", "sent_back"),
    )
    op.create_index("ix_commitment_entry_waiting", "commitment_entry", ["at", "id"],
                    sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table(
        "commitment_neighbourhood",
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"],
            name=op.f("fk_commitment_neighbourhood_commitment_id")),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"],
            name=op.f("fk_commitment_neighbourhood_neighbourhood_id")),
        sa.PrimaryKeyConstraint("commitment_id", "neighbourhood_id", name=op.f("pk_commitment_neighbourhood"))
    )
    op.create_index("ix_commitment_neighbourhood_neighbourhood_id", "commitment_neighbourhood", ["neighbourhood_id"])
    op.create_table(
        "commitment_news",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_news_commitment_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_commitment_news_user_id")),
        sa.PrimaryKeyConstraint("user_id", "commitment_id", "number", name=op.f("pk_commitment_news"))
    )
    op.create_index("ix_commitment_news_commitment_id", "commitment_news", ["commitment_id"])
    op.create_index("ix_commitment_news_untold", "commitment_news", ["user_id"],
                    sqlite_where=sa.text("told_at IS NULL"), postgresql_where=sa.text("told_at IS NULL"))
    op.create_table(
        "commitment_origin",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("record_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_origin_commitment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_origin")),
        sa.UniqueConstraint("kind", "record_id", name=op.f("uq_commitment_origin_kind_record_id"))
    )
    op.create_index("ix_commitment_origin_commitment_id", "commitment_origin", ["commitment_id"])
