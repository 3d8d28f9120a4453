"""One name for budget rounds in notices, and outcomes of any kind of thing.

Revision: 0017
After: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (("notice", "about"), ("vote_notice", "subject")):
        op.execute(f"UPDATE {table} SET {column} = 'budget_' || {column} WHERE {column} LIKE 'round:%'")
    with op.batch_alter_table("outcome") as outcome:
        outcome.drop_constraint(op.f("ck_outcome_subject_is_known"), type_="check")
