"""A version for each table.

Revision: 0018
After: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.drop_table("site_version")
    op.create_table("site_version", sa.Column("name", sa.String(63), nullable=False),
                    sa.Column("number", NUMBER, nullable=False),
                    sa.PrimaryKeyConstraint("name", name="pk_site_version"))
