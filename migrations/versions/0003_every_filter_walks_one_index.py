"""Every filter and order of the list of proposals walks one index.

Revision: 0003
After: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FILTERS = {"state": "state", "neighbourhood": "neighbourhood_id", "category": "category", "year": "year"}
ORDERS = {"newest": "published_at", "supported": "support_count", "discussed": "comment_count"}
THERE = ("state_supported", "state_discussed")


def upgrade() -> None:
    for name in ("category", "gathering_ends_at", "neighbourhood", "state"):
        op.drop_index(f"ix_proposal_{name}", "proposal")
    for restriction, column in FILTERS.items():
        for order, key in ORDERS.items():
            if f"{restriction}_{order}" not in THERE:
                op.create_index(f"ix_proposal_{restriction}_{order}", "proposal", [column, key, "id"])
    op.create_index("ix_proposal_state_gathering_ends_at", "proposal", ["state", "gathering_ends_at"])
