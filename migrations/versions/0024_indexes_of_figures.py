"""Indexes from which participation by month is counted.

Revision: 0024
After: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

REACHED = "threshold_reached_at IS NOT NULL"


def upgrade() -> None:
    op.create_index("ix_proposal_figures", "proposal", ["published_at", "channel", "author_id", "hidden_at"])
    op.create_index("ix_proposal_reached", "proposal", ["threshold_reached_at"], sqlite_where=sa.text(REACHED),
                    postgresql_where=sa.text(REACHED))
    op.create_index("ix_support_at", "support", ["at", "user_id"])
    op.create_index("ix_comment_figures", "comment",
                    ["at", "author_id", "as_moderator", "department_id", "deleted_at", "hidden_at"])
    op.create_index("ix_forum_registration_asked_at", "forum_registration", ["asked_at"])
