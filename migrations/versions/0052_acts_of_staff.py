"""Acts of staff on an account, and letters that one person prints and another posts.

An account counts as touched by its last check at a desk where no vote is announced or open: nobody who can vote today
is kept from it by the upgrade. Letters that were printed are in the post.

Revision: 0052
After: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.add_column("user", sa.Column("staff_act_at", sa.DateTime(), nullable=True))
    for name in ("staff_act_confirmed", "staff_act_unread"):
        op.add_column("user", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute('UPDATE "user" SET staff_act_at = (SELECT max(desk_check.at) FROM desk_check'
               ' WHERE desk_check.user_id = "user".id) WHERE left_at IS NULL AND NOT EXISTS'
               ' (SELECT 1 FROM ballot_box WHERE closed_at IS NULL AND NOT rehearsal AND closes_at > '
               'CURRENT_TIMESTAMP)')
    with op.batch_alter_table("desk_check") as batch:
        batch.alter_column("neighbourhood_id", existing_type=NUMBER, nullable=True)
        batch.alter_column("evidence", existing_type=sa.String(length=40), nullable=True)
    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("posted_at", sa.DateTime(), nullable=True))
        batch.add_column(sa.Column("posted_by_id", NUMBER, nullable=True))
        batch.add_column(sa.Column("is_notice", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch.create_foreign_key(op.f("fk_letter_posted_by_id"), "user", ["posted_by_id"], ["id"])
        batch.drop_index("uq_letter_open")
    op.create_index("uq_letter_open", "letter", ["user_id", "is_notice"], unique=True, sqlite_where=WAITING,
                    postgresql_where=WAITING)
    op.execute("UPDATE letter SET posted_at = printed_at WHERE printed_at IS NOT NULL")
