"""Series count for a yearly target of a commitment; copies of things know of what.

Revision: 0113
After: 0110
"""

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0110"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("year_series") as changed:
        changed.add_column(sa.Column("commitment_id", NUMBER, nullable=True))
        changed.add_column(sa.Column("target", sa.String(200), nullable=True))
        changed.create_foreign_key("fk_year_series_commitment_id", "commitment", ["commitment_id"], ["id"])
        changed.create_index("ix_year_series_commitment_id", ["commitment_id"])
    with op.batch_alter_table("series_thing") as changed:
        changed.add_column(sa.Column("copied_from", NUMBER, nullable=True))
