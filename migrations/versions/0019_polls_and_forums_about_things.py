"""Polls and forums about any kind of thing that is decided.

Revision: 0019
After: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("poll", "forum"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("about_kind", sa.String(30), nullable=True))
            table.add_column(sa.Column(
                "about_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        op.execute(f"UPDATE {name} SET about_kind = 'agenda', about_id = agenda_id WHERE agenda_id IS NOT NULL")
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_agenda_id"), type_="foreignkey")
            table.drop_index(f"ix_{name}_agenda_id")
            table.drop_column("agenda_id")
            table.create_check_constraint(op.f(f"ck_{name}_about_is_whole"),
                                          "(about_kind IS NULL) = (about_id IS NULL)")
            table.create_index(f"ix_{name}_about", ["about_kind", "about_id"])
