"""Striking from the roll of an opened vote: proposed by one official, confirmed by another.

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONE_AT_A_TIME = "ended_at IS NULL AND action <> 'strike'"


def upgrade() -> None:
    op.drop_index("uq_confirmation_pending", "confirmation")
    with op.batch_alter_table("confirmation") as confirmation:
        confirmation.drop_constraint(op.f("ck_confirmation_action_is_known"), type_="check")
        confirmation.create_check_constraint(
            op.f("ck_confirmation_action_is_known"),
            "action IN ('open', 'close_early', 'count_anyway', 'draw', 'set_back', 'export_key', 'answer_refusal', "
            "'without_signatures', 'destroy_key', 'publish', 'strike')")
    op.create_index("uq_confirmation_pending", "confirmation", ["box_id", "action"], unique=True,
                    sqlite_where=sa.text(ONE_AT_A_TIME), postgresql_where=sa.text(ONE_AT_A_TIME))
    op.create_table(
        "strike",
        sa.Column("confirmation_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("roll_id", NUMBER, nullable=False),
        sa.Column("person", sa.LargeBinary(32), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("confirmation_id", name="pk_strike"),
        sa.ForeignKeyConstraint(["confirmation_id"], ["confirmation.id"], name="fk_strike_confirmation_id"),
        sa.ForeignKeyConstraint(["roll_id"], ["electoral_roll.id"], name="fk_strike_roll_id"),
    )
    op.create_index("ix_strike_roll_id", "strike", ["roll_id"])
