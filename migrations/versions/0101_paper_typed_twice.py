"""Paper of surveys: its number and who typed it, until a second person has typed the same.

Revision: 0101
After: 0100
"""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("survey_answer") as changed:
        changed.add_column(sa.Column("paper", NUMBER, nullable=True))
        changed.add_column(sa.Column("typed_by_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_survey_answer_typed_by_id", "user", ["typed_by_id"], ["id"])
        changed.create_unique_constraint("uq_survey_answer_survey_id_paper", ["survey_id", "paper"])
        changed.create_check_constraint(op.f("ck_survey_answer_typed_by_somebody"),
                                        "(paper IS NULL) = (typed_by_id IS NULL)")
