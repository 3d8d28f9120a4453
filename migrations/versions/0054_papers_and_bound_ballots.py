"""Papers that a desk changed and first ballots of accounts into which staff could have got, by desk and day.

Revision: 0054
After: 0053
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("changed", "bound"):
        op.add_column("desk_count", sa.Column(name, NUMBER, nullable=False, server_default="0"))
