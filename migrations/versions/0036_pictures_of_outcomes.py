"""Outcomes have a category, and pictures of the place before and after.

Category: of the proposal, or of the most proposals at the core of the agenda, that it is about.

Revision: 0036
After: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CATEGORIES = ("traffic", "safety", "environment", "welfare", "education", "culture", "economy", "city",
              "self-governance", "other")
KNOWN = ", ".join(f"'{one}'" for one in CATEGORIES)
OF_PROPOSALS = """UPDATE outcome SET category = (
    SELECT proposal.category FROM proposal WHERE proposal.id = outcome.subject_id) WHERE subject = 'proposal'"""
OF_AGENDAS = """UPDATE outcome SET category = (
    SELECT proposal.category FROM proposal JOIN agenda_link ON agenda_link.proposal_id = proposal.id
    WHERE agenda_link.agenda_id = outcome.subject_id AND agenda_link.ended_at IS NULL
        AND agenda_link.relation = 'core' AND proposal.category IS NOT NULL
    GROUP BY proposal.category ORDER BY count(*) DESC, proposal.category LIMIT 1) WHERE subject = 'agenda'"""


def upgrade() -> None:
    with op.batch_alter_table("outcome") as changed:
        changed.add_column(sa.Column("category", sa.String(40)))
        changed.create_check_constraint(op.f("ck_outcome_category_is_known"), f"category IN ({KNOWN})")
        for name in ("before_id", "after_id"):
            changed.add_column(sa.Column(name, NUMBER))
            changed.create_foreign_key(op.f(f"fk_outcome_{name}"), "attachment", [name], ["id"])
    op.execute(OF_PROPOSALS)
    op.execute(OF_AGENDAS)
