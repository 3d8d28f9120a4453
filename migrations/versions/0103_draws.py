"""Draws, their lists, values, those who make room and observers; lots of a call.

Revision: 0103
After: 0102
"""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("call") as changed:
        changed.add_column(sa.Column("lots", sa.JSON(), nullable=False, server_default="[]"))
        changed.add_column(sa.Column("listed_at", sa.DateTime(), nullable=True))
    with op.batch_alter_table("call") as changed:
        changed.alter_column("lots", existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    op.add_column("call_application", sa.Column("few_agreed_at", sa.DateTime(), nullable=True))
    op.create_table(
        "public_draw",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("call_id", NUMBER, nullable=False),
        sa.Column("attempt", NUMBER, nullable=False),
        sa.Column("key_id", NUMBER, nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by_id", NUMBER, nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("lots", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("list_text", sa.Text(), nullable=False),
        sa.Column("observers", sa.JSON(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=True),
        sa.Column("committed_at", sa.DateTime(), nullable=True),
        sa.Column("signatures", sa.JSON(), nullable=False),
        sa.Column("chance", sa.JSON(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("drawn_at", sa.DateTime(), nullable=True),
        sa.Column("late_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("end_reason", sa.String(500), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_public_draw"),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name="fk_public_draw_call_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name="fk_public_draw_made_by_id"),
        sa.UniqueConstraint("call_id", "attempt", name="uq_public_draw_call_id_attempt"))
    op.create_table(
        "draw_person",
        sa.Column("draw_id", NUMBER, nullable=False),
        sa.Column("application_id", NUMBER, nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("leaving", sa.String(40), nullable=True),
        sa.Column("leaves_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("draw_id", "application_id", name="pk_draw_person"),
        sa.CheckConstraint("leaving IN ('self', 'died', 'moved', 'ineligible', 'conflict', 'silent', 'double')",
            name=op.f("ck_draw_person_leaving_is_known")),
        sa.ForeignKeyConstraint(["application_id"], ["call_application.id"], name="fk_draw_person_application_id"),
        sa.ForeignKeyConstraint(["draw_id"], ["public_draw.id"], name="fk_draw_person_draw_id"))
    op.create_index("ix_draw_person_application_id", "draw_person", ["application_id"])
    op.create_table(
        "draw_entry",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("draw_id", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("figures", sa.String(200), nullable=False),
        sa.Column("signature", sa.String(96), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draw_entry"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_draw_entry_by_id"),
        sa.ForeignKeyConstraint(["draw_id"], ["public_draw.id"], name="fk_draw_entry_draw_id"))
    op.create_index("ix_draw_entry_draw_id", "draw_entry", ["draw_id"])
    op.create_table(
        "draw_passed",
        sa.Column("draw_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("restored_at", sa.DateTime(), nullable=True),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("draw_id", "position", name="pk_draw_passed"),
        sa.CheckConstraint("reason IN ('self', 'died', 'moved', 'ineligible', 'conflict', 'silent', 'double')",
            name=op.f("ck_draw_passed_reason_is_known")),
        sa.ForeignKeyConstraint(["draw_id"], ["public_draw.id"], name="fk_draw_passed_draw_id"),
        sa.UniqueConstraint("draw_id", "number", name="uq_draw_passed_draw_id_number"))
    op.create_table(
        "draw_observed",
        sa.Column("draw_id", NUMBER, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("draw_id", "key", name="pk_draw_observed"),
        sa.ForeignKeyConstraint(["draw_id"], ["public_draw.id"], name="fk_draw_observed_draw_id"))
