"""Observers ask for a vote with a key of their own; two officials answer their refusals, or go on without signatures.

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTIONS = ("open", "close_early", "count_anyway", "draw", "export_key", "answer_refusal", "without_signatures",
           "destroy_key", "publish")


def upgrade() -> None:
    op.create_table(
        "observer_ask",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_observer_ask"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_observer_ask_box_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_observer_ask_user_id"),
        sa.UniqueConstraint("box_id", "user_id", name="uq_observer_ask_box_id_user_id"),
    )
    op.create_index("ix_observer_ask_user_id", "observer_ask", ["user_id"])
    with op.batch_alter_table("confirmation") as confirmation:
        confirmation.alter_column("note", existing_type=sa.String(500), type_=sa.String(1000), existing_nullable=True)
        confirmation.drop_constraint(op.f("ck_confirmation_action_is_known"), type_="check")
        confirmation.create_check_constraint(op.f("ck_confirmation_action_is_known"),
                                             f"action IN ({', '.join(map(repr, ACTIONS))})")
