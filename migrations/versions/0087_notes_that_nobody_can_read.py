"""Notes that nobody can read and empty ones; what waits for a second person by when it was typed.

Revision: 0087
After: 0086
"""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

ENDS = ("proposal", "joined", "statement", "agenda", "duty", "answered", "kept", "elsewhere", "counted", "unreadable",
        "blank")
UNCHECKED = sa.text("checked_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_intake_item_unchecked", "intake_item")
    with op.batch_alter_table("intake_item") as changed:
        changed.drop_constraint(op.f("ck_intake_item_became_is_known"), type_="check")
        changed.create_check_constraint(op.f("ck_intake_item_became_is_known"),
                                        f"became IN ({', '.join(map(repr, ENDS))})")
    op.create_index("ix_intake_item_unchecked", "intake_item", ["typed_at", "id"], sqlite_where=UNCHECKED,
                    postgresql_where=UNCHECKED)
