"""Minutes of bodies that are out count as signed; those of others are not the matter of moderators. Gatherings are
cancelled for a reason.

Revision: 0078
After: 0077
"""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("forum", sa.Column("cancelled_because", sa.String(300), nullable=True))
    kept = "signed_version IS NULL AND id IN (SELECT forum_id FROM meeting WHERE kept_at IS NOT NULL)"
    out = "id IN (SELECT forum_id FROM forum_minutes)"
    op.execute(f"UPDATE forum SET signed_version = 1 WHERE {kept} AND {out}")
    op.execute(f"UPDATE forum SET signed_version = 0 WHERE {kept} AND is_closed = false")
