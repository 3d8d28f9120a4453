"""Entries that were added to a roll say which provider of identities had verified their people.

Revision: 0056
After: 0055
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("roll_entry", sa.Column("provider", sa.String(30)))
