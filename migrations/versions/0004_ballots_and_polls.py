"""Ballot boxes with their rolls, logs and paper, and the polls that are voted on.

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    rolls()
    boxes()
    taking_part()
    log()
    paper()
    polls()


def rolls() -> None:
    op.create_table(
        "electoral_roll",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("fixed_on", sa.Date(), nullable=False),
        sa.Column("fixed_at", sa.DateTime(), nullable=True),
        sa.Column("entries", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_electoral_roll"),
        sa.CheckConstraint("source IN ('verified', 'declared', 'imported')",
                           name=op.f("ck_electoral_roll_source_is_known")),
    )

    op.create_table(
        "roll_entry",
        sa.Column("roll_id", NUMBER, nullable=False),
        sa.Column("person", sa.LargeBinary(32), nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("struck_at", sa.DateTime(), nullable=True),
        sa.Column("struck_reason", sa.String(300), nullable=True),
        sa.Column("struck_by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("roll_id", "person", name="pk_roll_entry"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_roll_entry_neighbourhood_id"),
        sa.ForeignKeyConstraint(["roll_id"], ["electoral_roll.id"], name="fk_roll_entry_roll_id"),
        sa.ForeignKeyConstraint(["struck_by_id"], ["user.id"], name="fk_roll_entry_struck_by_id"),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "roll_objection",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("roll_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.String(1000), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_roll_objection"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name="fk_roll_objection_answered_by_id"),
        sa.ForeignKeyConstraint(["roll_id"], ["electoral_roll.id"], name="fk_roll_objection_roll_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_roll_objection_user_id"),
    )
    op.create_index("ix_roll_objection_roll_id", "roll_objection", ["roll_id"])
    op.create_index("ix_roll_objection_user_id", "roll_objection", ["user_id"])


def boxes() -> None:
    op.create_table(
        "ballot_box",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(32), nullable=False),
        sa.Column("key_sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("roll_id", NUMBER, nullable=True),
        sa.Column("publishes", sa.String(10), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.Column("paper_until", sa.DateTime(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("counted_at", sa.DateTime(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("result_signature", sa.LargeBinary(64), nullable=True),
        sa.Column("public_sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("observers_sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("recorded_at", sa.DateTime(), nullable=True),
        sa.Column("erased_at", sa.DateTime(), nullable=True),
        sa.Column("key_destroyed_at", sa.DateTime(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_ballot_box"),
        sa.ForeignKeyConstraint(["roll_id"], ["electoral_roll.id"], name="fk_ballot_box_roll_id"),
        sa.UniqueConstraint("fingerprint", name="uq_ballot_box_fingerprint"),
        sa.CheckConstraint("publishes IN ('totals', 'ballots')", name=op.f("ck_ballot_box_publishes_is_known")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_ballot_box_has_time")),
    )
    op.create_index("ix_ballot_box_roll_id", "ballot_box", ["roll_id"])
    op.create_index("ix_ballot_box_subject", "ballot_box", ["subject"])

    op.create_table(
        "confirmation",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(32), nullable=False),
        sa.Column("proposed_by_id", NUMBER, nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_by_id", NUMBER, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_confirmation"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_confirmation_box_id"),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["user.id"], name="fk_confirmation_confirmed_by_id"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name="fk_confirmation_proposed_by_id"),
        sa.CheckConstraint("action IN ('open', 'close_early', 'export_key', 'destroy_key', 'publish')",
                           name=op.f("ck_confirmation_action_is_known")),
    )
    op.create_index("ix_confirmation_box_id", "confirmation", ["box_id"])
    op.create_index("uq_confirmation_pending", "confirmation", ["box_id", "action"], unique=True,
                    sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"))

    op.create_table(
        "vote_notice",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_vote_notice"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_vote_notice_by_id"),
    )
    op.create_index("ix_vote_notice_subject", "vote_notice", ["subject"])


def taking_part() -> None:
    """Without a foreign key where a cast writes: it looks at no row but its own."""
    op.create_table(
        "participation",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("row_key", sa.LargeBinary(32), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("paper_number", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("box_id", "row_key", name="pk_participation"),
        sa.CheckConstraint("channel IN ('online', 'assisted', 'paper_issued', 'paper_returned')",
                           name=op.f("ck_participation_channel_is_known")),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "ballot_cast",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("cast_id", sa.LargeBinary(32), nullable=False),
        sa.Column("row_key", sa.LargeBinary(32), nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "cast_id", name="pk_ballot_cast"),
        sa.UniqueConstraint("box_id", "row_key", "revision", name="uq_ballot_cast_box_id_row_key_revision"),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "participated",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("person", sa.LargeBinary(32), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "person", name="pk_participated"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_participated_box_id"),
        sa.CheckConstraint("channel IN ('online', 'assisted', 'paper_issued', 'paper_returned')",
                           name=op.f("ck_participated_channel_is_known")),
        sqlite_with_rowid=False,
    )

    op.create_table(
        "kiosk_pass",
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("holder", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_kiosk_pass"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_kiosk_pass_box_id"),
        sa.UniqueConstraint("holder", name="uq_kiosk_pass_holder"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_kiosk_pass_box_id", "kiosk_pass", ["box_id"])


def log() -> None:
    op.create_table(
        "head",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(32), nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "number", name="pk_head"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_head_box_id"),
    )

    op.create_table(
        "leaf",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("tracker", sa.String(14), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "number", name="pk_leaf"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_leaf_box_id"),
        sa.CheckConstraint("type IN ('ballot', 'withdrawal', 'paper', 'objection')",
                           name=op.f("ck_leaf_type_is_known")),
    )
    op.create_index("ix_leaf_tracker", "leaf", ["tracker"])

    op.create_table(
        "objection",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lodged_at", sa.DateTime(), nullable=False),
        sa.Column("n", sa.LargeBinary(32), nullable=True),
        sa.Column("leaf_number", NUMBER, nullable=True),
        sa.Column("withheld", sa.String(300), nullable=True),
        sa.Column("outcome", sa.String(200), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", NUMBER, nullable=True),
        sa.Column("answered_for", sa.String(100), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_objection"),
        sa.ForeignKeyConstraint(["answered_by_id"], ["user.id"], name="fk_objection_answered_by_id"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_objection_box_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_objection_by_id"),
    )
    op.create_index("ix_objection_box_id", "objection", ["box_id"])
    op.create_index("ix_objection_by_id", "objection", ["by_id"])


def paper() -> None:
    op.create_table(
        "paper_sheet",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("by_post", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("box_id", "number", name="pk_paper_sheet"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_paper_sheet_box_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_paper_sheet_neighbourhood_id"),
        sa.CheckConstraint("state IN ('issued', 'returned', 'spoiled', 'taken_back')",
                           name=op.f("ck_paper_sheet_state_is_known")),
    )

    op.create_table(
        "paper_batch",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("sheets", NUMBER, nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by_id", NUMBER, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("counted", NUMBER, nullable=True),
        sa.Column("invalid", NUMBER, nullable=True),
        sa.Column("choices", sa.LargeBinary(), nullable=True),
        sa.Column("n", sa.LargeBinary(32), nullable=True),
        sa.Column("n2", sa.LargeBinary(32), nullable=True),
        sa.Column("leaf_number", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("box_id", "number", name="pk_paper_batch"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_paper_batch_box_id"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["user.id"], name="fk_paper_batch_settled_by_id"),
    )

    op.create_table(
        "paper_entry",
        sa.Column("box_id", sa.LargeBinary(16), nullable=False),
        sa.Column("batch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("typist_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("box_id", "batch", "typist_id", name="pk_paper_entry"),
        sa.ForeignKeyConstraint(["box_id", "batch"], ["paper_batch.box_id", "paper_batch.number"],
                                name="fk_paper_entry_box_id_batch"),
        sa.ForeignKeyConstraint(["typist_id"], ["user.id"], name="fk_paper_entry_typist_id"),
    )


def polls() -> None:
    op.create_table(
        "poll",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("programme", sa.String(100), nullable=True),
        sa.Column("question", sa.String(500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("sign_language_video", sa.String(500), nullable=True),
        sa.Column("invented", sa.String(500), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("max_choices", NUMBER, nullable=False),
        sa.Column("admits_residents", sa.Boolean(), nullable=False),
        sa.Column("admits_members", sa.Boolean(), nullable=False),
        sa.Column("roll_source", sa.String(40), nullable=False),
        sa.Column("eligibility", sa.String(300), nullable=False),
        sa.Column("min_age", NUMBER, nullable=True),
        sa.Column("roll_fixed_on", sa.Date(), nullable=False),
        sa.Column("roll_check_from", sa.DateTime(), nullable=True),
        sa.Column("roll_check_to", sa.DateTime(), nullable=True),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.Column("closes_at", sa.DateTime(), nullable=False),
        sa.Column("paper_until", sa.DateTime(), nullable=True),
        sa.Column("quorum", sa.String(40), nullable=True),
        sa.Column("quorum_value", NUMBER, nullable=True),
        sa.Column("quorum_text", sa.String(300), nullable=True),
        sa.Column("binding", sa.Text(), nullable=False),
        sa.Column("publishes", sa.String(10), nullable=False),
        sa.Column("created_by_id", NUMBER, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=True),
        sa.Column("season_accepted_by_id", NUMBER, nullable=True),
        sa.Column("season_accepted_at", sa.DateTime(), nullable=True),
        sa.Column("rehearsal_of_id", NUMBER, nullable=True),
        sa.Column("roll_id", NUMBER, nullable=True),
        sa.Column("box_id", sa.LargeBinary(16), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_poll"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_poll_box_id"),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name="fk_poll_created_by_id"),
        sa.ForeignKeyConstraint(["roll_id"], ["electoral_roll.id"], name="fk_poll_roll_id"),
        sa.ForeignKeyConstraint(["rehearsal_of_id"], ["poll.id"], name="fk_poll_rehearsal_of_id"),
        sa.ForeignKeyConstraint(["season_accepted_by_id"], ["user.id"], name="fk_poll_season_accepted_by_id"),
        sa.UniqueConstraint("box_id", name="uq_poll_box_id"),
        sa.UniqueConstraint("slug", name="uq_poll_slug"),
        sa.CheckConstraint("kind IN ('choose_one', 'up_to_k', 'exactly_k', 'yes_no_each')",
                           name=op.f("ck_poll_kind_is_known")),
        sa.CheckConstraint("roll_source IN ('verified', 'declared', 'imported')",
                           name=op.f("ck_poll_roll_source_is_known")),
        sa.CheckConstraint("quorum IN ('min_voters', 'min_turnout')", name=op.f("ck_poll_quorum_is_known")),
        sa.CheckConstraint("publishes IN ('totals', 'ballots')", name=op.f("ck_poll_publishes_is_known")),
        sa.CheckConstraint("admits_residents OR admits_members", name=op.f("ck_poll_admits_somebody")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_poll_has_time")),
    )
    op.create_index("ix_poll_rehearsal_of_id", "poll", ["rehearsal_of_id"])
    op.create_index("ix_poll_closes_at", "poll", ["closes_at", "id"])

    op.create_table(
        "poll_neighbourhood",
        sa.Column("poll_id", NUMBER, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("poll_id", "neighbourhood_id", name="pk_poll_neighbourhood"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"],
                                name="fk_poll_neighbourhood_neighbourhood_id"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name="fk_poll_neighbourhood_poll_id"),
    )

    op.create_table(
        "poll_proposal",
        sa.Column("poll_id", NUMBER, nullable=False),
        sa.Column("proposal_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("poll_id", "proposal_id", name="pk_poll_proposal"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name="fk_poll_proposal_poll_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_poll_proposal_proposal_id"),
    )

    op.create_table(
        "poll_option",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("poll_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(60), nullable=True),
        sa.Column("cost", NUMBER, nullable=True),
        sa.Column("cost_note", sa.String(300), nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("proposal_id", NUMBER, nullable=True),
        sa.Column("category", sa.String(60), nullable=True),
        sa.Column("department", sa.String(100), nullable=True),
        sa.Column("division", sa.String(100), nullable=True),
        sa.Column("attachment_id", NUMBER, nullable=True),
        sa.Column("sign_language_video", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_poll_option"),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name="fk_poll_option_attachment_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_poll_option_neighbourhood_id"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name="fk_poll_option_poll_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name="fk_poll_option_proposal_id"),
        sa.UniqueConstraint("poll_id", "number", name="uq_poll_option_poll_id_number"),
    )
    op.create_index("ix_poll_option_proposal_id", "poll_option", ["proposal_id"])

    op.create_table(
        "poll_step",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("poll_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("step", sa.String(100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("selected", sa.JSON(), nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_poll_step"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_poll_step_by_id"),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name="fk_poll_step_poll_id"),
    )
    op.create_index("ix_poll_step_poll_id", "poll_step", ["poll_id"])

    op.create_table(
        "election_season",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("set_by_id", NUMBER, nullable=True),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_election_season"),
        sa.ForeignKeyConstraint(["set_by_id"], ["user.id"], name="fk_election_season_set_by_id"),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_election_season_has_days")),
    )
