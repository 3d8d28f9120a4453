"""Kiosks are registered browsers of a desk; what a desk hands out is counted by day.

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kiosk_device",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("code_until", sa.DateTime(), nullable=True),
        sa.Column("registered_by_id", NUMBER, nullable=True),
        sa.Column("registered_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_by_id", NUMBER, nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_kiosk_device"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_kiosk_device_neighbourhood_id"),
        sa.ForeignKeyConstraint(["registered_by_id"], ["user.id"], name="fk_kiosk_device_registered_by_id"),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["user.id"], name="fk_kiosk_device_revoked_by_id"),
        sa.UniqueConstraint("secret_hash", name="uq_kiosk_device_secret_hash"),
    )
    op.create_table(
        "desk_count",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("desk", NUMBER, nullable=False, autoincrement=False),
        sa.Column("codes", NUMBER, nullable=False),
        sa.Column("used", NUMBER, nullable=False),
        sa.Column("papers", NUMBER, nullable=False),
        sa.Column("withdrawn", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("box_id", "day", "desk", name="pk_desk_count"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_desk_count_box_id"),
    )
