"""Links by which the first two administrators of a site open their accounts.

Revision: 0059
After: 0058
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "first_link",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_first_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_first_link")),
        sa.UniqueConstraint("place", name=op.f("uq_first_link_place")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_first_link_token_hash")))
