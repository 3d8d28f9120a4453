"""Requests of residents for a visit.

Revision: 0086
After: 0085
"""

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WAITS = sa.text("answered_at IS NULL")


def upgrade() -> None:
    references = {"neighbourhood_id": "neighbourhood", "by_id": "user", "answered_by_id": "user", "visit_id": "forum"}
    op.create_table(
        "visit_request",
        sa.Column("id", NUMBER, nullable=False), sa.Column("place", sa.String(200), nullable=False),
        sa.Column("why", sa.String(500), nullable=False), sa.Column("names", NUMBER, nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False), sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True), sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("refused_because", sa.String(500), nullable=True),
        sa.Column("ask_again_on", sa.Date(), nullable=True),
        *(sa.Column(column, NUMBER, nullable=column != "neighbourhood_id") for column in references),
        sa.PrimaryKeyConstraint("id", name="pk_visit_request"),
        *(sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_visit_request_{column}")
          for column, to in references.items()))
    op.create_index("uq_visit_request_open", "visit_request", ["by_id", "neighbourhood_id"], unique=True,
                    sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_index("ix_visit_request_waiting", "visit_request", ["due_on", "id"], sqlite_where=WAITS,
                    postgresql_where=WAITS)
    op.create_index("ix_visit_request_asked_at", "visit_request", ["asked_at", "id"])
    op.create_index("ix_visit_request_by_id", "visit_request", ["by_id"])
