"""Participants of consultations without the day on which they began; the time at which their marks are forgotten.

Revision: 0041
After: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("opinion_participant", "began_on")
    if op.get_bind().dialect.name == "postgresql":  # numbers are drawn at random from now on
        op.alter_column("opinion_participant", "id", server_default=None)
        op.execute("DROP SEQUENCE opinion_participant_id_seq")
    op.add_column("consultation", sa.Column("marks_forgotten_at", sa.DateTime()))
