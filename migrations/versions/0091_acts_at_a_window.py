"""Acts at a window: comments, projects, registrations and answers for somebody who stands there.

Revision: 0091
After: 0090
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ACTS = "act IN ('proposal', 'comment', 'project', 'registration', 'answer')"
ENDS = ("became IN ('proposal', 'joined', 'statement', 'agenda', 'duty', 'answered', 'kept', 'elsewhere', 'counted',"
        " 'unreadable', 'blank', 'done')")
WAITS = "about_kind = 'proposal' AND became IS NULL AND form <> 'signature'"


def upgrade() -> None:
    with op.batch_alter_table("intake_item") as changed:
        changed.add_column(sa.Column("act", sa.String(40), nullable=True))
        changed.add_column(sa.Column("facts", sa.JSON(), nullable=True))
        changed.create_check_constraint(op.f("ck_intake_item_act_is_known"), ACTS)
        changed.drop_constraint(op.f("ck_intake_item_became_is_known"), type_="check")
        changed.create_check_constraint(op.f("ck_intake_item_became_is_known"), ENDS)
    op.create_index("ix_intake_item_act", "intake_item", ["id"], sqlite_where=sa.text("facts IS NOT NULL"),
                    postgresql_where=sa.text("facts IS NOT NULL"))
    keep_drafts(op.get_bind())
    with op.batch_alter_table("forum_registration") as changed:
        changed.alter_column("user_id", existing_type=NUMBER, nullable=True)
        changed.add_column(sa.Column("submission_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_forum_registration_submission_id", "submission", ["submission_id"], ["id"])
        changed.create_unique_constraint(op.f("uq_forum_registration_submission_id"), ["submission_id"])
    with op.batch_alter_table("comment") as changed:
        changed.add_column(sa.Column("at_desk", sa.Boolean(), nullable=False, server_default=sa.false()))
        changed.drop_index("ix_comment_figures")
        changed.create_index("ix_comment_figures", [
            "at", "author_id", "as_moderator", "department_id", "deleted_at", "hidden_at", "at_desk"])
    with op.batch_alter_table("comment") as changed:
        changed.alter_column("at_desk", server_default=None)
    op.execute("UPDATE \"user\" SET nickname = '현장에서 받은 말' WHERE sign_in_key = '*intake'")


def keep_drafts(connection: sa.Connection) -> None:
    """Proposals that wait for a second clerk are words of their items; the drafts, which nobody's page shows, go."""
    waiting = connection.execute(sa.text(
        "SELECT i.id, p.id AS draft, p.attachment_set_id, p.title, p.problem, p.wish, p.category, p.neighbourhood_id"
        f" FROM intake_item i JOIN proposal p ON p.id = i.about_id WHERE {WAITS} AND p.state = 'draft'")).all()
    for row in waiting:
        facts = {"title": row.title, "problem": row.problem, "wish": row.wish, "category": row.category or "",
                 "neighbourhood": str(row.neighbourhood_id or "")}
        connection.execute(sa.text("UPDATE intake_item SET act = 'proposal', facts = :facts, about_kind = NULL,"
                                   " about_id = NULL WHERE id = :id"), {"id": row.id, "facts": json.dumps(facts)})
        connection.execute(sa.text("DELETE FROM proposal WHERE id = :id"), {"id": row.draft})
        connection.execute(sa.text("UPDATE proposal_tally SET total = total - 1 WHERE state = 'draft'"))
