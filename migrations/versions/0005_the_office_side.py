"""The office's side: agendas, merges, answers, outcomes, awards, moderation and notices.

Revision: 0005
After: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    agendas()
    merges()
    answers()
    outcomes()
    awards()
    moderation()
    notices()
    what_was_there_before()


def where(condition: str, on_postgresql: str | None = None) -> dict[str, sa.TextClause]:
    """Of an index on some of the rows."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(on_postgresql or condition)}


def agendas() -> None:
    op.create_table(
        "agenda",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("summary_html", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_before", sa.String(40), nullable=True),
        sa.Column("lead_department_id", NUMBER, nullable=True),
        sa.Column("created_by_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("merged_into_id", NUMBER, nullable=True),
        sa.Column("thread_id", NUMBER, nullable=True),
        sa.Column("journey_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agenda"),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name="fk_agenda_created_by_id"),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name="fk_agenda_journey_id"),
        sa.ForeignKeyConstraint(["lead_department_id"], ["department.id"], name="fk_agenda_lead_department_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["agenda.id"], name="fk_agenda_merged_into_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_agenda_thread_id"),
        sa.UniqueConstraint("journey_id", name="uq_agenda_journey_id"),
        sa.UniqueConstraint("slug", name="uq_agenda_slug"),
        sa.UniqueConstraint("thread_id", name="uq_agenda_thread_id"),
        sa.CheckConstraint("state IN ('preparing', 'in_deliberation', 'at_vote', 'decided', 'in_progress', 'closed')",
                           name=op.f("ck_agenda_state_is_known")),
        sa.CheckConstraint(
            "state_before IN ('preparing', 'in_deliberation', 'at_vote', 'decided', 'in_progress', 'closed')",
            name=op.f("ck_agenda_state_before_is_known")),
    )
    op.create_index("ix_agenda_merged_into_id", "agenda", ["merged_into_id"])
    op.create_index("ix_agenda_published_at", "agenda", ["published_at", "id"])
    op.create_index("ix_agenda_state_published_at", "agenda", ["state", "published_at", "id"])

    op.create_table(
        "agenda_neighbourhood",
        sa.Column("agenda_id", NUMBER, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("agenda_id", "neighbourhood_id", name="pk_agenda_neighbourhood"),
        sa.ForeignKeyConstraint(["agenda_id"], ["agenda.id"], name="fk_agenda_neighbourhood_agenda_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"],
                                name="fk_agenda_neighbourhood_neighbourhood_id"),
    )

    op.create_table(
        "agenda_audience",
        sa.Column("agenda_id", NUMBER, nullable=False),
        sa.Column("audience_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("agenda_id", "audience_id", name="pk_agenda_audience"),
        sa.ForeignKeyConstraint(["agenda_id"], ["agenda.id"], name="fk_agenda_audience_agenda_id"),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name="fk_agenda_audience_audience_id"),
    )

    op.create_table(
        "agenda_version",
        sa.Column("agenda_id", NUMBER, nullable=False),
        sa.Column("version", NUMBER, autoincrement=False, nullable=False),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("edited_by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("agenda_id", "version", name="pk_agenda_version"),
        sa.ForeignKeyConstraint(["agenda_id"], ["agenda.id"], name="fk_agenda_version_agenda_id"),
        sa.ForeignKeyConstraint(["edited_by_id"], ["user.id"], name="fk_agenda_version_edited_by_id"),
    )

    op.create_table(
        "agenda_link",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agenda_id", NUMBER, nullable=False),
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("relation", sa.String(40), nullable=False),
        sa.Column("why", sa.String(300), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", NUMBER, nullable=True),
        sa.Column("ended_why", sa.String(300), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_link"),
        sa.ForeignKeyConstraint(["agenda_id"], ["agenda.id"], name="fk_agenda_link_agenda_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_agenda_link_by_id"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name="fk_agenda_link_ended_by_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_agenda_link_proposal_id"),
        sa.CheckConstraint("relation IN ('core', 'related', 'alternative')",
                           name=op.f("ck_agenda_link_relation_is_known")),
    )
    op.create_index("ix_agenda_link_agenda_id", "agenda_link", ["agenda_id"])
    op.create_index("ix_agenda_link_proposal_id", "agenda_link", ["proposal_id"])
    op.create_index("uq_agenda_link_core", "agenda_link", ["proposal_id"], unique=True,
                    **where("ended_at IS NULL AND relation = 'core'"))
    op.create_index("uq_agenda_link_open", "agenda_link", ["agenda_id", "proposal_id"], unique=True,
                    **where("ended_at IS NULL"))

    op.create_table(
        "agenda_descent",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("from_id", NUMBER, nullable=False),
        sa.Column("to_id", NUMBER, nullable=False),
        sa.Column("descent", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_descent"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_agenda_descent_by_id"),
        sa.ForeignKeyConstraint(["from_id"], ["agenda.id"], name="fk_agenda_descent_from_id"),
        sa.ForeignKeyConstraint(["to_id"], ["agenda.id"], name="fk_agenda_descent_to_id"),
        sa.CheckConstraint("descent IN ('split', 'merged')", name=op.f("ck_agenda_descent_descent_is_known")),
    )
    op.create_index("ix_agenda_descent_from_id", "agenda_descent", ["from_id"])
    op.create_index("ix_agenda_descent_to_id", "agenda_descent", ["to_id"])
    op.create_index("uq_agenda_descent_merged", "agenda_descent", ["from_id"], unique=True,
                    **where("undone_at IS NULL AND descent = 'merged'"))

    op.create_table(
        "agenda_next",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("agenda_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("slug", sa.String(60), nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_agenda_next"),
        sa.ForeignKeyConstraint(["agenda_id"], ["agenda.id"], name="fk_agenda_next_agenda_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_agenda_next_by_id"),
    )
    op.create_index("ix_agenda_next_agenda_id", "agenda_next", ["agenda_id"])


def merges() -> None:
    op.create_table(
        "proposal_merge",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("merged_id", NUMBER, nullable=False),
        sa.Column("into_id", NUMBER, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by_id", NUMBER, nullable=True),
        sa.Column("undone_reason", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_merge"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_proposal_merge_by_id"),
        sa.ForeignKeyConstraint(["into_id"], ["proposal.id"], name="fk_proposal_merge_into_id"),
        sa.ForeignKeyConstraint(["merged_id"], ["proposal.id"], name="fk_proposal_merge_merged_id"),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user.id"], name="fk_proposal_merge_undone_by_id"),
        sa.CheckConstraint("merged_id <> into_id", name=op.f("ck_proposal_merge_joins_two")),
    )
    op.create_index("ix_proposal_merge_into_id", "proposal_merge", ["into_id"])
    op.create_index("ix_proposal_merge_merged_id", "proposal_merge", ["merged_id"])
    op.create_index("uq_proposal_merge_open", "proposal_merge", ["merged_id"], unique=True,
                    **where("undone_at IS NULL"))

    op.create_table(
        "merge_reply",
        sa.Column("merge_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("reply", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("merge_id", "user_id", name="pk_merge_reply"),
        sa.ForeignKeyConstraint(["merge_id"], ["proposal_merge.id"], name="fk_merge_reply_merge_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_merge_reply_user_id"),
        sa.CheckConstraint("reply IN ('agreed', 'objected')", name=op.f("ck_merge_reply_reply_is_known")),
    )
    op.create_index("ix_merge_reply_user_id", "merge_reply", ["user_id"])

    op.create_table(
        "merge_opt_out",
        sa.Column("merge_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("merge_id", "user_id", name="pk_merge_opt_out"),
        sa.ForeignKeyConstraint(["merge_id"], ["proposal_merge.id"], name="fk_merge_opt_out_merge_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_merge_opt_out_user_id"),
    )
    op.create_index("ix_merge_opt_out_user_id", "merge_opt_out", ["user_id"])

    op.create_table(
        "author_objection",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("link_id", NUMBER, nullable=True),
        sa.Column("merge_id", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.String(1000), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", NUMBER, nullable=True),
        sa.Column("hidden_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_rule", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_author_objection"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name="fk_author_objection_answered_by_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_author_objection_by_id"),
        sa.ForeignKeyConstraint(["link_id"], ["agenda_link.id"], name="fk_author_objection_link_id"),
        sa.ForeignKeyConstraint(["merge_id"], ["proposal_merge.id"], name="fk_author_objection_merge_id"),
        sa.UniqueConstraint("link_id", name="uq_author_objection_link_id"),
        sa.UniqueConstraint("merge_id", "by_id", name="uq_author_objection_merge_id_by_id"),
        sa.CheckConstraint("(link_id IS NULL) <> (merge_id IS NULL)", name=op.f("ck_author_objection_is_about_one")),
    )
    op.create_index("ix_author_objection_by_id", "author_objection", ["by_id"])


def answers() -> None:
    op.create_table(
        "duty",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("days", NUMBER, nullable=True),
        sa.Column("working_days", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_how", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_duty"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_duty_proposal_id"),
        sa.CheckConstraint("kind IN ('threshold', 'formal', 'second_review')", name=op.f("ck_duty_kind_is_known")),
        sa.CheckConstraint("ended_how IN ('answered', 'referred', 'withdrawn', 'merged', 'undone')",
                           name=op.f("ck_duty_ended_how_is_known")),
    )
    op.create_index("ix_duty_open_due_on", "duty", ["due_on", "id"], **where("ended_at IS NULL"))
    op.create_index("ix_duty_proposal_id", "duty", ["proposal_id"])
    op.create_index("uq_duty_open", "duty", ["proposal_id"], unique=True, **where("ended_at IS NULL"))

    op.create_table(
        "duty_pause",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("duty_id", NUMBER, nullable=False),
        sa.Column("asked", sa.String(1000), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("asked_by_id", NUMBER, nullable=False),
        sa.Column("reply", sa.String(2000), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_duty_pause"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name="fk_duty_pause_asked_by_id"),
        sa.ForeignKeyConstraint(["duty_id"], ["duty.id"], name="fk_duty_pause_duty_id"),
    )
    op.create_index("ix_duty_pause_duty_id", "duty_pause", ["duty_id"])

    op.create_table(
        "assignment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("department_id", NUMBER, nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_assignment_by_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_assignment_department_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_assignment_proposal_id"),
        sa.CheckConstraint("state IN ('asked', 'taken', 'returned', 'ended')",
                           name=op.f("ck_assignment_state_is_known")),
    )
    op.create_index("ix_assignment_department", "assignment", ["department_id", "state", "id"])
    op.create_index("ix_assignment_proposal_id", "assignment", ["proposal_id"])
    op.create_index("uq_assignment_open", "assignment", ["proposal_id", "department_id"], unique=True,
                    **where("ended_at IS NULL"))
    op.create_index("uq_assignment_lead", "assignment", ["proposal_id"], unique=True,
                    **where("is_lead = 1 AND ended_at IS NULL", "is_lead AND ended_at IS NULL"))

    op.create_table(
        "referral",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("as_complaint", sa.Boolean(), nullable=False),
        sa.Column("to", sa.String(100), nullable=False),
        sa.Column("note", sa.String(1000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by_id", NUMBER, nullable=True),
        sa.Column("undone_reason", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_referral"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_referral_by_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_referral_proposal_id"),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user.id"], name="fk_referral_undone_by_id"),
    )
    op.create_index("ix_referral_proposal_id", "referral", ["proposal_id"])

    op.create_table(
        "formal_filing",
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_formal_filing"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_formal_filing_proposal_id"),
    )

    op.create_table(
        "second_review",
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("reason", sa.String(2000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_second_review"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_second_review_proposal_id"),
    )

    op.create_table(
        "answer",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("department_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_html", sa.Text(), nullable=False),
        sa.Column("by_when", sa.String(200), nullable=True),
        sa.Column("cost", NUMBER, nullable=True),
        sa.Column("reason", sa.String(2000), nullable=True),
        sa.Column("document_number", sa.String(60), nullable=True),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("team", sa.String(60), nullable=True),
        sa.Column("phone", sa.String(30), nullable=True),
        sa.Column("disclosure", sa.String(40), nullable=False),
        sa.Column("written_by_id", NUMBER, nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(), nullable=True),
        sa.Column("sent_back_why", sa.String(500), nullable=True),
        sa.Column("approved_by_id", NUMBER, nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("correction", sa.JSON(), nullable=True),
        sa.Column("understood", NUMBER, nullable=False),
        sa.Column("not_understood", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name="fk_answer_approved_by_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_answer_department_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_answer_proposal_id"),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name="fk_answer_written_by_id"),
        sa.CheckConstraint("kind IN ('interim', 'final')", name=op.f("ck_answer_kind_is_known")),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'partly_accepted', 'already_done', 'long_term', 'referred', 'declined')",
            name=op.f("ck_answer_outcome_is_known")),
        sa.CheckConstraint("state IN ('draft', 'awaiting_approval', 'published')",
                           name=op.f("ck_answer_state_is_known")),
        sa.CheckConstraint("disclosure IN ('open', 'partly_open', 'closed')",
                           name=op.f("ck_answer_disclosure_is_known")),
    )
    op.create_index("ix_answer_department_id", "answer", ["department_id"])
    op.create_index("ix_answer_proposal_id", "answer", ["proposal_id", "id"])
    op.create_index("ix_answer_state_published_at", "answer", ["state", "published_at", "id"])

    op.create_table(
        "answer_version",
        sa.Column("answer_id", NUMBER, nullable=False),
        sa.Column("version", NUMBER, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(300), nullable=True),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "version", name="pk_answer_version"),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name="fk_answer_version_answer_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_answer_version_by_id"),
    )

    op.create_table(
        "understanding",
        sa.Column("answer_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("understood", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "user_id", name="pk_understanding"),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name="fk_understanding_answer_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_understanding_user_id"),
    )
    op.create_index("ix_understanding_user_id", "understanding", ["user_id"])


def outcomes() -> None:
    op.create_table(
        "outcome",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", NUMBER, nullable=False),
        sa.Column("department_id", NUMBER, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("decision", sa.String(40), nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("reasons_html", sa.Text(), nullable=False),
        sa.Column("what_follows", sa.Text(), nullable=False),
        sa.Column("what_follows_html", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("first_promised_on", sa.Date(), nullable=True),
        sa.Column("cost", NUMBER, nullable=True),
        sa.Column("cost_note", sa.String(300), nullable=True),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("way", sa.JSON(), nullable=False),
        sa.Column("progress", sa.String(40), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("spent", NUMBER, nullable=True),
        sa.Column("written_by_id", NUMBER, nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("sent_back_why", sa.String(500), nullable=True),
        sa.Column("approved_by_id", NUMBER, nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("correction", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outcome"),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name="fk_outcome_approved_by_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_outcome_department_id"),
        sa.ForeignKeyConstraint(["written_by_id"], ["user.id"], name="fk_outcome_written_by_id"),
        sa.UniqueConstraint("subject", "subject_id", name="uq_outcome_subject_subject_id"),
        sa.CheckConstraint("subject IN ('agenda', 'poll', 'proposal')", name=op.f("ck_outcome_subject_is_known")),
        sa.CheckConstraint("state IN ('draft', 'awaiting_approval', 'published')",
                           name=op.f("ck_outcome_state_is_known")),
        sa.CheckConstraint("decision IN ('decided', 'partly', 'declined', 'postponed')",
                           name=op.f("ck_outcome_decision_is_known")),
        sa.CheckConstraint("progress IN ('promised', 'in_progress', 'done')",
                           name=op.f("ck_outcome_progress_is_known")),
    )
    op.create_index("ix_outcome_department_id", "outcome", ["department_id", "state", "id"])
    op.create_index("ix_outcome_public_decision", "outcome", ["decision", "decided_on", "id"],
                    **where("published_at IS NOT NULL"))
    op.create_index("ix_outcome_public_department", "outcome", ["department_id", "decided_on", "id"],
                    **where("published_at IS NOT NULL"))
    op.create_index("ix_outcome_public_newest", "outcome", ["decided_on", "id"], **where("published_at IS NOT NULL"))
    op.create_index("ix_outcome_public_progress", "outcome", ["progress", "decided_on", "id"],
                    **where("published_at IS NOT NULL"))
    op.create_index("ix_outcome_public_subject", "outcome", ["subject", "decided_on", "id"],
                    **where("published_at IS NOT NULL"))

    op.create_table(
        "outcome_neighbourhood",
        sa.Column("outcome_id", NUMBER, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("outcome_id", "neighbourhood_id", name="pk_outcome_neighbourhood"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"],
                                name="fk_outcome_neighbourhood_neighbourhood_id"),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name="fk_outcome_neighbourhood_outcome_id"),
    )

    op.create_table(
        "outcome_version",
        sa.Column("outcome_id", NUMBER, nullable=False),
        sa.Column("version", NUMBER, autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(300), nullable=True),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("outcome_id", "version", name="pk_outcome_version"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_outcome_version_by_id"),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name="fk_outcome_version_outcome_id"),
    )

    op.create_table(
        "outcome_report",
        sa.Column("outcome_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("progress", sa.String(40), nullable=False),
        sa.Column("spent", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("outcome_id", "number", name="pk_outcome_report"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_outcome_report_by_id"),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name="fk_outcome_report_outcome_id"),
        sa.CheckConstraint("progress IN ('promised', 'in_progress', 'done')",
                           name=op.f("ck_outcome_report_progress_is_known")),
    )


def awards() -> None:
    op.create_table(
        "award_round",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("year", NUMBER, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("winners", NUMBER, nullable=False),
        sa.Column("scores_until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_by_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_award_round"),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name="fk_award_round_created_by_id"),
        sa.UniqueConstraint("year", "name", name="uq_award_round_year_name"),
        sa.CheckConstraint("state IN ('nominating', 'scoring', 'published')",
                           name=op.f("ck_award_round_state_is_known")),
    )

    op.create_table(
        "award_juror",
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("round_id", "user_id", name="pk_award_juror"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_award_juror_by_id"),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"], name="fk_award_juror_round_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_award_juror_user_id"),
    )
    op.create_index("ix_award_juror_user_id", "award_juror", ["user_id"])

    op.create_table(
        "award_nominee",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("why", sa.String(500), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("declined_at", sa.DateTime(), nullable=True),
        sa.Column("place", NUMBER, nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_award_nominee"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_award_nominee_by_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_award_nominee_proposal_id"),
        sa.ForeignKeyConstraint(["round_id"], ["award_round.id"], name="fk_award_nominee_round_id"),
        sa.UniqueConstraint("round_id", "proposal_id", name="uq_award_nominee_round_id_proposal_id"),
    )
    op.create_index("ix_award_nominee_proposal_id", "award_nominee", ["proposal_id"])

    op.create_table(
        "award_score",
        sa.Column("nominee_id", NUMBER, nullable=False),
        sa.Column("juror_id", NUMBER, nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("nominee_id", "juror_id", name="pk_award_score"),
        sa.ForeignKeyConstraint(["juror_id"], ["user.id"], name="fk_award_score_juror_id"),
        sa.ForeignKeyConstraint(["nominee_id"], ["award_nominee.id"], name="fk_award_score_nominee_id"),
    )
    op.create_index("ix_award_score_juror_id", "award_score", ["juror_id"])


def moderation() -> None:
    op.create_table(
        "bulk_action",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_action"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_bulk_action_by_id"),
        sa.ForeignKeyConstraint(["undone_by_id"], ["user.id"], name="fk_bulk_action_undone_by_id"),
    )

    op.create_table(
        "takedown_request",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("form_key", sa.String(32), nullable=False),
        sa.Column("subject_kind", sa.String(30), nullable=False),
        sa.Column("subject_id", NUMBER, nullable=False),
        sa.Column("ground", sa.String(40), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("blocked_by_id", NUMBER, nullable=True),
        sa.Column("blocked_until", sa.DateTime(), nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.String(1000), nullable=True),
        sa.Column("decided_by_id", NUMBER, nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_takedown_request"),
        sa.ForeignKeyConstraint(["blocked_by_id"], ["user.id"], name="fk_takedown_request_blocked_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name="fk_takedown_request_decided_by_id"),
        sa.UniqueConstraint("form_key", name="uq_takedown_request_form_key"),
        sa.CheckConstraint("ground IN ('privacy', 'defamation', 'other')",
                           name=op.f("ck_takedown_request_ground_is_known")),
    )
    op.create_index("ix_takedown_request_waiting", "takedown_request", ["at"], **where("decided_at IS NULL"))

    op.create_table(
        "moderation_action",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_kind", sa.String(30), nullable=False),
        sa.Column("subject_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("bulk_id", NUMBER, nullable=True),
        sa.Column("takedown_id", NUMBER, nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", NUMBER, nullable=True),
        sa.Column("ended_how", sa.String(30), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_moderation_action"),
        sa.ForeignKeyConstraint(["bulk_id"], ["bulk_action.id"], name="fk_moderation_action_bulk_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_moderation_action_by_id"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name="fk_moderation_action_ended_by_id"),
        sa.ForeignKeyConstraint(["takedown_id"], ["takedown_request.id"], name="fk_moderation_action_takedown_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_moderation_action_user_id"),
        sa.CheckConstraint("kind IN ('hide', 'warn', 'mute', 'block', 'takedown')",
                           name=op.f("ck_moderation_action_kind_is_known")),
    )
    op.create_index("ix_moderation_action_at", "moderation_action", ["at", "id"])
    op.create_index("ix_moderation_action_bulk_id", "moderation_action", ["bulk_id"], **where("bulk_id IS NOT NULL"))
    op.create_index("ix_moderation_action_rule_at", "moderation_action", ["rule", "at", "id"])
    op.create_index("ix_moderation_action_subject", "moderation_action", ["subject_kind", "subject_id"])
    op.create_index("ix_moderation_action_takedown_id", "moderation_action", ["takedown_id"],
                    **where("takedown_id IS NOT NULL"))
    op.create_index("ix_moderation_action_user_id", "moderation_action", ["user_id"])
    op.create_index("uq_moderation_action_standing", "moderation_action", ["subject_kind", "subject_id", "kind"],
                    unique=True, **where("ended_at IS NULL"))

    op.create_table(
        "moderation_tally",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("rule", sa.String(40), nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("month", "rule", name="pk_moderation_tally"),
    )

    op.create_table(
        "appeal",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("action_id", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.String(1000), nullable=True),
        sa.Column("decided_by_id", NUMBER, nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.ForeignKeyConstraint(["action_id"], ["moderation_action.id"], name="fk_appeal_action_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_appeal_by_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name="fk_appeal_decided_by_id"),
        sa.UniqueConstraint("action_id", name="uq_appeal_action_id"),
    )
    op.create_index("ix_appeal_by_id", "appeal", ["by_id"])
    op.create_index("ix_appeal_waiting", "appeal", ["at"], **where("decided_at IS NULL"))

    op.create_table(
        "signal",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_kind", sa.String(30), nullable=False),
        sa.Column("subject_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=True),
        sa.Column("text_hash", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_signal"),
        sa.UniqueConstraint("subject_kind", "subject_id", "kind", name="uq_signal_subject_kind_subject_id_kind"),
        sa.CheckConstraint("kind IN ('watched_word', 'many_links', 'same_text', 'new_accounts', 'personal_data')",
                           name=op.f("ck_signal_kind_is_known")),
    )
    op.create_index("ix_signal_unseen", "signal", ["at", "id"], **where("seen_at IS NULL"))

    op.create_table(
        "watched_word",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("word", sa.String(60), nullable=False),
        sa.Column("added_by_id", NUMBER, nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watched_word"),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name="fk_watched_word_added_by_id"),
        sa.UniqueConstraint("word", name="uq_watched_word_word"),
    )


def notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("url", sa.String(300), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("once", sa.String(100), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("under", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_notice_user_id"),
        sa.UniqueConstraint("user_id", "once", name="uq_notice_user_id_once"),
        sa.CheckConstraint(
            "kind IN ('my_proposal', 'supported', 'reply', 'moderation', 'vote', 'outcome', 'duty', "
            "'account')", name=op.f("ck_notice_kind_is_known")),
    )
    op.create_index("ix_notice_unread", "notice", ["user_id"], **where("read_at IS NULL"))
    op.create_index("ix_notice_about", "notice", ["user_id", "about", "id"])
    op.create_index("ix_notice_at", "notice", ["at"])

    op.create_table(
        "notice_preference",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("frequency", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "kind", "channel", name="pk_notice_preference"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_notice_preference_user_id"),
        sa.CheckConstraint(
            "kind IN ('my_proposal', 'supported', 'reply', 'moderation', 'vote', 'outcome', 'duty', "
            "'account')", name=op.f("ck_notice_preference_kind_is_known")),
        sa.CheckConstraint("channel IN ('site', 'mail', 'sms')", name=op.f("ck_notice_preference_channel_is_known")),
        sa.CheckConstraint("frequency IN ('at_once', 'daily', 'weekly', 'never')",
                           name=op.f("ck_notice_preference_frequency_is_known")),
    )

    op.create_table(
        "delivery",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("notice_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("frequency", sa.String(40), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_delivery_notice_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_delivery_user_id"),
        sa.UniqueConstraint("notice_id", "channel", name="uq_delivery_notice_id_channel"),
        sa.CheckConstraint("channel IN ('site', 'mail', 'sms')", name=op.f("ck_delivery_channel_is_known")),
        sa.CheckConstraint("frequency IN ('at_once', 'daily', 'weekly', 'never')",
                           name=op.f("ck_delivery_frequency_is_known")),
    )
    op.create_index("ix_delivery_due", "delivery", ["frequency", "user_id"], **where("sent_at IS NULL"))
    op.create_index("ix_delivery_user_id", "delivery", ["user_id"])

    op.create_table(
        "digest_run",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("frequency", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "frequency", name="pk_digest_run"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_digest_run_user_id"),
        sa.CheckConstraint("frequency IN ('at_once', 'daily', 'weekly', 'never')",
                           name=op.f("ck_digest_run_frequency_is_known")),
    )

    op.create_table(
        "dead_address",
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_dead_address"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_dead_address_user_id"),
    )


def what_was_there_before() -> None:
    proposals_are_merged()
    steps_name_no_titles()
    polls_point_at_agendas()
    reports_are_closed()
    accounts_are_muted_and_blocked()
    mail_is_refused()


def proposals_are_merged() -> None:
    """A merged proposal kept its state in `state_before`, where an agenda now keeps its own."""
    with op.batch_alter_table("proposal") as proposal:
        proposal.add_column(sa.Column("state_before_merge", sa.String(40), nullable=True))
        proposal.add_column(sa.Column("merged_support_count", NUMBER, nullable=False, server_default="0"))
        proposal.add_column(sa.Column("threshold_merged_at", sa.DateTime(), nullable=True))
        proposal.create_check_constraint(
            op.f("ck_proposal_state_before_merge_is_known"),
            "state_before_merge IN ('draft', 'held', 'gathering', 'answer_due', 'answered', 'in_agenda', 'decided', "
            "'in_progress', 'done', 'lapsed', 'withdrawn', 'merged')")
        proposal.create_index("ix_proposal_held", ["state", "edited_at", "id", "author_id"],
                              **where("state = 'held'"))
    with op.batch_alter_table("proposal") as proposal:
        proposal.alter_column("merged_support_count", server_default=None)
    op.execute("UPDATE proposal SET state_before_merge = state_before, state_before = NULL WHERE state = 'merged'")


def steps_name_no_titles() -> None:
    """Steps of merges and agendas held the title of a proposal, which may be hidden now; its number says the same."""
    op.execute("UPDATE journey_entry SET evidence = substr(link, length('/proposals/') + 1) WHERE step IN ('took_up', "
               "'let_go', 'agenda_relation', 'agenda_let_go') AND link LIKE '/proposals/%'")


def polls_point_at_agendas() -> None:
    for linked in ("poll", "poll_option"):
        with op.batch_alter_table(linked) as table:
            table.add_column(sa.Column("agenda_id", NUMBER, nullable=True))
            table.create_index(f"ix_{linked}_agenda_id", ["agenda_id"])
            table.create_foreign_key(f"fk_{linked}_agenda_id", "agenda", ["agenda_id"], ["id"])


def reports_are_closed() -> None:
    with op.batch_alter_table("report") as report:
        report.drop_index("ix_report_subject")
        report.drop_index("ix_report_at")
        report.add_column(sa.Column("closed_at", sa.DateTime(), nullable=True))
        report.add_column(sa.Column("closed_by_id", NUMBER, nullable=True))
        report.add_column(sa.Column("closed_how", sa.String(30), nullable=True))
        report.create_index("ix_report_open", ["at", "id"], **where("closed_at IS NULL"))
        report.create_index("ix_report_open_subject", ["subject_kind", "subject_id"], **where("closed_at IS NULL"))
        report.create_foreign_key("fk_report_closed_by_id", "user", ["closed_by_id"], ["id"])


def accounts_are_muted_and_blocked() -> None:
    with op.batch_alter_table("user") as user:
        user.add_column(sa.Column("blocked_until", sa.DateTime(), nullable=True))
        user.add_column(sa.Column("muted_until", sa.DateTime(), nullable=True))
        user.add_column(sa.Column("confirmed_mobile", sa.String(20), nullable=True))
    with op.batch_alter_table("access_record") as record:
        record.add_column(sa.Column("what", sa.String(40), nullable=True))
        record.add_column(sa.Column("how_many", NUMBER, nullable=True))


def mail_is_refused() -> None:
    with op.batch_alter_table("outgoing_mail") as mail:
        mail.add_column(sa.Column("carrier", sa.String(40), nullable=False, server_default="mail"))
        mail.add_column(sa.Column("unsubscribe", sa.String(500), nullable=True))
        mail.add_column(sa.Column("tells", sa.JSON(), nullable=True))
        mail.add_column(sa.Column("refused_at", sa.DateTime(), nullable=True))
        mail.add_column(sa.Column("refusal", sa.String(40), nullable=True))
        mail.create_check_constraint(op.f("ck_outgoing_mail_carrier_is_known"), "carrier IN ('mail', 'sms')")
        mail.create_index("ix_outgoing_mail_refused", ["user_id", "refused_at"], **where("refused_at IS NOT NULL"))
    with op.batch_alter_table("outgoing_mail") as mail:
        mail.alter_column("carrier", server_default=None)
