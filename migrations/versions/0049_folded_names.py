"""The hash by which people are found whatever nobody sees in their names; a job makes it for those who are there.

Revision: 0049
After: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("folded_hash", sa.LargeBinary(32)))
    op.create_index("ix_person_folded_hash", "person", ["folded_hash"])
