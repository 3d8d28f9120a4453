"""Words of the texts that can be found, for what was meant by a word.

Revision: 0120
After: 0117
"""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0117"
branch_labels = None
depends_on = None
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_word", sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False), sa.Column("count", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name="pk_search_word"))
