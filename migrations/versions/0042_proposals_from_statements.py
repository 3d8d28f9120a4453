"""Proposals that began with a statement of a consultation.

Revision: 0042
After: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "statement_proposal",
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("statement_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_statement_proposal_proposal_id"),
                                ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_statement_proposal_statement_id")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_statement_proposal")),
    )
    op.create_index(op.f("ix_statement_proposal_statement_id"), "statement_proposal", ["statement_id"])
