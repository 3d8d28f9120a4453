"""The ground: the district, accounts, comments, attachments, journeys, proposals and search.

Revision: 0001
After: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

SEARCH_INDEX = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', columnsize=0, tokenize='ascii')",
        "CREATE TRIGGER tr_search_entry_emptied AFTER DELETE ON search_entry WHEN NOT EXISTS (SELECT 1 FROM"
        " search_entry) BEGIN INSERT INTO search_index(search_index) VALUES ('delete-all'); END",
    ),
    "postgresql": (
        "CREATE TABLE search_index (id bigint CONSTRAINT pk_search_index PRIMARY KEY CONSTRAINT"
        " fk_search_index_id REFERENCES search_entry (id) ON DELETE CASCADE, tokens tsvector NOT NULL)",
        "CREATE INDEX ix_search_index_tokens ON search_index USING gin (tokens)",
    ),
}


def upgrade() -> None:
    kernel()
    district()
    accounts()
    attachments()
    journeys()
    comments()
    proposals()
    search()


def kernel() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", NUMBER, nullable=True),
        sa.Column("action", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    op.create_index("ix_audit_entry_action", "audit_entry", ["action"])
    op.create_index("ix_audit_entry_actor_id", "audit_entry", ["actor_id"])
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.create_index("ix_audit_entry_subject", "audit_entry", ["subject"])

    op.create_table(
        "outgoing_mail",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mail"),
    )
    op.create_index("ix_outgoing_mail_due", "outgoing_mail", ["due_at"], sqlite_where=sa.text("sent_at IS NULL"),
                    postgresql_where=sa.text("sent_at IS NULL"))
    op.create_index("ix_outgoing_mail_sent_at", "outgoing_mail", ["sent_at"])
    op.create_index("ix_outgoing_mail_user_id", "outgoing_mail", ["user_id"])

    op.create_table(
        "site_version",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site_version"),
    )


def district() -> None:
    op.create_table(
        "audience",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name_ko", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audience"),
        sa.UniqueConstraint("name_ko", name="uq_audience_name_ko"),
    )

    op.create_table(
        "department",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name_ko", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_department"),
        sa.UniqueConstraint("name_ko", name="uq_department_name_ko"),
    )

    op.create_table(
        "neighbourhood",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name_ko", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_neighbourhood"),
        sa.UniqueConstraint("name_ko", name="uq_neighbourhood_name_ko"),
    )


def accounts() -> None:
    op.create_table(
        "person",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("identity_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("distinguisher", NUMBER, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("birth_date_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("identity_hash", "distinguisher", name="uq_person_identity_hash_distinguisher"),
    )

    op.create_table(
        "user",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("sign_in_name", sa.String(40), nullable=True),
        sa.Column("sign_in_key", sa.String(40), nullable=True),
        sa.Column("nickname", sa.String(40), nullable=True),
        sa.Column("password_hash", sa.String(200), nullable=True),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("confirmed_email", sa.String(254), nullable=True),
        sa.Column("mobile", sa.String(20), nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("is_resident", sa.Boolean(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("totp_last_step", NUMBER, nullable=True),
        sa.Column("opened_by_id", NUMBER, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(), nullable=True),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_user"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_user_neighbourhood_id"),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name="fk_user_opened_by_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_user_person_id"),
        sa.UniqueConstraint("confirmed_email", name="uq_user_confirmed_email"),
        sa.UniqueConstraint("person_id", name="uq_user_person_id"),
        sa.UniqueConstraint("sign_in_key", name="uq_user_sign_in_key"),
    )
    op.create_index("ix_user_neighbourhood_id", "user", ["neighbourhood_id"])
    op.create_index("ix_user_opened_by_id", "user", ["opened_by_id"])

    op.create_table(
        "access_record",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_record"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_access_record_by_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_access_record_user_id"),
    )
    op.create_index("ix_access_record_at", "access_record", ["at"])
    op.create_index("ix_access_record_by_id", "access_record", ["by_id"])
    op.create_index("ix_access_record_user_id", "access_record", ["user_id"])

    op.create_table(
        "affiliation",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("how", sa.String(40), nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_affiliation"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_affiliation_neighbourhood_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_affiliation_person_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_affiliation_user_id"),
        sa.UniqueConstraint("user_id", "kind", name="uq_affiliation_user_id_kind"),
        sa.CheckConstraint("user_id IS NOT NULL OR person_id IS NOT NULL",
                           name=op.f("ck_affiliation_belongs_to_somebody")),
        sa.CheckConstraint("how IN ('declared', 'desk', 'letter')", name=op.f("ck_affiliation_how_is_known")),
        sa.CheckConstraint("kind IN ('live', 'work', 'study')", name=op.f("ck_affiliation_kind_is_known")),
    )
    op.create_index("ix_affiliation_neighbourhood_id", "affiliation", ["neighbourhood_id"])
    op.create_index("ix_affiliation_person_id", "affiliation", ["person_id"])

    op.create_table(
        "consent",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("document", sa.String(40), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_consent_user_id"),
    )
    op.create_index("ix_consent_user_id", "consent", ["user_id"])

    op.create_table(
        "desk_check",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("clerk_id", NUMBER, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("evidence", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_check"),
        sa.ForeignKeyConstraint(["clerk_id"], ["user.id"], name="fk_desk_check_clerk_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_desk_check_neighbourhood_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_desk_check_person_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_desk_check_user_id"),
        sa.CheckConstraint(

            "evidence IN ('resident_card', 'driving_licence', 'passport', 'foreign_resident_card', 'youth_card', "
            "'student_card', 'employment', 'business', 'letter')", name=op.f("ck_desk_check_evidence_is_known")),
    )
    op.create_index("ix_desk_check_at", "desk_check", ["at"])
    op.create_index("ix_desk_check_clerk_id", "desk_check", ["clerk_id"])
    op.create_index("ix_desk_check_person_id", "desk_check", ["person_id"])
    op.create_index("ix_desk_check_user_id", "desk_check", ["user_id"])

    op.create_table(
        "letter",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("identity_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        sa.Column("printed_at", sa.DateTime(), nullable=True),
        sa.Column("printed_by_id", NUMBER, nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_letter_neighbourhood_id"),
        sa.ForeignKeyConstraint(["printed_by_id"], ["user.id"], name="fk_letter_printed_by_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_letter_user_id"),
    )
    op.create_index("ix_letter_neighbourhood_id", "letter", ["neighbourhood_id"])
    op.create_index("ix_letter_requested_at", "letter", ["requested_at"])
    op.create_index("ix_letter_user_id", "letter", ["user_id"])
    op.create_index("uq_letter_open", "letter", ["user_id"], unique=True, sqlite_where=sa.text("ended_at IS NULL"),
                    postgresql_where=sa.text("ended_at IS NULL"))

    op.create_table(
        "one_time_code",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=True),
        sa.Column("issued_by_id", NUMBER, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("tries", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_one_time_code"),
        sa.ForeignKeyConstraint(["issued_by_id"], ["user.id"], name="fk_one_time_code_issued_by_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_one_time_code_user_id"),
        sa.UniqueConstraint("code_hash", name="uq_one_time_code_code_hash"),
    )
    op.create_index("ix_one_time_code_expires_at", "one_time_code", ["expires_at"])
    op.create_index("ix_one_time_code_user_id", "one_time_code", ["user_id"])

    op.create_table(
        "role_grant",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("granted_by_id", NUMBER, nullable=True),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_by_id", NUMBER, nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_role_grant"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_role_grant_department_id"),
        sa.ForeignKeyConstraint(["granted_by_id"], ["user.id"], name="fk_role_grant_granted_by_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_role_grant_neighbourhood_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_role_grant_user_id"),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["user.id"], name="fk_role_grant_withdrawn_by_id"),
        sa.CheckConstraint("department_id IS NULL OR neighbourhood_id IS NULL", name=op.f("ck_role_grant_one_scope")),
        sa.CheckConstraint("role IN ('moderator', 'official', 'clerk', 'observer', 'administrator')",
                           name=op.f("ck_role_grant_role_is_known")),
    )
    op.create_index("ix_role_grant_user_id", "role_grant", ["user_id"])
    op.create_index(
        "uq_role_grant_open", "role_grant", ["user_id", "role", sa.text("coalesce(department_id, 0)"),
        sa.text("coalesce(neighbourhood_id, 0)")], unique=True, sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"))

    op.create_table(
        "user_session",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("device", sa.String(60), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_user_session"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_user_session_user_id"),
        sa.UniqueConstraint("secret_hash", name="uq_user_session_secret_hash"),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"])


def attachments() -> None:
    op.create_table(
        "attachment_set",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("owner_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_attachment_set"),
    )
    op.create_index("ix_attachment_set_owner_id", "attachment_set", ["owner_id"])

    op.create_table(
        "attachment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("set_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name", sa.String(150), nullable=False),
        sa.Column("media_type", sa.String(60), nullable=False),
        sa.Column("is_picture", sa.Boolean(), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("description", sa.String(300), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("thumbnail_digest", sa.String(64), nullable=True),
        sa.Column("width", NUMBER, nullable=True),
        sa.Column("height", NUMBER, nullable=True),
        sa.Column("added_by_id", NUMBER, nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
        sa.ForeignKeyConstraint(["set_id"], ["attachment_set.id"], name="fk_attachment_set_id"),
        sa.UniqueConstraint("key", name="uq_attachment_key"),
    )
    op.create_index("ix_attachment_added_by_id", "attachment", ["added_by_id"])
    op.create_index("ix_attachment_digest", "attachment", ["digest"])
    op.create_index("ix_attachment_set_id_position", "attachment", ["set_id", "position"])
    op.create_index("ix_attachment_thumbnail_digest", "attachment", ["thumbnail_digest"])


def journeys() -> None:
    op.create_table(
        "journey",
        sa.Column("id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journey"),
    )

    op.create_table(
        "journey_entry",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("journey_id", NUMBER, nullable=False),
        sa.Column("step", sa.String(40), nullable=False),
        sa.Column("once", sa.String(60), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("evidence", sa.String(300), nullable=True),
        sa.Column("link", sa.String(300), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_journey_entry"),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name="fk_journey_entry_journey_id"),
        sa.UniqueConstraint("journey_id", "once", name="uq_journey_entry_journey_id_once"),
    )
    op.create_index("ix_journey_entry_journey_id_at", "journey_entry", ["journey_id", "at", "id"])


def comments() -> None:
    op.create_table(
        "thread",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("owner_id", NUMBER, nullable=True),
        sa.Column("comment_count", NUMBER, nullable=False),
        sa.Column("for_count", NUMBER, nullable=False),
        sa.Column("against_count", NUMBER, nullable=False),
        sa.Column("note_count", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_thread"),
    )
    op.create_index("ix_thread_owner_id", "thread", ["owner_id"])

    op.create_table(
        "comment",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("thread_id", NUMBER, nullable=False),
        sa.Column("parent_id", NUMBER, nullable=True),
        sa.Column("author_id", NUMBER, nullable=False),
        sa.Column("form_key", sa.String(32), nullable=True),
        sa.Column("stance", sa.String(40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("support_count", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_rule", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_comment_author_id"),
        sa.ForeignKeyConstraint(["parent_id"], ["comment.id"], name="fk_comment_parent_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_comment_thread_id"),
        sa.UniqueConstraint("author_id", "form_key", name="uq_comment_author_id_form_key"),
        sa.CheckConstraint("stance IN ('for', 'against', 'note')", name=op.f("ck_comment_stance_is_known")),
    )
    op.create_index("ix_comment_parent_id", "comment", ["parent_id"])
    op.create_index("ix_comment_top", "comment", ["thread_id", "at", "id"], sqlite_where=sa.text("parent_id IS NULL"),
                    postgresql_where=sa.text("parent_id IS NULL"))

    op.create_table(
        "comment_support",
        sa.Column("comment_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name="pk_comment_support"),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_comment_support_comment_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_comment_support_user_id"),
    )
    op.create_index("ix_comment_support_user_id", "comment_support", ["user_id"])


def proposals() -> None:
    op.create_table(
        "proposal_serial",
        sa.Column("year", NUMBER, autoincrement=False, nullable=False),
        sa.Column("last", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_proposal_serial"),
    )

    op.create_table(
        "proposal",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("number", sa.String(16), nullable=True),
        sa.Column("year", NUMBER, nullable=True),
        sa.Column("serial", NUMBER, nullable=True),
        sa.Column("draft_key", sa.String(32), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_before", sa.String(40), nullable=True),
        sa.Column("author_id", NUMBER, nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("language", sa.String(5), nullable=False),
        sa.Column("category", sa.String(40), nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("problem_html", sa.Text(), nullable=False),
        sa.Column("wish_html", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.String(200), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("gathering_ends_at", sa.DateTime(), nullable=True),
        sa.Column("threshold", NUMBER, nullable=False),
        sa.Column("threshold_reached_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("merged_into_id", NUMBER, nullable=True),
        sa.Column("hidden_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_rule", sa.String(40), nullable=True),
        sa.Column("support_count", NUMBER, nullable=False),
        sa.Column("resident_support_count", NUMBER, nullable=False),
        sa.Column("comment_count", NUMBER, nullable=False),
        sa.Column("follower_count", NUMBER, nullable=False),
        sa.Column("thread_id", NUMBER, nullable=True),
        sa.Column("journey_id", NUMBER, nullable=True),
        sa.Column("attachment_set_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_proposal"),
        sa.ForeignKeyConstraint(["attachment_set_id"], ["attachment_set.id"], name="fk_proposal_attachment_set_id"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_proposal_author_id"),
        sa.ForeignKeyConstraint(["journey_id"], ["journey.id"], name="fk_proposal_journey_id"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["proposal.id"], name="fk_proposal_merged_into_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_proposal_neighbourhood_id"),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name="fk_proposal_thread_id"),
        sa.UniqueConstraint("attachment_set_id", name="uq_proposal_attachment_set_id"),
        sa.UniqueConstraint("draft_key", name="uq_proposal_draft_key"),
        sa.UniqueConstraint("journey_id", name="uq_proposal_journey_id"),
        sa.UniqueConstraint("number", name="uq_proposal_number"),
        sa.UniqueConstraint("thread_id", name="uq_proposal_thread_id"),
        sa.UniqueConstraint("year", "serial", name="uq_proposal_year_serial"),
        sa.CheckConstraint(
                           "category IN ('traffic', 'safety', 'environment', 'welfare', 'education', 'culture', "
                           "'economy', 'city', 'self-governance', 'other')",
                           name=op.f("ck_proposal_category_is_known")),
        sa.CheckConstraint("channel IN ('online', 'paper')", name=op.f("ck_proposal_channel_is_known")),
        sa.CheckConstraint(

            "state_before IN ('draft', 'held', 'gathering', 'answer_due', 'answered', 'in_agenda', 'decided', "
            "'in_progress', 'done', 'lapsed', 'withdrawn', 'merged')", name=op.f("ck_proposal_state_before_is_known")),
        sa.CheckConstraint(

            "state IN ('draft', 'held', 'gathering', 'answer_due', 'answered', 'in_agenda', 'decided', 'in_progress', "
            "'done', 'lapsed', 'withdrawn', 'merged')", name=op.f("ck_proposal_state_is_known")),
    )
    op.create_index("ix_proposal_author", "proposal", ["author_id", "id"])
    op.create_index("ix_proposal_category", "proposal", ["category", "published_at", "id"])
    op.create_index("ix_proposal_discussed", "proposal", ["comment_count", "id"])
    op.create_index("ix_proposal_gathering_ends_at", "proposal", ["gathering_ends_at"],
                    sqlite_where=sa.text("state = 'gathering'"), postgresql_where=sa.text("state = 'gathering'"))
    op.create_index("ix_proposal_merged_into_id", "proposal", ["merged_into_id"])
    op.create_index("ix_proposal_neighbourhood", "proposal", ["neighbourhood_id", "published_at", "id"])
    op.create_index("ix_proposal_newest", "proposal", ["published_at", "id"])
    op.create_index("ix_proposal_state", "proposal", ["state", "published_at", "id"])
    op.create_index("ix_proposal_state_discussed", "proposal", ["state", "comment_count", "id"])
    op.create_index("ix_proposal_state_supported", "proposal", ["state", "support_count", "id"])
    op.create_index("ix_proposal_supported", "proposal", ["support_count", "id"])

    op.create_table(
        "follow",
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "user_id", name="pk_follow"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_follow_proposal_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_follow_user_id"),
    )
    op.create_index("ix_follow_user_id", "follow", ["user_id"])

    op.create_table(
        "proposal_audience",
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("audience_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "audience_id", name="pk_proposal_audience"),
        sa.ForeignKeyConstraint(["audience_id"], ["audience.id"], name="fk_proposal_audience_audience_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_proposal_audience_proposal_id"),
    )

    op.create_table(
        "proposal_version",
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("version", NUMBER, autoincrement=False, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=False),
        sa.Column("edited_by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "version", name="pk_proposal_version"),
        sa.ForeignKeyConstraint(["edited_by_id"], ["user.id"], name="fk_proposal_version_edited_by_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_proposal_version_proposal_id"),
    )

    op.create_table(
        "support",
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("as_resident", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", "user_id", name="pk_support"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_support_proposal_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_support_user_id"),
    )
    op.create_index("ix_support_user_id", "support", ["user_id"])


def search() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("ref_id", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entry"),
        sa.UniqueConstraint("kind", "ref_id", name="uq_search_entry_kind_ref_id"),
    )
    for statement in SEARCH_INDEX[op.get_bind().dialect.name]:
        op.execute(statement)
