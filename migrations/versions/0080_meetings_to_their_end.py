"""Papers of an item that are files; minutes that are sent back; rooms of those who come by video.

Revision: 0080
After: 0079
"""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("meeting_item") as changed:
        changed.add_column(sa.Column("files_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_meeting_item_files_id", "attachment_set", ["files_id"], ["id"])
    with op.batch_alter_table("meeting") as changed:
        changed.add_column(sa.Column("sent_back_why", sa.String(300), nullable=True))
        changed.add_column(sa.Column("video_url", sa.String(500), nullable=True))
