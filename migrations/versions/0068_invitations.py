"""Invitations by mail with roles, proposed in lists that a second administrator confirms.

Revision: 0068
After: 0067
"""

import sqlalchemy as sa
from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ROLES = "'moderator', 'official', 'clerk', 'observer', 'administrator', 'reader'"


def upgrade() -> None:
    op.create_table(
        "invitation_list",
        sa.Column("id", NUMBER, nullable=False), sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False), sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitation_list"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_invitation_list_by_id"))
    op.create_table(
        "invitation",
        sa.Column("id", NUMBER, nullable=False), sa.Column("list_id", NUMBER, nullable=False),
        sa.Column("email", sa.String(254), nullable=False), sa.Column("name", sa.String(20), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True), sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("is_head", sa.Boolean(), nullable=False), sa.Column("title", sa.String(60), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True), sa.Column("token_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("email", name="uq_invitation_email"),
        sa.UniqueConstraint("token_hash", name="uq_invitation_token_hash"),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_invitation_role_is_known")),
        sa.ForeignKeyConstraint(["list_id"], ["invitation_list.id"], name="fk_invitation_list_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_invitation_department_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_invitation_neighbourhood_id"))
    op.create_index("ix_invitation_list_id", "invitation", ["list_id"])
    op.create_index("ix_invitation_list_by_id", "invitation_list", ["by_id"])
