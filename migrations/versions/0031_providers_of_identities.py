"""Providers of identities: people verified by them, and links by which they sign in.

Revision: 0031
After: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KNOWN = (("affiliation", "how", "'declared', 'desk', 'letter', 'provider'"),
         ("passkey_challenge", "purpose", "'make', 'sign_in', 'prove', 'provider'"))


def upgrade() -> None:
    for table, column, values in KNOWN:
        name = op.f(f"ck_{table}_{column}_is_known")
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(name, type_="check")
            changed.create_check_constraint(name, f"{column} IN ({values})")
    op.create_table(
        "provider_link",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("provider", sa.String(30), nullable=False),
        sa.Column("subject_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("linked_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_provider_link"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_provider_link_user_id"),
        sa.UniqueConstraint("subject_hash", name="uq_provider_link_subject_hash"),
    )
    op.create_index("ix_provider_link_user_id", "provider_link", ["user_id"])
