"""Reports to the moderators, tallies and similar proposals, and for whom a comment speaks.

Revision: 0002
After: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    comments_speak_for_somebody()
    tallies()
    similar_proposals()
    reports()


def comments_speak_for_somebody() -> None:
    with op.batch_alter_table("comment") as comment:
        comment.add_column(sa.Column("department_id", NUMBER, nullable=True))
        comment.add_column(sa.Column("as_moderator", sa.Boolean(), nullable=False, server_default=sa.false()))
        comment.create_foreign_key("fk_comment_department_id", "department", ["department_id"], ["id"])
    with op.batch_alter_table("comment") as comment:
        comment.alter_column("as_moderator", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)


def tallies() -> None:
    op.create_table(
        "proposal_tally",
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_proposal_tally"),
        sa.CheckConstraint(

            "state IN ('draft', 'held', 'gathering', 'answer_due', 'answered', 'in_agenda', 'decided', 'in_progress', "
            "'done', 'lapsed', 'withdrawn', 'merged')", name=op.f("ck_proposal_tally_state_is_known")),
    )
    op.execute("INSERT INTO proposal_tally (state, total) SELECT state, count(*) FROM proposal GROUP BY state")


def similar_proposals() -> None:
    """Filled as proposals are published and edited."""
    op.create_table(
        "similar_proposal",
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("other_id", NUMBER, nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "other_id", name="pk_similar_proposal"),
        sa.ForeignKeyConstraint(["other_id"], ["proposal.id"], name="fk_similar_proposal_other_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_similar_proposal_proposal_id"),
    )
    op.create_index("ix_similar_proposal_other_id", "similar_proposal", ["other_id"])


def reports() -> None:
    op.create_table(
        "report",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("subject_kind", sa.String(30), nullable=False),
        sa.Column("subject_id", NUMBER, nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("sentence", sa.String(300), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_report_by_id"),
        sa.UniqueConstraint("subject_kind", "subject_id", "by_id", name="uq_report_subject_kind_subject_id_by_id"),
    )
    op.create_index("ix_report_at", "report", ["at"])
    op.create_index("ix_report_by_id", "report", ["by_id"])
    op.create_index("ix_report_subject", "report", ["subject_kind", "subject_id"])
