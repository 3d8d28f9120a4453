"""Chain, place and seal of each entry of the audit log; those that are there stay without.

Revision: 0053
After: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("chain", NUMBER, nullable=True))
    op.add_column("audit_entry", sa.Column("place", NUMBER, nullable=True))
    op.add_column("audit_entry", sa.Column("seal", sa.LargeBinary(32), nullable=True))
    op.create_index("uq_audit_entry_chain_place", "audit_entry", ["chain", "place"], unique=True)
