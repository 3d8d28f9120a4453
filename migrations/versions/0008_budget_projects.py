"""Projects of budget rounds, their versions and reviews, and what the council decided.

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    projects()
    reviews()
    council()


def where(condition: str) -> dict[str, sa.TextClause]:
    """Of an index on some of the rows."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def projects() -> None:
    op.create_table(
        "project",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("envelope_id", NUMBER, nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("number", NUMBER, nullable=True),
        sa.Column("form_key", sa.String(32), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("author_id", NUMBER, nullable=True),
        sa.Column("proposal_id", NUMBER, nullable=True),
        sa.Column("kind_id", NUMBER, nullable=True),
        sa.Column("group_id", NUMBER, nullable=True),
        sa.Column("exclusion_id", NUMBER, nullable=True),
        sa.Column("merged_into_id", NUMBER, nullable=True),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("cost", NUMBER, nullable=False),
        sa.Column("cost_note", sa.String(300), nullable=True),
        sa.Column("proposed_cost", NUMBER, nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_rule", sa.String(40), nullable=True),
        sa.Column("committee_votes", NUMBER, nullable=True),
        sa.Column("place_in_order", NUMBER, nullable=True),
        sa.Column("decided_amount", NUMBER, nullable=True),
        sa.Column("journey_id", NUMBER, nullable=True),
        sa.Column("thread_id", NUMBER, nullable=True),
        sa.Column("attachment_set_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_project"),
        sa.ForeignKeyConstraint(["attachment_set_id"], ["attachment_set.id"], name="fk_project_attachment_set_id"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_project_author_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_project_department_id"),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name="fk_project_envelope_id"),
        sa.ForeignKeyConstraint(["exclusion_id"], ["exclusion_group.id"], name="fk_project_exclusion_id"),
        sa.ForeignKeyConstraint(["group_id"], ["choice_group.id"], name="fk_project_group_id"),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name="fk_project_journey_id"),
        sa.ForeignKeyConstraint(["kind_id"], ["project_kind.id"], name="fk_project_kind_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["project.id"], name="fk_project_merged_into_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_project_neighbourhood_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_project_proposal_id"),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name="fk_project_round_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_project_thread_id"),
        sa.UniqueConstraint("envelope_id", "number", name="uq_project_envelope_id_number"),
        sa.UniqueConstraint("form_key", name="uq_project_form_key"),
        sa.UniqueConstraint("journey_id", name="uq_project_journey_id"),
        sa.UniqueConstraint("round_id", "code", name="uq_project_round_id_code"),
        sa.UniqueConstraint("thread_id", name="uq_project_thread_id"),
        sa.CheckConstraint(
            "category IN ('traffic', 'safety', 'environment', 'welfare', 'education', 'culture', 'economy', "
            "'city', 'self-governance', 'other')",
            name=op.f("ck_project_category_is_known")),
        sa.CheckConstraint("cost >= 0", name=op.f("ck_project_cost_is_money")),
        sa.CheckConstraint(
            "state IN ('handed_in', 'in_review', 'eligible', 'eligible_if', 'not_eligible', 'merged', "
            "'withdrawn', 'on_ballot', 'chosen', 'not_chosen', 'in_budget', 'dropped', 'in_progress', "
            "'done')",
            name=op.f("ck_project_state_is_known")),
    )
    op.create_index("ix_project_author", "project", ["author_id", "id"])
    op.create_index("ix_project_department_id", "project", ["department_id"])
    op.create_index("ix_project_envelope", "project", ["envelope_id", "code", "id"])
    op.create_index("ix_project_merged_into_id", "project", ["merged_into_id"])
    op.create_index("ix_project_proposal_id", "project", ["proposal_id"])
    op.create_index("ix_project_round_state", "project", ["round_id", "state", "id"])
    op.create_index("uq_project_proposal", "project", ["round_id", "proposal_id"], unique=True,
                    **where("proposal_id IS NOT NULL AND state NOT IN ('withdrawn', 'merged')"))

    op.create_table(
        "project_version",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("project_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(300), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("cost", NUMBER, nullable=False),
        sa.Column("note", sa.String(300), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_project_version"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_project_version_by_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_project_version_department_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_project_version_project_id"),
        sa.UniqueConstraint("project_id", "number", name="uq_project_version_project_id_number"),
    )


def reviews() -> None:
    op.create_table(
        "second_look",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("project_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(1000), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_second_look"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name="fk_second_look_answered_by_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_second_look_project_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_second_look_user_id"),
    )
    op.create_index("ix_second_look_project_id", "second_look", ["project_id"])
    op.create_index("ix_second_look_user_id", "second_look", ["user_id"])
    op.create_index("uq_second_look_open", "second_look", ["project_id"], unique=True, **where("answered_at IS NULL"))

    op.create_table(
        "eligibility_review",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("project_id", NUMBER, nullable=False),
        sa.Column("department_id", NUMBER, nullable=False),
        sa.Column("is_second_opinion", sa.Boolean(), nullable=False),
        sa.Column("second_look_id", NUMBER, nullable=True),
        sa.Column("assigned_at", sa.DateTime(), nullable=False),
        sa.Column("assigned_by_id", NUMBER, nullable=True),
        sa.Column("assigned_note", sa.String(300), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("project_version", NUMBER, nullable=True),
        sa.Column("legal", sa.String(40), nullable=True),
        sa.Column("legal_text", sa.Text(), nullable=False),
        sa.Column("technical", sa.String(40), nullable=True),
        sa.Column("technical_text", sa.Text(), nullable=False),
        sa.Column("cost", NUMBER, nullable=True),
        sa.Column("cost_parts", sa.JSON(), nullable=False),
        sa.Column("duration", sa.String(200), nullable=False),
        sa.Column("running_cost", NUMBER, nullable=True),
        sa.Column("running_cost_text", sa.String(300), nullable=False),
        sa.Column("conflicts", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(40), nullable=True),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("reason_id", NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_eligibility_review"),
        sa.ForeignKeyConstraint(["assigned_by_id"], ["user.id"], name="fk_eligibility_review_assigned_by_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_eligibility_review_department_id"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name="fk_eligibility_review_ended_by_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_eligibility_review_project_id"),
        sa.ForeignKeyConstraint(["reason_id"], ["exclusion_reason.id"], name="fk_eligibility_review_reason_id"),
        sa.ForeignKeyConstraint(["second_look_id"], ["second_look.id"], name="fk_eligibility_review_second_look_id"),
        sa.CheckConstraint(
            "legal IN ('fine', 'with_conditions', 'not_possible')",
            name=op.f("ck_eligibility_review_legal_is_known")),
        sa.CheckConstraint(
            "technical IN ('fine', 'with_conditions', 'not_possible')",
            name=op.f("ck_eligibility_review_technical_is_known")),
        sa.CheckConstraint(
            "verdict IN ('eligible', 'eligible_if', 'not_eligible')",
            name=op.f("ck_eligibility_review_verdict_is_known")),
    )
    op.create_index("ix_eligibility_review_project_id", "eligibility_review", ["project_id", "id"])
    op.create_index("ix_eligibility_review_waiting", "eligibility_review",
                    ["department_id", "ended_at", "due_at", "id"])
    op.create_index("uq_eligibility_review_open", "eligibility_review", ["project_id", "department_id"], unique=True,
                    **where("ended_at IS NULL AND taken_back_at IS NULL"))


def council() -> None:
    op.create_table(
        "council_step",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("project_id", NUMBER, nullable=False),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("amount", NUMBER, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_council_step"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_council_step_by_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_council_step_project_id"),
        sa.UniqueConstraint("project_id", name="uq_council_step_project_id"),
        sa.CheckConstraint(
            "decision IN ('confirmed', 'cut', 'dropped')",
            name=op.f("ck_council_step_decision_is_known")),
    )
