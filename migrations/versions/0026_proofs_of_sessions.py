"""Moment at which somebody last proved who they are, in place of one that nothing read.

Revision: 0026
After: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE user_session RENAME COLUMN second_factor_at TO proved_at")
