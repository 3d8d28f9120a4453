"""Budget rounds: their money, phases, limits and reasons.

Revision: 0007
After: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    rounds()
    envelopes()


def rounds() -> None:
    op.create_table(
        "budget_round",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("programme", sa.String(100), nullable=True),
        sa.Column("year", NUMBER, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("description_html", sa.Text(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("invented", sa.String(500), nullable=True),
        sa.Column("decided_in", sa.String(200), nullable=True),
        sa.Column("project_cap", NUMBER, nullable=True),
        sa.Column("review_due_days", NUMBER, nullable=False),
        sa.Column("second_look_days", NUMBER, nullable=False),
        sa.Column("counting", sa.JSON(), nullable=True),
        sa.Column("counting_note", sa.Text(), nullable=False),
        sa.Column("tie_order", sa.String(40), nullable=False),
        sa.Column("binding", sa.Text(), nullable=False),
        sa.Column("publishes", sa.String(10), nullable=False),
        sa.Column("eligibility", sa.String(300), nullable=False),
        sa.Column("admits_residents", sa.Boolean(), nullable=False),
        sa.Column("admits_members", sa.Boolean(), nullable=False),
        sa.Column("roll_source", sa.String(40), nullable=False),
        sa.Column("min_age", NUMBER, nullable=True),
        sa.Column("roll_fixed_on", sa.Date(), nullable=True),
        sa.Column("roll_check_from", sa.DateTime(), nullable=True),
        sa.Column("roll_check_to", sa.DateTime(), nullable=True),
        sa.Column("paper_until", sa.DateTime(), nullable=True),
        sa.Column("committee_size", NUMBER, nullable=False),
        sa.Column("committee_fixed_at", sa.DateTime(), nullable=True),
        sa.Column("committee_note", sa.String(300), nullable=True),
        sa.Column("created_by_id", NUMBER, nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("announced_at", sa.DateTime(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("season_accepted_by_id", NUMBER, nullable=True),
        sa.Column("season_accepted_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_budget_round"),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name="fk_budget_round_created_by_id"),
        sa.ForeignKeyConstraint(["season_accepted_by_id"], ["user.id"], name="fk_budget_round_season_accepted_by_id"),
        sa.UniqueConstraint("slug", name="uq_budget_round_slug"),
        sa.CheckConstraint("admits_residents OR admits_members", name=op.f("ck_budget_round_admits_somebody")),
        sa.CheckConstraint("publishes IN ('totals', 'ballots')", name=op.f("ck_budget_round_publishes_is_known")),
        sa.CheckConstraint(
            "roll_source IN ('verified', 'declared', 'imported')",
            name=op.f("ck_budget_round_roll_source_is_known")),
        sa.CheckConstraint("tie_order IN ('number', 'lot')", name=op.f("ck_budget_round_tie_order_is_known")),
    )
    op.create_index("ix_budget_round_year", "budget_round", ["year", "id"])

    op.create_table(
        "budget_phase",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("phase", sa.String(40), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=True),
        sa.Column("note", sa.String(300), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_budget_phase"),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name="fk_budget_phase_round_id"),
        sa.UniqueConstraint("round_id", "phase", name="uq_budget_phase_round_id_phase"),
        sa.CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_budget_phase_has_time")),
        sa.CheckConstraint(
            "phase IN ('collecting', 'review', 'adjusting', 'committee', 'voting', 'chosen', 'council', "
            "'in_budget', 'carried_out')",
            name=op.f("ck_budget_phase_phase_is_known")),
    )

    op.create_table(
        "project_kind",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("cap", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_project_kind"),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name="fk_project_kind_round_id"),
        sa.UniqueConstraint("round_id", "name", name="uq_project_kind_round_id_name"),
        sa.UniqueConstraint("round_id", "position", name="uq_project_kind_round_id_position"),
    )

    op.create_table(
        "exclusion_reason",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exclusion_reason"),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name="fk_exclusion_reason_round_id"),
        sa.UniqueConstraint("round_id", "name", name="uq_exclusion_reason_round_id_name"),
        sa.UniqueConstraint("round_id", "position", name="uq_exclusion_reason_round_id_position"),
    )


def envelopes() -> None:
    op.create_table(
        "envelope",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("round_id", NUMBER, nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("amount", NUMBER, nullable=False),
        sa.Column("theme", sa.String(100), nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("max_choices", NUMBER, nullable=False),
        sa.Column("exactly", sa.Boolean(), nullable=False),
        sa.Column("within_money", sa.Boolean(), nullable=False),
        sa.Column("min_votes", NUMBER, nullable=False),
        sa.Column("lot", sa.JSON(), nullable=True),
        sa.Column("lot_drawn_at", sa.DateTime(), nullable=True),
        sa.Column("roll_id", NUMBER, nullable=True),
        sa.Column("box_id", sa.LargeBinary(16), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_envelope"),
        sa.ForeignKeyConstraint(["box_id"], ["ballot_box.id"], name="fk_envelope_box_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"], name="fk_envelope_neighbourhood_id"),
        sa.ForeignKeyConstraint(["roll_id"], ["electoral_roll.id"], name="fk_envelope_roll_id"),
        sa.ForeignKeyConstraint(["round_id"], ["budget_round.id"], name="fk_envelope_round_id"),
        sa.UniqueConstraint("box_id", name="uq_envelope_box_id"),
        sa.UniqueConstraint("round_id", "position", name="uq_envelope_round_id_position"),
        sa.UniqueConstraint("round_id", "slug", name="uq_envelope_round_id_slug"),
        sa.CheckConstraint("max_choices > 0", name=op.f("ck_envelope_has_choices")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_envelope_has_money")),
    )

    op.create_table(
        "envelope_neighbourhood",
        sa.Column("envelope_id", NUMBER, nullable=False),
        sa.Column("neighbourhood_id", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("envelope_id", "neighbourhood_id", name="pk_envelope_neighbourhood"),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name="fk_envelope_neighbourhood_envelope_id"),
        sa.ForeignKeyConstraint(["neighbourhood_id"], ["neighbourhood.id"],
                                name="fk_envelope_neighbourhood_neighbourhood_id"),
    )

    op.create_table(
        "choice_group",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("envelope_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("min_choices", NUMBER, nullable=False),
        sa.Column("max_choices", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_choice_group"),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name="fk_choice_group_envelope_id"),
        sa.UniqueConstraint("envelope_id", "name", name="uq_choice_group_envelope_id_name"),
        sa.UniqueConstraint("envelope_id", "position", name="uq_choice_group_envelope_id_position"),
        sa.CheckConstraint("min_choices >= 0 AND min_choices <= max_choices", name=op.f("ck_choice_group_has_choices")),
    )

    op.create_table(
        "exclusion_group",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("envelope_id", NUMBER, nullable=False),
        sa.Column("why", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exclusion_group"),
        sa.ForeignKeyConstraint(["envelope_id"], ["envelope.id"], name="fk_exclusion_group_envelope_id"),
    )
    op.create_index("ix_exclusion_group_envelope_id", "exclusion_group", ["envelope_id"])
