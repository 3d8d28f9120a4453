"""Consultations: questions of the office, statements, answers, and maps of opinions.

Revision: 0037
After: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "consultation",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("question", sa.String(500), nullable=False),
        sa.Column("background", sa.Text(), nullable=False),
        sa.Column("background_html", sa.Text(), nullable=False),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("invented", sa.String(500)),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("verified_only", sa.Boolean(), nullable=False),
        sa.Column("moderation", sa.String(40), nullable=False),
        sa.Column("takes_statements", sa.Boolean(), nullable=False),
        sa.Column("publishes_matrix", sa.Boolean(), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.Column("department_id", NUMBER),
        sa.Column("agenda_id", NUMBER),
        sa.Column("created_by_id", NUMBER),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("announced_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_consultation"),
        sa.UniqueConstraint("slug", name="uq_consultation_slug"),
        sa.CheckConstraint("moderation IN ('before', 'after')",
                           name=op.f("ck_consultation_moderation_is_known")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_consultation_has_time")),
        sa.CheckConstraint("audience IN ('everyone', 'members', 'verified')",
                           name=op.f("ck_consultation_audience_is_known")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_consultation_department_id"),
        sa.ForeignKeyConstraint(["agenda_id"], ["agenda.id"], name="fk_consultation_agenda_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name="fk_consultation_created_by_id"),
    )
    op.create_index("ix_consultation_agenda_id", "consultation", ["agenda_id"])
    op.create_index("ix_consultation_closes_at", "consultation", ["closes_at", "id"])
    op.create_table(
        "consultation_neighbourhood",
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "neighbourhood_id", name="pk_consultation_neighbourhood"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"],
                                name="fk_consultation_neighbourhood_consultation_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"],
                                name="fk_consultation_neighbourhood_neighbourhood_id"),
    )
    op.create_table(
        "statement",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("source", sa.String(60)),
        sa.Column("author_id", NUMBER),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("is_meta", sa.Boolean(), nullable=False),
        sa.Column("same_as_id", NUMBER),
        sa.Column("hidden_at", sa.DateTime()),
        sa.Column("hidden_rule", sa.String(40)),
        sa.Column("why", sa.String(300)),
        sa.Column("decided_at", sa.DateTime()),
        sa.Column("decided_by_id", NUMBER),
        sa.Column("created_at", sa.DateTime()),
        sa.Column("published_at", sa.DateTime()),
        sa.Column("became", sa.String(40)),
        sa.Column("became_text", sa.String(500)),
        sa.Column("became_url", sa.String(300)),
        sa.Column("became_at", sa.DateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_statement"),
        sa.UniqueConstraint("consultation_id", "number", name="uq_statement_consultation_id_number"),
        sa.CheckConstraint("origin IN ('seed', 'resident', 'imported')",
                           name=op.f("ck_statement_origin_is_known")),
        sa.CheckConstraint("state IN ('waiting', 'published', 'refused')",
                           name=op.f("ck_statement_state_is_known")),
        sa.CheckConstraint("became IN ('promise', 'answered', 'partly', 'agenda', 'declined')",
                           name=op.f("ck_statement_became_is_known")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name="fk_statement_consultation_id"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_statement_author_id"),
        sa.ForeignKeyConstraint(["same_as_id"], ["statement.id"], name="fk_statement_same_as_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name="fk_statement_decided_by_id"),
    )
    op.create_index("ix_statement_author_id", "statement", ["author_id"])
    op.create_index("ix_statement_same_as_id", "statement", ["same_as_id"])
    op.create_index("ix_statement_waiting", "statement", ["consultation_id"],
                    sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table(
        "opinion_participant",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("mark", sa.LargeBinary(16), nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("neighbourhood_id", NUMBER),
        sa.Column("age_band", sa.String(10)),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("answers", NUMBER, nullable=False),
        sa.Column("group_name", sa.String(2)),
        sa.Column("x", sa.Double()),
        sa.Column("y", sa.Double()),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opinion_participant"),
        sa.UniqueConstraint("consultation_id", "mark", name="uq_opinion_participant_consultation_id_mark"),
        sa.CheckConstraint("basis IN ('verified', 'account', 'device', 'link', 'kiosk', 'paper', 'imported')",
                           name=op.f("ck_opinion_participant_basis_is_known")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"],
                                name="fk_opinion_participant_consultation_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"],
                                name="fk_opinion_participant_neighbourhood_id"),
    )
    op.create_table(
        "opinion_response",
        sa.Column("participant_id", NUMBER, nullable=False),
        sa.Column("statement_id", NUMBER, nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("participant_id", "statement_id", name="pk_opinion_response"),
        sa.CheckConstraint("value IN (-1, 0, 1)", name=op.f("ck_opinion_response_value_is_known")),
        sa.ForeignKeyConstraint(["participant_id"], ["opinion_participant.id"],
                                name="fk_opinion_response_participant_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name="fk_opinion_response_statement_id"),
    )
    op.create_index("ix_opinion_response_statement_id", "opinion_response", ["statement_id"])
    op.create_table(
        "opinion_map",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("is_last", sa.Boolean(), nullable=False),
        sa.Column("participants", NUMBER, nullable=False),
        sa.Column("published", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opinion_map"),
        sa.UniqueConstraint("consultation_id", "number", name="uq_opinion_map_consultation_id_number"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name="fk_opinion_map_consultation_id"),
    )
    op.create_table(
        "opinion_paper_run",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("first", NUMBER, nullable=False),
        sa.Column("last", NUMBER, nullable=False),
        sa.Column("statements", sa.JSON(), nullable=False),
        sa.Column("printed_by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opinion_paper_run"),
        sa.UniqueConstraint("consultation_id", "first", name="uq_opinion_paper_run_consultation_id_first"),
        sa.CheckConstraint("first <= last", name=op.f("ck_opinion_paper_run_has_sheets")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name="fk_opinion_paper_run_consultation_id"),
        sa.ForeignKeyConstraint(["printed_by_id"], ["user.id"], name="fk_opinion_paper_run_printed_by_id"),
    )
    op.create_table(
        "opinion_paper_typing",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("sheet", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("answers", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_opinion_paper_typing"),
        sa.UniqueConstraint("consultation_id", "sheet", "by_id",
                                name="uq_opinion_paper_typing_consultation_id_sheet_by_id"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"],
                                name="fk_opinion_paper_typing_consultation_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_opinion_paper_typing_by_id"),
    )
