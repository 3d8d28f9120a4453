"""Duties about things other than proposals, and the answers to them.

Revision: 0072
After: 0071
"""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "'threshold', 'formal', 'second_review', 'step', 'mayor', 'later'"
ENDS = "'answered', 'referred', 'withdrawn', 'merged', 'undone', 'hidden'"
CHECKS = {"about_something": "(proposal_id IS NULL) = (about_id IS NOT NULL)",
          "about_is_whole": "(about_kind IS NULL) = (about_id IS NULL)",
          "department_of_no_proposal": "(about_id IS NULL) = (department_id IS NULL)",
          "kind_is_known": f"kind IN ({KINDS})", "ended_how_is_known": f"ended_how IN ({ENDS})"}


def upgrade() -> None:
    with op.batch_alter_table("duty") as changed:
        changed.alter_column("proposal_id", existing_type=NUMBER, nullable=True)
        changed.add_column(sa.Column("about_kind", sa.String(30), nullable=True))
        changed.add_column(sa.Column("about_id", NUMBER, nullable=True))
        changed.add_column(sa.Column("department_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_duty_department_id", "department", ["department_id"], ["id"])
        changed.create_unique_constraint("uq_duty_about_kind_about_id", ["about_kind", "about_id"])
        for name in ("kind_is_known", "ended_how_is_known"):
            changed.drop_constraint(op.f(f"ck_duty_{name}"), type_="check")
        for name, condition in CHECKS.items():
            changed.create_check_constraint(op.f(f"ck_duty_{name}"), condition)
    op.create_index("ix_duty_department_id", "duty", ["department_id"])
    op.create_table(
        "later_answer",
        sa.Column("id", NUMBER, nullable=False), sa.Column("duty_id", NUMBER, nullable=False),
        sa.Column("department_id", NUMBER, nullable=False), sa.Column("state", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False), sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("version", NUMBER, nullable=False), sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("sent_back_why", sa.String(500), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True), sa.Column("correction", sa.JSON(), nullable=True),
        sa.Column("written_by_id", NUMBER, nullable=False), sa.Column("approved_by_id", NUMBER, nullable=True),
        sa.CheckConstraint("state IN ('draft', 'awaiting_approval', 'published')",
                           name=op.f("ck_later_answer_state_is_known")),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name="fk_later_answer_duty_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_later_answer_department_id"),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name="fk_later_answer_written_by_id"),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name="fk_later_answer_approved_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_later_answer"),
        sa.UniqueConstraint("duty_id", name="uq_later_answer_duty_id"))
    op.create_index("ix_later_answer_department_id", "later_answer", ["department_id"])
    op.create_table(
        "later_answer_version",
        sa.Column("later_answer_id", NUMBER, nullable=False),
        sa.Column("version", NUMBER, autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False), sa.Column("why", sa.String(300), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False), sa.Column("by_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["later_answer_id"], ["later_answer.id"],
                                name="fk_later_answer_version_later_answer_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_later_answer_version_by_id"),
        sa.PrimaryKeyConstraint("later_answer_id", "version", name="pk_later_answer_version"))
