"""Series of a year, their steps, and what stands for them.

Revision: 0107
After: 0106
"""

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "year_series",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("year", NUMBER, nullable=False),
        sa.Column("promised", NUMBER, nullable=True),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("after_id", NUMBER, nullable=True),
        sa.Column("created_by_id", NUMBER, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_year_series"),
        sa.UniqueConstraint("slug", name="uq_year_series_slug"),
        sa.UniqueConstraint("after_id", name="uq_year_series_after_id"),
        sa.CheckConstraint("kind IN ('yearly', 'assembly')", name=op.f("ck_year_series_kind_is_known")),
        sa.CheckConstraint("kind <> 'assembly' OR neighbourhood_id IS NOT NULL",
                           name=op.f("ck_year_series_assembly_has_neighbourhood")),
        *(sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_year_series_{column}") for column, table in (
            ("department_id", "department"), ("neighbourhood_id", "neighbourhood"), ("after_id", "year_series"),
            ("created_by_id", "user"))))
    op.create_index("ix_year_series_year", "year_series", ["year", "id"])
    op.create_index("ix_year_series_neighbourhood_id", "year_series", ["neighbourhood_id"])
    op.create_index("uq_year_series_assembly", "year_series", ["year", "neighbourhood_id"], unique=True,
                    sqlite_where=sa.text("kind = 'assembly'"), postgresql_where=sa.text("kind = 'assembly'"))
    op.create_table(
        "series_step",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("series_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_series_step"),
        sa.ForeignKeyConstraint(["series_id"], ["year_series.id"], name="fk_series_step_series_id"),
        sa.UniqueConstraint("series_id", "number", name="uq_series_step_series_id_number"),
        sa.CheckConstraint("until_on IS NULL OR starts_on <= until_on", name=op.f("ck_series_step_has_time")))
    op.create_table(
        "series_thing",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("step_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("record_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_series_thing"),
        sa.ForeignKeyConstraint(["step_id"], ["series_step.id"], name="fk_series_thing_step_id"),
        sa.UniqueConstraint("step_id", "kind", "record_id", name="uq_series_thing_step_id_kind_record_id"))
    op.create_index("ix_series_thing_record", "series_thing", ["kind", "record_id"])
