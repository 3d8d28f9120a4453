"""Surveys, marks of who has answered, letters, and the way by which each answer came.

Revision: 0096
After: 0095
"""

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "survey",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.String(3000), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.Column("by_account", sa.Boolean(), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("by_letter", sa.Boolean(), nullable=False),
        sa.Column("by_paper", sa.Boolean(), nullable=False),
        sa.Column("freely", sa.Boolean(), nullable=False),
        sa.Column("written_by_id", NUMBER, nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=True),
        sa.Column("announced_by_id", NUMBER, nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("missing", sa.String(500), nullable=False),
        sa.Column("results", sa.JSON(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_survey"),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_survey_has_time")),
        sa.CheckConstraint("published_at IS NULL OR results IS NOT NULL", name=op.f("ck_survey_publishes_results")),
        sa.ForeignKeyConstraint(["announced_by_id"], ["user.id"], name="fk_survey_announced_by_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_survey_department_id"),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name="fk_survey_written_by_id"),
        sa.UniqueConstraint("slug", name="uq_survey_slug"))
    op.create_index("ix_survey_closes_at", "survey", ["closes_at", "id"])
    op.create_table(
        "survey_mark",
        sa.Column("survey_id", NUMBER, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "mark", name="pk_survey_mark"),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_mark_survey_id"),
        sqlite_with_rowid=False)
    op.create_table(
        "survey_letter",
        sa.Column("survey_id", NUMBER, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("survey_id", "mark", name="pk_survey_letter"),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_letter_survey_id"),
        sqlite_with_rowid=False)
    op.create_table(
        "survey_answer",
        sa.Column("submission_id", NUMBER, nullable=False),
        sa.Column("survey_id", NUMBER, nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", name="pk_survey_answer"),
        sa.CheckConstraint("way IN ('person', 'account', 'letter', 'paper', 'free')",
            name=op.f("ck_survey_answer_way_is_known")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_survey_answer_submission_id"),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name="fk_survey_answer_survey_id"))
    op.create_index("ix_survey_answer_survey_id", "survey_answer", ["survey_id"])
