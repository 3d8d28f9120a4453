"""A roll knows who brought in its list, who serves nobody at the desks of its votes. Of older rolls nobody knows.

Revision: 0058
After: 0057
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("electoral_roll") as batch:
        batch.add_column(sa.Column("listed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch.create_foreign_key("fk_electoral_roll_listed_by_id", "user", ["listed_by_id"], ["id"])
