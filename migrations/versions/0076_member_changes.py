"""Changes of members that wait for a second person; members who have not said whether their name is shown.

Revision: 0076
After: 0075
"""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WORDS = {"way": ("call", "draw", "office", "vote", "recommendation", "appointment"),
         "function": ("chair", "co_chair", "vice_chair", "president", "vice_president", "head", "vice_head",
                      "secretary", "auditor")}
REFERENCES = {"body_id": "body", "membership_id": "membership", "by_id": "user", "seat_id": "body_seat",
              "user_id": "user"}


def upgrade() -> None:
    with op.batch_alter_table("membership") as changed:
        changed.alter_column("consent", existing_type=sa.Boolean(), nullable=True)
    op.create_table(
        "member_change",
        sa.Column("id", NUMBER, nullable=False), sa.Column("body_id", NUMBER, nullable=False),
        sa.Column("membership_id", NUMBER, nullable=True), sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False), sa.Column("seat_id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=True), sa.Column("name", sa.String(60), nullable=True),
        sa.Column("function", sa.String(40), nullable=True), sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True), sa.Column("way", sa.String(40), nullable=False),
        sa.Column("end_reason", sa.String(200), nullable=True), sa.Column("consent", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_member_change"),
        sa.UniqueConstraint("membership_id", name="uq_member_change_membership_id"),
        sa.UniqueConstraint("seat_id", "user_id", "begins", name="uq_member_change_seat_id_user_id_begins"),
        *(sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})",
                             name=op.f(f"ck_member_change_{column}_is_known")) for column, words in WORDS.items()),
        *(sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_member_change_{column}")
          for column, table in REFERENCES.items()))
    for column in ("body_id", "user_id"):
        op.create_index(f"ix_member_change_{column}", "member_change", [column])
    op.create_index("ix_member_change_at", "member_change", ["at", "id"])
