"""Residents are those who were verified: work and study that somebody only declared count no more than living here.

What was counted of supports stays as it was counted.

Revision: 0033
After: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

user = sa.table("user", sa.column("id"), sa.column("is_resident", sa.Boolean()))
affiliation = sa.table("affiliation", sa.column("user_id"), sa.column("how"))


def upgrade() -> None:
    verified = sa.exists().where(affiliation.c.user_id == user.c.id, affiliation.c.how != "declared")
    op.execute(user.update().where(user.c.is_resident, ~verified).values(is_resident=False))
