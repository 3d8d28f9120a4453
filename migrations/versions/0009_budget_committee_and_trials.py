"""The committee of a budget round, and trial elections.

Revision: 0009
After: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    committee()
    trials()


def committee() -> None:
    op.create_table(
        "committee_member",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("added_by_id", NUMBER, nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_committee_member"),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name="fk_committee_member_added_by_id"),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name="fk_committee_member_round_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_committee_member_user_id"),
        sa.UniqueConstraint("round_id", "user_id", name="uq_committee_member_round_id_user_id"),
    )
    op.create_index("ix_committee_member_user_id", "committee_member", ["user_id"])

    op.create_table(
        "committee_mark",
        sa.Column("member_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("project_id", NUMBER, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("member_id", "project_id", name="pk_committee_mark"),
        sa.ForeignKeyConstraint(["member_id"], ["committee_member.id"], name="fk_committee_mark_member_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_committee_mark_project_id"),
    )


def trials() -> None:
    op.create_table(
        "budget_trial",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("round_id", NUMBER, nullable=True),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("failed", sa.String(300), nullable=True),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("imported_by_id", NUMBER, nullable=True),
        sa.Column("counted_at", sa.DateTime(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_budget_trial"),
        sa.ForeignKeyConstraint(["imported_by_id"], ["user.id"], name="fk_budget_trial_imported_by_id"),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name="fk_budget_trial_round_id"),
        sa.UniqueConstraint("slug", name="uq_budget_trial_slug"),
    )
    op.create_index("ix_budget_trial_round_id", "budget_trial", ["round_id"])
