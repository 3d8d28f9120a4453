"""Taking part once, and supports that count persons.

Revision: 0032
After: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("once_until", sa.DateTime()))
    there = sa.text("once_until IS NOT NULL")
    op.create_index("ix_user_once_until", "user", ["once_until"], sqlite_where=there, postgresql_where=there)
    op.add_column("support", sa.Column("person_mark", sa.LargeBinary(16)))
    marked = sa.text("person_mark IS NOT NULL")
    op.create_index("uq_support_person", "support", ["proposal_id", "person_mark"], unique=True,
                    sqlite_where=marked, postgresql_where=marked)
