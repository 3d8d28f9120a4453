"""A proposal of an official keeps what was shown with it, and a vote can be set back to before its count.

Proposals to close early, to count in spite of an alarm and to destroy a key that nobody confirmed yet lack the reason
that belongs to them now: they are void, and are proposed again.

Revision: 0014
After: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTIONS = ("open", "close_early", "count_anyway", "draw", "set_back", "export_key", "answer_refusal",
           "without_signatures", "destroy_key", "publish")


def upgrade() -> None:
    known = op.f("ck_confirmation_action_is_known")
    with op.batch_alter_table("confirmation") as confirmation:
        confirmation.add_column(sa.Column("shown", sa.Text(), nullable=True))
        confirmation.drop_constraint(known, type_="check")
        confirmation.create_check_constraint(known, f"action IN ({', '.join(map(repr, ACTIONS))})")
    op.create_table(
        "earlier_result",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("result_signature", sa.LargeBinary(64), nullable=False),
        sa.Column("public_sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("observers_sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("counted_at", sa.DateTime(), nullable=False),
        sa.Column("set_back_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "number", name="pk_earlier_result"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_earlier_result_box_id"),
    )
