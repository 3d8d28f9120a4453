"""Forums: their programme, who takes part, what happens in them, and their minutes.

Revision: 0006
After: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    forums()
    chat()
    minutes()
    people()
    tables()
    pulses()
    happenings()
    questions()
    floor()
    record()
    notices()


def where(condition: str, on_postgresql: str | None = None) -> dict[str, sa.TextClause]:
    """Of an index on some of the rows."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(on_postgresql or condition)}


def forums() -> None:
    op.create_table(
        "forum",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("programme_name", sa.String(100), nullable=True),
        sa.Column("label", sa.String(60), nullable=True),
        sa.Column("question", sa.String(300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), nullable=False),
        sa.Column("agenda_id", NUMBER, nullable=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("on_site_places", NUMBER, nullable=False),
        sa.Column("online_places", NUMBER, nullable=False),
        sa.Column("registration_from", sa.DateTime(), nullable=True),
        sa.Column("registration_to", sa.DateTime(), nullable=True),
        sa.Column("accessibility", sa.JSON(), nullable=False),
        sa.Column("accessibility_note", sa.String(500), nullable=True),
        sa.Column("recording_note", sa.String(500), nullable=True),
        sa.Column("video_url", sa.String(500), nullable=True),
        sa.Column("interpreter_url", sa.String(500), nullable=True),
        sa.Column("documents_id", NUMBER, nullable=True),
        sa.Column("shown_id", NUMBER, nullable=True),
        sa.Column("code", sa.String(6), nullable=False),
        sa.Column("invented", sa.String(500), nullable=True),
        sa.Column("came", sa.JSON(), nullable=True),
        sa.Column("created_by_id", NUMBER, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=True),
        sa.Column("season_accepted_by_id", NUMBER, nullable=True),
        sa.Column("season_accepted_at", sa.DateTime(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("last_number", NUMBER, nullable=False),
        sa.Column("turn_s", NUMBER, nullable=False),
        sa.Column("floor_open", sa.Boolean(), nullable=False),
        sa.Column("chat_open", sa.Boolean(), nullable=False),
        sa.Column("chat_slow_s", NUMBER, nullable=False),
        sa.Column("seating", sa.String(40), nullable=True),
        sa.Column("seated_at", sa.DateTime(), nullable=True),
        sa.Column("table_question", sa.String(300), nullable=True),
        sa.Column("tables_opened_at", sa.DateTime(), nullable=True),
        sa.Column("tables_closed_at", sa.DateTime(), nullable=True),
        sa.Column("tables_minutes", NUMBER, nullable=True),
        sa.Column("signed_version", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forum"),
        sa.ForeignKeyConstraint(["agenda_id"], ["agenda.id"], name="fk_forum_agenda_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name="fk_forum_created_by_id"),
        sa.ForeignKeyConstraint(["documents_id"], ["attachment_set.id"], name="fk_forum_documents_id"),
        sa.ForeignKeyConstraint(["season_accepted_by_id"], ["user.id"], name="fk_forum_season_accepted_by_id"),
        sa.ForeignKeyConstraint(["shown_id"], ["attachment.id"], name="fk_forum_shown_id"),
        sa.UniqueConstraint("code", name="uq_forum_code"),
        sa.UniqueConstraint("slug", name="uq_forum_slug"),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_forum_has_time")),
        sa.CheckConstraint("seating IN ('random', 'mixed', 'chosen')", name=op.f("ck_forum_seating_is_known")),
    )
    op.create_index("ix_forum_agenda_id", "forum", ["agenda_id"])
    op.create_index("ix_forum_starts_at", "forum", ["starts_at", "id"])

    op.create_table(
        "forum_duty",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("duty", sa.String(40), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("name", sa.String(60), nullable=True),
        sa.Column("about", sa.String(100), nullable=True),
        sa.Column("topic", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forum_duty"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_forum_duty_forum_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_forum_duty_user_id"),
        sa.UniqueConstraint("forum_id", "duty", "user_id", name="uq_forum_duty_forum_id_duty_user_id"),
        sa.CheckConstraint(
            "duty IN ('host', 'panel', 'captioner', 'interpreter')",
            name=op.f("ck_forum_duty_duty_is_known")),
        sa.CheckConstraint("user_id IS NOT NULL OR name IS NOT NULL", name=op.f("ck_forum_duty_is_somebody")),
    )
    op.create_index("ix_forum_duty_user_id", "forum_duty", ["user_id"])

    op.create_table(
        "programme_item",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("minutes", NUMBER, nullable=False),
        sa.Column("extra_minutes", NUMBER, nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_programme_item"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_programme_item_forum_id"),
        sa.UniqueConstraint("forum_id", "number", name="uq_programme_item_forum_id_number"),
    )
    op.create_index("uq_programme_item_running", "programme_item", ["forum_id"], unique=True,
                    **where("started_at IS NOT NULL AND ended_at IS NULL"))


def chat() -> None:
    op.create_table(
        "chat_message",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_why", sa.String(300), nullable=True),
        sa.Column("hidden_rule", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_chat_message"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_chat_message_forum_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_chat_message_user_id"),
    )
    op.create_index("ix_chat_message_forum_id", "chat_message", ["forum_id", "id"])
    op.create_index("ix_chat_message_user_id", "chat_message", ["user_id"])


def minutes() -> None:
    op.create_table(
        "forum_correction",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("was", sa.String(1000), nullable=False),
        sa.Column("becomes", sa.String(1000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reply", sa.String(500), nullable=True),
        sa.Column("replied_at", sa.DateTime(), nullable=True),
        sa.Column("replied_by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forum_correction"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_forum_correction_forum_id"),
        sa.ForeignKeyConstraint(["replied_by_id"], ["user.id"], name="fk_forum_correction_replied_by_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_forum_correction_user_id"),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'declined')",
            name=op.f("ck_forum_correction_state_is_known")),
    )
    op.create_index("ix_forum_correction_forum_id", "forum_correction", ["forum_id"])
    op.create_index("ix_forum_correction_user_id", "forum_correction", ["user_id"])

    op.create_table(
        "forum_minutes",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(300), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", NUMBER, nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("signed_by_id", NUMBER, nullable=True),
        sa.Column("signed_by", sa.String(100), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forum_minutes"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_forum_minutes_forum_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name="fk_forum_minutes_made_by_id"),
        sa.ForeignKeyConstraint(["signed_by_id"], ["user.id"], name="fk_forum_minutes_signed_by_id"),
        sa.UniqueConstraint("forum_id", "version", name="uq_forum_minutes_forum_id_version"),
        sa.CheckConstraint("kind IN ('draft', 'corrected', 'signed')", name=op.f("ck_forum_minutes_kind_is_known")),
    )


def people() -> None:
    op.create_table(
        "forum_mute",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forum_mute"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_forum_mute_by_id"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_forum_mute_forum_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_forum_mute_user_id"),
    )
    op.create_index("ix_forum_mute_forum_id", "forum_mute", ["forum_id"])
    op.create_index("ix_forum_mute_user_id", "forum_mute", ["user_id"])

    op.create_table(
        "forum_registration",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("place", sa.String(40), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("needs_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("age_group", sa.String(40), nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("came_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forum_registration"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_forum_registration_forum_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"],
                name="fk_forum_registration_neighbourhood_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_forum_registration_user_id"),
        sa.UniqueConstraint("forum_id", "user_id", name="uq_forum_registration_forum_id_user_id"),
        sa.CheckConstraint(
            "age_group IN ('14-18', '19-39', '40-64', '65+')",
            name=op.f("ck_forum_registration_age_group_is_known")),
        sa.CheckConstraint(
            "place IN ('held', 'waiting', 'withdrawn')",
            name=op.f("ck_forum_registration_place_is_known")),
        sa.CheckConstraint("way IN ('on_site', 'online')", name=op.f("ck_forum_registration_way_is_known")),
    )
    op.create_index("ix_forum_registration_place", "forum_registration", ["forum_id", "way", "place", "asked_at", "id"])
    op.create_index("ix_forum_registration_user_id", "forum_registration", ["user_id"])

    op.create_table(
        "recording_consent",
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "user_id", name="pk_recording_consent"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_recording_consent_forum_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_recording_consent_user_id"),
    )
    op.create_index("ix_recording_consent_user_id", "recording_consent", ["user_id"])


def tables() -> None:
    op.create_table(
        "forum_table",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("name", sa.String(60), nullable=True),
        sa.Column("host_id", NUMBER, nullable=True),
        sa.Column("host_name", sa.String(60), nullable=True),
        sa.Column("places", NUMBER, nullable=False),
        sa.Column("way", sa.String(40), nullable=True),
        sa.Column("without_device", NUMBER, nullable=False),
        sa.Column("result", sa.String(1000), nullable=True),
        sa.Column("handed_at", sa.DateTime(), nullable=True),
        sa.Column("projected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forum_table"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_forum_table_forum_id"),
        sa.ForeignKeyConstraint(["host_id"], ["user.id"], name="fk_forum_table_host_id"),
        sa.UniqueConstraint("forum_id", "number", name="uq_forum_table_forum_id_number"),
        sa.CheckConstraint("way IN ('on_site', 'online')", name=op.f("ck_forum_table_way_is_known")),
    )
    op.create_index("ix_forum_table_host_id", "forum_table", ["host_id"])
    op.create_index("uq_forum_table_projected", "forum_table", ["forum_id"], unique=True, **where("projected"))

    op.create_table(
        "note_group",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("table_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_note_group"),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name="fk_note_group_table_id"),
        sa.UniqueConstraint("table_id", "number", name="uq_note_group_table_id_number"),
    )

    op.create_table(
        "seat",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("table_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seat"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_seat_forum_id"),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name="fk_seat_table_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_seat_user_id"),
        sa.UniqueConstraint("forum_id", "user_id", name="uq_seat_forum_id_user_id"),
    )
    op.create_index("ix_seat_table_id", "seat", ["table_id"])
    op.create_index("ix_seat_user_id", "seat", ["user_id"])

    op.create_table(
        "table_message",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("table_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_table_message"),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name="fk_table_message_table_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_table_message_user_id"),
    )
    op.create_index("ix_table_message_table_id", "table_message", ["table_id"])
    op.create_index("ix_table_message_user_id", "table_message", ["user_id"])

    op.create_table(
        "note",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("table_id", NUMBER, nullable=False),
        sa.Column("group_id", NUMBER, nullable=True),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("typed_by_id", NUMBER, nullable=True),
        sa.Column("text", sa.String(80), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("strongest", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("proposal_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
        sa.ForeignKeyConstraint(["group_id"], ["note_group.id"], name="fk_note_group_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_note_proposal_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name="fk_note_table_id"),
        sa.ForeignKeyConstraint(["typed_by_id"], ["user.id"], name="fk_note_typed_by_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_note_user_id"),
    )
    op.create_index("ix_note_group_id", "note", ["group_id"])
    op.create_index("ix_note_table_id", "note", ["table_id", "id"])
    op.create_index("ix_note_user_id", "note", ["user_id"])


def pulses() -> None:
    op.create_table(
        "pulse",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("taken_out", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pulse"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_pulse_forum_id"),
        sa.CheckConstraint("kind IN ('yes_no_unsure', 'word')", name=op.f("ck_pulse_kind_is_known")),
    )
    op.create_index("ix_pulse_forum_id", "pulse", ["forum_id", "opened_at"])
    op.create_index("uq_pulse_open", "pulse", ["forum_id"], unique=True, **where("closed_at IS NULL"))

    op.create_table(
        "pulse_hands",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("pulse_id", NUMBER, nullable=False),
        sa.Column("table_id", NUMBER, nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pulse_hands"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_pulse_hands_by_id"),
        sa.ForeignKeyConstraint(["pulse_id"], ["pulse.id"], name="fk_pulse_hands_pulse_id"),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name="fk_pulse_hands_table_id"),
    )
    op.create_index("uq_pulse_hands_table", "pulse_hands", ["pulse_id", sa.text("coalesce(table_id, 0)")], unique=True)

    op.create_table(
        "pulse_response",
        sa.Column("pulse_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("value", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("pulse_id", "user_id", name="pk_pulse_response"),
        sa.ForeignKeyConstraint(["pulse_id"], ["pulse.id"], name="fk_pulse_response_pulse_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_pulse_response_user_id"),
    )
    op.create_index("ix_pulse_response_user_id", "pulse_response", ["user_id"])


def happenings() -> None:
    op.create_table(
        "forum_event",
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject_id", NUMBER, nullable=True),
        sa.Column("table_id", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("key", sa.String(32), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("forum_id", "number", name="pk_forum_event"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_forum_event_by_id"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_forum_event_forum_id"),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name="fk_forum_event_table_id"),
        sa.CheckConstraint(
            "kind IN ('forum.opened', 'forum.closed', 'forum.changed', 'screen.shown', 'programme.started', "
            "'programme.ended', 'programme.extended', 'floor.opened', 'floor.closed', 'floor.set', 'floor.asked',"
            " 'floor.withdrawn', 'floor.passed', 'floor.moved', 'floor.turn_started', 'floor.turn_extended', "
            "'floor.turn_ended', 'question.asked', 'question.supported', 'question.grouped', "
            "'question.ungrouped', 'question.answered', 'question.reopened', 'question.hidden', 'question.shown',"
            " 'pulse.opened', 'pulse.answered', 'pulse.counted', 'pulse.word_out', 'pulse.closed', 'chat.said', "
            "'chat.hidden', 'chat.shown', 'chat.set', 'people.muted', 'people.unmuted', 'people.came', "
            "'caption.written', 'caption.corrected', 'decision.made', 'decision.changed', 'table.seated', "
            "'table.moved', 'table.opened', 'table.closed', 'table.said', 'table.handed', 'table.projected', "
            "'note.written', 'note.changed', 'note.grouped')",
            name=op.f("ck_forum_event_kind_is_known")),
    )
    op.create_index("ix_forum_event_by_id", "forum_event", ["by_id"])
    op.create_index("uq_forum_event_key", "forum_event", ["forum_id", "by_id", "key"], unique=True,
                    **where("key IS NOT NULL"))


def questions() -> None:
    op.create_table(
        "forum_question",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("name", sa.String(60), nullable=True),
        sa.Column("typed_by_id", NUMBER, nullable=True),
        sa.Column("table_id", NUMBER, nullable=True),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("beforehand", sa.Boolean(), nullable=False),
        sa.Column("support_count", NUMBER, nullable=False),
        sa.Column("grouped_under_id", NUMBER, nullable=True),
        sa.Column("group_count", NUMBER, nullable=False),
        sa.Column("answer", sa.String(1000), nullable=True),
        sa.Column("answered_by", sa.String(60), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answer_changed_at", sa.DateTime(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_why", sa.String(300), nullable=True),
        sa.Column("hidden_rule", sa.String(40), nullable=True),
        sa.Column("proposal_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_forum_question"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_forum_question_forum_id"),
        sa.ForeignKeyConstraint(["grouped_under_id"], ["forum_question.id"], name="fk_forum_question_grouped_under_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_forum_question_proposal_id",
                                ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name="fk_forum_question_table_id"),
        sa.ForeignKeyConstraint(["typed_by_id"], ["user.id"], name="fk_forum_question_typed_by_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_forum_question_user_id"),
    )
    op.create_index("ix_forum_question_grouped_under_id", "forum_question", ["grouped_under_id"])
    op.create_index("ix_forum_question_support_count", "forum_question", ["forum_id", "support_count", "id"])
    op.create_index("ix_forum_question_user_id", "forum_question", ["user_id"])

    op.create_table(
        "forum_question_support",
        sa.Column("question_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("question_id", "user_id", name="pk_forum_question_support"),
        sa.ForeignKeyConstraint(["question_id"], ["forum_question.id"], name="fk_forum_question_support_question_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_forum_question_support_user_id"),
    )
    op.create_index("ix_forum_question_support_user_id", "forum_question_support", ["user_id"])


def floor() -> None:
    op.create_table(
        "speaking_request",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("name", sa.String(60), nullable=True),
        sa.Column("typed_by_id", NUMBER, nullable=True),
        sa.Column("table_id", NUMBER, nullable=True),
        sa.Column("for_group", sa.String(60), nullable=True),
        sa.Column("group_size", NUMBER, nullable=True),
        sa.Column("topic", sa.String(200), nullable=True),
        sa.Column("about", sa.String(100), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("moved_to", NUMBER, nullable=True),
        sa.Column("moved_why", sa.String(200), nullable=True),
        sa.Column("moved_at", sa.DateTime(), nullable=True),
        sa.Column("passed_why", sa.String(40), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_speaking_request"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_speaking_request_forum_id"),
        sa.ForeignKeyConstraint(["table_id"], ["forum_table.id"], name="fk_speaking_request_table_id"),
        sa.ForeignKeyConstraint(["typed_by_id"], ["user.id"], name="fk_speaking_request_typed_by_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_speaking_request_user_id"),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'withdrawn', 'passed')",
            name=op.f("ck_speaking_request_state_is_known")),
        sa.CheckConstraint(
            "passed_why IN ('absent', 'may_not', 'no_time')",
            name=op.f("ck_speaking_request_passed_why_is_known")),
    )
    op.create_index("ix_speaking_request_state", "speaking_request", ["forum_id", "state"])
    op.create_index("ix_speaking_request_user_id", "speaking_request", ["user_id"])
    op.create_index("uq_speaking_request_waiting", "speaking_request", ["forum_id", "user_id"], unique=True,
                    **where("state = 'waiting' AND typed_by_id IS NULL"))

    op.create_table(
        "turn",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("item_id", NUMBER, nullable=True),
        sa.Column("request_id", NUMBER, nullable=True),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("name", sa.String(60), nullable=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("about", sa.String(100), nullable=True),
        sa.Column("for_group", sa.String(60), nullable=True),
        sa.Column("topic", sa.String(200), nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("age_group", sa.String(40), nullable=True),
        sa.Column("first_time", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(40), nullable=True),
        sa.Column("limit_s", NUMBER, nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_turn"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_turn_forum_id"),
        sa.ForeignKeyConstraint(["item_id"], ["programme_item.id"], name="fk_turn_item_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_turn_neighbourhood_id"),
        sa.ForeignKeyConstraint(["request_id"], ["speaking_request.id"], name="fk_turn_request_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_turn_user_id"),
        sa.UniqueConstraint("request_id", name="uq_turn_request_id"),
        sa.CheckConstraint("age_group IN ('14-18', '19-39', '40-64', '65+')", name=op.f("ck_turn_age_group_is_known")),
    )
    op.create_index("ix_turn_forum_id", "turn", ["forum_id", "started_at"])
    op.create_index("ix_turn_user_id", "turn", ["user_id"])
    op.create_index("uq_turn_open", "turn", ["forum_id"], unique=True, **where("ended_at IS NULL"))


def record() -> None:
    op.create_table(
        "forum_decision",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("department_name", sa.String(100), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("progress", sa.String(500), nullable=True),
        sa.Column("removed_at", sa.DateTime(), nullable=True),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_forum_decision"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_forum_decision_by_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_forum_decision_department_id"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_forum_decision_forum_id"),
    )
    op.create_index("ix_forum_decision_forum_id", "forum_decision", ["forum_id"])

    op.create_table(
        "caption",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("turn_id", NUMBER, nullable=True),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("speaker", sa.String(60), nullable=True),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("corrected_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_caption"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_caption_by_id"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_caption_forum_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name="fk_caption_turn_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_caption_user_id"),
    )
    op.create_index("ix_caption_forum_id", "caption", ["forum_id", "at", "id"])
    op.create_index("ix_caption_user_id", "caption", ["user_id"])


def notices() -> None:
    """Notices of a place that became free, or was taken away, is a kind of its own."""
    kinds = ("kind IN ('my_proposal', 'supported', 'reply', 'moderation', 'vote', 'outcome', 'forum', 'duty', "
             "'account')")
    for name in ("notice", "notice_preference"):
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_kind_is_known"), type_="check")
            table.create_check_constraint(op.f(f"ck_{name}_kind_is_known"), kinds)
