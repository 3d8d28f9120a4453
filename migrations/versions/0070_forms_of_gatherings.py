"""Gatherings have a form, a department that holds them, and a neighbourhood; those of before are forums.

Revision: 0070
After: 0069
"""

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0069"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("forum") as changed:
        changed.add_column(sa.Column("form", sa.String(40), nullable=False, server_default="forum"))
        changed.create_check_constraint(op.f("ck_forum_form_is_known"),
                                        "form IN ('forum', 'meeting', 'session', 'visit')")
        for column in ("department", "neighbourhood"):
            changed.add_column(sa.Column(f"{column}_id", NUMBER, nullable=True))
            changed.create_foreign_key(f"fk_forum_{column}_id", column, [f"{column}_id"], ["id"])
    with op.batch_alter_table("forum") as changed:
        changed.alter_column("form", existing_type=sa.String(40), existing_nullable=False, server_default=None)
