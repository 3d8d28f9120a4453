"""Evaluations, grades, votes on changes, recommendations; what becomes of a recommendation, in its reply.

Revision: 0110
After: 0109
"""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "evaluation",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body_id", NUMBER, nullable=True),
        sa.Column("printed_body", sa.String(100), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("in_months", sa.Boolean(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("in_steps", sa.Boolean(), nullable=False),
        sa.Column("least", NUMBER, nullable=False),
        sa.Column("grades_until", sa.DateTime(), nullable=True),
        sa.Column("choice_meeting_id", NUMBER, nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("created_by_id", NUMBER, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation"),
        sa.UniqueConstraint("slug", name="uq_evaluation_slug"),
        sa.CheckConstraint("released_at IS NULL OR opened_at IS NOT NULL",
                           name=op.f("ck_evaluation_released_after_opening")),
        sa.CheckConstraint("begins_on <= ends_on", name=op.f("ck_evaluation_has_time")),
        *_keys("evaluation", body_id="body", department_id="department", choice_meeting_id="meeting",
               created_by_id="user"))
    op.create_index("ix_evaluation_opened_at", "evaluation", ["opened_at", "id"])
    op.create_table(
        "evaluation_item",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("evaluation_id", NUMBER, nullable=False),
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation_item"),
        sa.UniqueConstraint("evaluation_id", "commitment_id", name="uq_evaluation_item_evaluation_id_commitment_id"),
        *_keys("evaluation_item", evaluation_id="evaluation", commitment_id="commitment"))
    op.create_index("ix_evaluation_item_commitment_id", "evaluation_item", ["commitment_id"])
    for table, columns in (
            ("evaluation_grade", (sa.Column("points", sa.JSON(), nullable=False),
                                  sa.Column("note", sa.String(300), nullable=False))),
            ("evaluation_conflict", (sa.Column("reason", sa.String(200), nullable=False),))):
        op.create_table(
            table, sa.Column("item_id", NUMBER, nullable=False), sa.Column("membership_id", NUMBER, nullable=False),
            *columns, sa.Column("at", sa.DateTime(), nullable=False),
            sa.PrimaryKeyConstraint("item_id", "membership_id", name=f"pk_{table}"),
            *_keys(table, item_id="evaluation_item", membership_id="membership"))
        op.create_index(f"ix_{table}_membership_id", table, ["membership_id"])
    _changes()
    op.create_table(
        "recommendation",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("evaluation_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("department_id", NUMBER, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_recommendation"),
        sa.UniqueConstraint("evaluation_id", "number", name="uq_recommendation_evaluation_id_number"),
        *_keys("recommendation", evaluation_id="evaluation", department_id="department"))
    op.create_table(
        "recommendation_commitment",
        sa.Column("recommendation_id", NUMBER, nullable=False),
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("recommendation_id", "commitment_id", name="pk_recommendation_commitment"),
        *_keys("recommendation_commitment", recommendation_id="recommendation", commitment_id="commitment"))
    op.create_index("ix_recommendation_commitment_commitment_id", "recommendation_commitment", ["commitment_id"])
    with op.batch_alter_table("later_answer") as table:
        table.add_column(sa.Column("outcome", sa.String(40), nullable=True))
        table.add_column(sa.Column("document_number", sa.String(60), nullable=True))
        table.add_column(sa.Column("milestone", sa.String(200), nullable=True))
        table.add_column(sa.Column("milestone_on", sa.Date(), nullable=True))
        table.create_check_constraint(op.f("ck_later_answer_outcome_is_known"),
                                      "outcome IN ('adopted', 'partly', 'difficult')")


def _changes() -> None:
    op.create_table(
        "change_vote",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("evaluation_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("commitment_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("milestone", sa.String(40), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("won", NUMBER, nullable=True),
        sa.Column("status", sa.String(40), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("before", sa.String(200), nullable=False),
        sa.Column("after", sa.String(200), nullable=False),
        sa.Column("why", sa.String(1000), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by_id", NUMBER, nullable=True),
        sa.Column("votes_for", NUMBER, nullable=True),
        sa.Column("votes_against", NUMBER, nullable=True),
        sa.Column("abstained", NUMBER, nullable=True),
        sa.Column("voting", NUMBER, nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_change_vote"),
        sa.UniqueConstraint("evaluation_id", "number", name="uq_change_vote_evaluation_id_number"),
        sa.CheckConstraint("kind IN ('slip', 'money', 'status')", name=op.f("ck_change_vote_kind_is_known")),
        sa.CheckConstraint("status IN ('on_track', 'late', 'done', 'on_hold', 'changed', 'dropped')",
                           name=op.f("ck_change_vote_status_is_known")),
        sa.CheckConstraint("approved IS NULL OR votes_for + votes_against + abstained = voting",
                           name=op.f("ck_change_vote_adds_up")),
        sa.CheckConstraint("(approved IS NULL) = (decided_at IS NULL)", name=op.f("ck_change_vote_decided_whole")),
        *_keys("change_vote", evaluation_id="evaluation", commitment_id="commitment", department_id="department",
               asked_by_id="user"))
    op.create_index("ix_change_vote_commitment_id", "change_vote", ["commitment_id"])


def _keys(name: str, **tables: str) -> list[sa.ForeignKeyConstraint]:
    return [sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_{name}_{column}")
            for column, table in tables.items()]
