"""Letters of consultations are posted by another person than printed them, and bound to the browser that took them up;
kiosks are registered devices, at which a code of a desk gives a seat.

Letters that were printed before are in the post; each is bound at its first taking up from now on. Kiosks that clerks
started by themselves end.

Revision: 0050
After: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _letters()
    op.drop_table("opinion_kiosk")
    op.create_table(
        "opinion_seat",
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("desk_id", NUMBER),
        sa.Column("device_id", NUMBER),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name="pk_opinion_seat"),
        *(sa.ForeignKeyConstraint([name], [f"{of}.id"], name=f"fk_opinion_seat_{name}") for name, of in (
            ("consultation_id", "consultation"), ("desk_id", "neighbourhood"), ("device_id", "kiosk_device"))),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_opinion_seat_consultation_id", "opinion_seat", ["consultation_id"])
    op.create_table(
        "opinion_kiosk_count",
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("desk", NUMBER, nullable=False),
        sa.Column("codes", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "day", "desk", name="pk_opinion_kiosk_count"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"],
                                name="fk_opinion_kiosk_count_consultation_id"),
    )


def _letters() -> None:
    counts = [sa.Column(name, NUMBER, nullable=False) for name in ("taken_up", "returned", "claimed", "set_apart")]
    people = [sa.Column(name, NUMBER) for name in ("printed_by_id", "posted_by_id")]
    op.create_table(
        "opinion_letter_run",
        sa.Column("consultation_id", NUMBER, nullable=False),
        sa.Column("run", NUMBER, nullable=False),
        sa.Column("printed", NUMBER, nullable=False),
        people[0],
        sa.Column("posted", NUMBER),
        people[1],
        *counts,
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("consultation_id", "run", name="pk_opinion_letter_run"),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"],
                                name="fk_opinion_letter_run_consultation_id"),
        *(sa.ForeignKeyConstraint([of.name], ["user.id"], name=f"fk_opinion_letter_run_{of.name}") for of in people),
        sa.CheckConstraint("printed_by_id <> posted_by_id", name=op.f("ck_opinion_letter_run_posted_by_another")),
    )
    op.add_column("opinion_letter", sa.Column("is_claimed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("opinion_letter") as batch:
        batch.alter_column("is_claimed", server_default=None)
        batch.add_column(sa.Column("holder", sa.LargeBinary(32)))
        batch.add_column(sa.Column("apart_by_id", NUMBER))
        batch.create_foreign_key("fk_opinion_letter_apart_by_id", "user", ["apart_by_id"], ["id"])
    op.execute("""
        INSERT INTO opinion_letter_run (consultation_id, run, printed, posted, taken_up, returned, claimed, set_apart,
                                        is_withdrawn)
        SELECT consultation_id, run, count(*), count(*), 0, 0, 0, 0, sum(CASE WHEN is_withdrawn THEN 1 ELSE 0 END) > 0
        FROM opinion_letter GROUP BY consultation_id, run""")
    op.execute("""
        UPDATE opinion_letter_run SET taken_up = (
            SELECT count(*) FROM opinion_participant AS reader
            WHERE reader.consultation_id = opinion_letter_run.consultation_id AND reader.basis = 'link')
        WHERE run = (SELECT min(first.run) FROM opinion_letter_run AS first
                     WHERE first.consultation_id = opinion_letter_run.consultation_id)""")
