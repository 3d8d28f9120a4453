"""Steps that came of a vote stand among its notices; what follows of a vote is told by its outcome.

Revision: 0046
After: 0045
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

NAMES = ("at", "text", "by_id")
STEP = sa.table("poll_step", *map(sa.column, ("id", "poll_id", "step", "selected", *NAMES)))
NOTICE = sa.table("vote_notice", *map(sa.column, ("subject", "kind", "title", *NAMES)))


def upgrade() -> None:
    for step in op.get_bind().execute(sa.select(STEP).order_by(STEP.c.id)).all():
        options = json.loads(step.selected) if isinstance(step.selected, str) else step.selected
        chosen = f"\n\n하기로 한 항목: {', '.join(f'{number}번' for number in options)}" if options else ""
        op.get_bind().execute(NOTICE.insert().values(
            subject=f"poll:{step.poll_id}", kind="notice", title=step.step, text=step.text + chosen, at=step.at,
            by_id=step.by_id))
    op.drop_table("poll_step")
