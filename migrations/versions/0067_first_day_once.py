"""The second administrator confirms the first day once.

Revision: 0067
After: 0066
"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    once = sa.text("name = 'district.first_day'")
    op.create_index("uq_joint_act_first_day", "joint_act", ["name"], unique=True, sqlite_where=once,
                    postgresql_where=once)
