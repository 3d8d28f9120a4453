"""Letters and kiosks of consultations.

Revision: 0038
After: 0037
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("consultation", sa.Column("by_letter", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("consultation") as batch:
        batch.alter_column("by_letter", server_default=None)
    op.create_table(
        "opinion_letter",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opinion_letter"),
        sa.UniqueConstraint("hash", name="uq_opinion_letter_hash"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name="fk_opinion_letter_consultation_id"),
    )
    op.create_index("ix_opinion_letter_run", "opinion_letter", ["consultation_id", "run"])
    op.create_table(
        "opinion_kiosk",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("started_by_id", NUMBER, nullable=False),
        sa.Column("revoked_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_opinion_kiosk"),
        sa.UniqueConstraint("secret_hash", name="uq_opinion_kiosk_secret_hash"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name="fk_opinion_kiosk_consultation_id"),
        sa.ForeignKeyConstraint(["started_by_id"], ["user.id"], name="fk_opinion_kiosk_started_by_id"),
    )
    op.create_index("ix_opinion_kiosk_consultation_id", "opinion_kiosk", ["consultation_id"])
