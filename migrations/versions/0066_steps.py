"""Steps above the threshold of a proposal, and what is owed at each.

Revision: 0066
After: 0065
"""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "'threshold', 'formal', 'second_review', 'step', 'mayor'"
OPEN = sa.text("ended_at IS NULL AND step IS NULL")


def upgrade() -> None:
    op.add_column("proposal", sa.Column("steps", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("proposal", sa.Column("step_reached", NUMBER, nullable=False, server_default="0"))
    op.add_column("answer", sa.Column("by_mayor", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_index("uq_duty_open", "duty")
    with op.batch_alter_table("duty") as changed:
        changed.add_column(sa.Column("step", NUMBER, nullable=True))
        changed.drop_constraint(op.f("ck_duty_kind_is_known"), type_="check")
        changed.create_check_constraint(op.f("ck_duty_kind_is_known"), f"kind IN ({KINDS})")
        changed.create_unique_constraint("uq_duty_proposal_id_step", ["proposal_id", "step"])
    op.create_table(
        "forum_call",
        sa.Column("id", NUMBER, nullable=False), sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("step", NUMBER, nullable=False), sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forum_call"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_forum_call_proposal_id"),
        sa.UniqueConstraint("proposal_id", "step", name="uq_forum_call_proposal_id_step"))
    running = sa.text("ended_at IS NULL")
    op.create_index("ix_forum_call_due_on", "forum_call", ["due_on", "id"], sqlite_where=running,
                    postgresql_where=running)
    op.create_index("uq_duty_open", "duty", ["proposal_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN)
