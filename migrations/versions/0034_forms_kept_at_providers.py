"""A form that waits while its author is at a provider of identities: sealed in the row that the answer takes away.

Revision: 0034
After: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("passkey_challenge", sa.Column("kept", sa.LargeBinary()))
