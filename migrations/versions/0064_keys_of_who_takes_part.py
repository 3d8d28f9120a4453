"""People who commented on a proposal, and the forums where one began, are found by a key.

Revision: 0064
After: 0063
"""

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_comment_thread", "comment", ["thread_id", "author_id"])
    op.create_index("ix_note_proposal_id", "note", ["proposal_id"])
    op.create_index("ix_forum_question_proposal_id", "forum_question", ["proposal_id"])
