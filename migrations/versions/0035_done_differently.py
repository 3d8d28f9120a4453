"""Answers and outcomes can say that something is done differently.

Outcomes that declined and yet promised something for a day were that; their versions stay as they were published.

Revision: 0035
After: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

outcome = sa.table("outcome", sa.column("decision"), sa.column("promised_on"))
KNOWN = {
    "outcome": ("decision", "'decided', 'partly', 'differently', 'declined', 'postponed'"),
    "answer": ("outcome", "'accepted', 'partly_accepted', 'already_done', 'long_term', 'referred', 'differently', "
                          "'declined'"),
}


def upgrade() -> None:
    for table, (column, values) in KNOWN.items():
        with op.batch_alter_table(table) as changed:
            known = op.f(f"ck_{table}_{column}_is_known")
            changed.drop_constraint(known, type_="check")
            changed.create_check_constraint(known, f"{column} IN ({values})")
    op.execute(outcome.update().where(outcome.c.decision == "declined", outcome.c.promised_on.is_not(None))
               .values(decision="differently"))
