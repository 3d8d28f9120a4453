"""Questions made at the desk, answers to them, and calls.

Revision: 0093
After: 0092
"""

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "question",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("about_kind", sa.String(20), nullable=False),
        sa.Column("about_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("label", sa.String(200), nullable=False),
        sa.Column("help", sa.String(500), nullable=False),
        sa.Column("needed", sa.Boolean(), nullable=False),
        sa.Column("most", NUMBER, nullable=True),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("reader", sa.String(40), nullable=False),
        sa.Column("keep_days", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_question"),
        sa.CheckConstraint("reader IN ('public', 'office', 'sealed')", name=op.f("ck_question_reader_is_known")),
        sa.CheckConstraint("reader <> 'sealed' OR keep_days IS NOT NULL", name=op.f("ck_question_says_how_long")),
        sa.CheckConstraint("type IN ('line', 'text', 'number', 'money', 'choice', 'several', 'scale', 'day', 'place', "
            "'file')",
            name=op.f("ck_question_type_is_known")),
        sa.UniqueConstraint("about_kind", "about_id", "number", name="uq_question_about_kind_about_id_number"))
    op.create_table(
        "answer_sheet",
        sa.Column("submission_id", NUMBER, nullable=False),
        sa.Column("about_kind", sa.String(20), nullable=False),
        sa.Column("about_id", NUMBER, nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("attachment_set_id", NUMBER, nullable=True),
        sa.Column("over_on", sa.Date(), nullable=True),
        sa.Column("forget_on", sa.Date(), nullable=True),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", name="pk_answer_sheet"),
        sa.ForeignKeyConstraint(["attachment_set_id"], ["attachment_set.id"], name="fk_answer_sheet_attachment_set_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_answer_sheet_submission_id"))
    op.create_index("ix_answer_sheet_about", "answer_sheet", ["about_kind", "about_id", "submission_id"])
    op.create_index("ix_answer_sheet_forget_on", "answer_sheet", ["forget_on"])
    op.create_table(
        "call",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("body_id", NUMBER, nullable=True),
        sa.Column("briefing_id", NUMBER, nullable=True),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("applicants", sa.String(40), nullable=False),
        sa.Column("least_people", NUMBER, nullable=True),
        sa.Column("least_age", NUMBER, nullable=True),
        sa.Column("most_age", NUMBER, nullable=True),
        sa.Column("residents_only", sa.Boolean(), nullable=False),
        sa.Column("who_else", sa.String(300), nullable=False),
        sa.Column("most_each", NUMBER, nullable=False),
        sa.Column("budget", NUMBER, nullable=True),
        sa.Column("most_won", NUMBER, nullable=True),
        sa.Column("places", NUMBER, nullable=True),
        sa.Column("reserves", NUMBER, nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=True),
        sa.Column("closes_at", sa.DateTime(), nullable=True),
        sa.Column("has_review", sa.Boolean(), nullable=False),
        sa.Column("has_scores", sa.Boolean(), nullable=False),
        sa.Column("has_lot", sa.Boolean(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("least_points", NUMBER, nullable=True),
        sa.Column("scores_shown", sa.String(40), nullable=False),
        sa.Column("scores_until", sa.Date(), nullable=True),
        sa.Column("created_by_id", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=True),
        sa.Column("announced_by_id", NUMBER, nullable=True),
        sa.Column("scoring_at", sa.DateTime(), nullable=True),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_call"),
        sa.CheckConstraint("applicants IN ('person', 'group', 'both')", name=op.f("ck_call_applicants_is_known")),
        sa.CheckConstraint("kind IN ('grant', 'lab', 'seats', 'participants', 'course', 'prize')",
            name=op.f("ck_call_kind_is_known")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_call_opens_first")),
        sa.CheckConstraint("scores_shown IN ('names', 'jurors', 'mean')", name=op.f("ck_call_scores_shown_is_known")),
        sa.ForeignKeyConstraint(["announced_by_id"], ["user.id"], name="fk_call_announced_by_id"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_call_body_id"),
        sa.ForeignKeyConstraint(["briefing_id"], ["forum.id"], name="fk_call_briefing_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name="fk_call_created_by_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_call_department_id"),
        sa.UniqueConstraint("slug", name="uq_call_slug"))
    op.create_index("ix_call_closes_at", "call", ["closes_at", "id"])
    op.create_index("ix_call_department_id", "call", ["department_id"])
    op.create_table(
        "call_time",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("call_id", NUMBER, nullable=False),
        sa.Column("before", sa.DateTime(), nullable=False),
        sa.Column("after", sa.DateTime(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_time"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_call_time_by_id"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_time_call_id"))
    op.create_index("ix_call_time_call_id", "call_time", ["call_id"])
    op.create_table(
        "call_application",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("call_id", NUMBER, nullable=False),
        sa.Column("submission_id", NUMBER, nullable=False),
        sa.Column("mark", sa.LargeBinary(32), nullable=False),
        sa.Column("place", NUMBER, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("theme", sa.String(60), nullable=True),
        sa.Column("group_name", sa.String(60), nullable=True),
        sa.Column("group_folded", sa.String(60), nullable=True),
        sa.Column("people", NUMBER, nullable=True),
        sa.Column("asked", NUMBER, nullable=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("mean_top", NUMBER, nullable=True),
        sa.Column("mean_bottom", NUMBER, nullable=True),
        sa.Column("won", NUMBER, nullable=True),
        sa.Column("reserve_place", NUMBER, nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("why_not", sa.String(40), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_call_application"),
        sa.CheckConstraint("channel IN ('online', 'desk', 'paper')", name=op.f("ck_call_application_channel_is_known")),
        sa.CheckConstraint("state IN ('draft', 'received', 'withdrawn', 'out', 'chosen', 'reserve', 'not_chosen')",
            name=op.f("ck_call_application_state_is_known")),
        sa.CheckConstraint("why_not IN ('incomplete', 'not_eligible', 'too_few_points', 'no_place', 'no_money', "
            "'other')",
            name=op.f("ck_call_application_why_not_is_known")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_application_call_id"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name="fk_call_application_submission_id"),
        sa.UniqueConstraint("call_id", "mark", "place", name="uq_call_application_call_id_mark_place"),
        sa.UniqueConstraint("call_id", "reserve_place", name="uq_call_application_call_id_reserve_place"),
        sa.UniqueConstraint("submission_id", name="uq_call_application_submission_id"))
    op.create_index("ix_call_application_group", "call_application", ["call_id", "group_folded"],
        sqlite_where=sa.text("group_folded IS NOT NULL"), postgresql_where=sa.text("group_folded IS NOT NULL"))
    op.create_index("ix_call_application_state", "call_application", ["call_id", "state", "id"])
    op.create_table(
        "call_application_step",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("application_id", NUMBER, nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_application_step"),
        sa.CheckConstraint("step IN ('complete', 'review')", name=op.f("ck_call_application_step_step_is_known")),
        sa.ForeignKeyConstraint(["application_id"], ["call_application.id"],
            name="fk_call_application_step_application_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_call_application_step_by_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_call_application_step_department_id"),
        sa.UniqueConstraint("application_id", "step", name="uq_call_application_step_application_id_step"))
    op.create_table(
        "call_opening",
        sa.Column("call_id", NUMBER, nullable=False),
        sa.Column("juror_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "juror_id", name="pk_call_opening"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_call_opening_call_id"),
        sa.ForeignKeyConstraint(["juror_id"], ["user.id"], name="fk_call_opening_juror_id"))
    op.create_table(
        "call_conflict",
        sa.Column("application_id", NUMBER, nullable=False),
        sa.Column("juror_id", NUMBER, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("application_id", "juror_id", name="pk_call_conflict"),
        sa.ForeignKeyConstraint(["application_id"], ["call_application.id"], name="fk_call_conflict_application_id"),
        sa.ForeignKeyConstraint(["juror_id"], ["user.id"], name="fk_call_conflict_juror_id"))
    op.create_table(
        "call_score",
        sa.Column("application_id", NUMBER, nullable=False),
        sa.Column("juror_id", NUMBER, nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("application_id", "juror_id", name="pk_call_score"),
        sa.ForeignKeyConstraint(["application_id"], ["call_application.id"], name="fk_call_score_application_id"),
        sa.ForeignKeyConstraint(["juror_id"], ["user.id"], name="fk_call_score_juror_id"))
    op.create_index("ix_call_score_juror_id", "call_score", ["juror_id"])
