"""Quorums of rounds, and of so many ‰ of a number of residents; consequences of a missed one.

Revision: 0108
After: 0107
"""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
QUORUMS, MISSED = "('min_voters', 'min_turnout', 'per_mille')", "('void', 'advisory')"


def upgrade() -> None:
    for name in ("poll", "budget_round"):
        with op.batch_alter_table(name) as changed:
            if name == "poll":
                changed.drop_constraint(op.f("ck_poll_quorum_is_known"), type_="check")
                changed.add_column(sa.Column("quorum_residents", NUMBER, nullable=True))
            else:
                changed.add_column(sa.Column("quorum", sa.String(40), nullable=True))
                changed.add_column(sa.Column("quorum_value", NUMBER, nullable=True))
            changed.add_column(sa.Column("quorum_missed", sa.String(40), nullable=False, server_default="void"))
            changed.add_column(sa.Column("quorum_source", sa.String(200), nullable=True))
            changed.add_column(sa.Column("quorum_on", sa.Date(), nullable=True))
            changed.create_check_constraint(op.f(f"ck_{name}_quorum_is_known"), f"quorum IN {QUORUMS}")
            changed.create_check_constraint(op.f(f"ck_{name}_quorum_missed_is_known"), f"quorum_missed IN {MISSED}")
        with op.batch_alter_table(name) as changed:
            changed.alter_column("quorum_missed", existing_type=sa.String(40), existing_nullable=False,
                                 server_default=None)
    with op.batch_alter_table("envelope") as changed:
        changed.add_column(sa.Column("residents", NUMBER, nullable=True))
