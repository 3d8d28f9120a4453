"""Bodies that meet and decide, their seats, and memberships with their history.

Revision: 0071
After: 0070
"""

import sqlalchemy as sa
from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KINDS = ("council", "division", "steering", "residents", "evaluation", "jury", "committee")
ACCESS = ("open", "minutes", "results", "closed")
SHARES = ("more_than_half", "more_than_a_third", "more_than_two_thirds", "a_third", "half", "two_thirds")
SIDES = ("civil", "resident", "extended", "office", "council", "expert")
WAYS = ("call", "draw", "office", "vote", "recommendation", "appointment")
FUNCTIONS = ("chair", "co_chair", "vice_chair", "president", "vice_president", "head", "vice_head", "secretary",
             "auditor")


def _known(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})",
                              name=op.f(f"ck_{table}_{column}_is_known"))


def _ref(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "body",
        sa.Column("id", NUMBER, nullable=False), sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("version", NUMBER, nullable=False), sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False), sa.Column("parent_id", NUMBER, nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True), sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("mandate", sa.String(500), nullable=False), sa.Column("basis", sa.String(200), nullable=False),
        sa.Column("term_months", NUMBER, nullable=True), sa.Column("access", sa.String(40), nullable=False),
        sa.Column("access_reason", sa.String(300), nullable=True),
        sa.Column("notice_days", NUMBER, nullable=False), sa.Column("minutes_days", NUMBER, nullable=False),
        sa.Column("quorum_share", sa.String(40), nullable=False),
        sa.Column("quorum_of", sa.String(40), nullable=False),
        sa.Column("begins", sa.Date(), nullable=False), sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False), sa.Column("texts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_body"), sa.UniqueConstraint("slug", name="uq_body_slug"),
        sa.CheckConstraint("access = 'open' OR access_reason IS NOT NULL", name=op.f("ck_body_says_why_not_open")),
        sa.CheckConstraint("ends IS NULL OR begins <= ends", name=op.f("ck_body_ends_after_its_beginning")),
        _known("body", "kind", KINDS), _known("body", "access", ACCESS), _known("body", "quorum_share", SHARES),
        _ref("body", "parent_id", "body"), _ref("body", "neighbourhood_id", "neighbourhood"),
        _ref("body", "department_id", "department"))
    op.create_index("ix_body_parent_id", "body", ["parent_id"])
    op.create_table(
        "body_seat",
        sa.Column("id", NUMBER, nullable=False), sa.Column("body_id", NUMBER, nullable=False),
        sa.Column("key", sa.String(40), nullable=False), sa.Column("name", sa.String(60), nullable=False),
        sa.Column("side", sa.String(40), nullable=False), sa.Column("number", NUMBER, nullable=False),
        sa.Column("at_most", sa.Boolean(), nullable=False), sa.Column("votes", sa.Boolean(), nullable=False),
        sa.Column("way", sa.String(40), nullable=False), sa.Column("texts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_body_seat"),
        sa.UniqueConstraint("body_id", "key", name="uq_body_seat_body_id_key"),
        sa.CheckConstraint("number >= 0", name=op.f("ck_body_seat_has_a_number")),
        _known("body_seat", "side", SIDES), _known("body_seat", "way", WAYS), _ref("body_seat", "body_id", "body"))
    op.create_table(
        "membership",
        sa.Column("id", NUMBER, nullable=False), sa.Column("seat_id", NUMBER, nullable=False),
        sa.Column("serial", NUMBER, nullable=False), sa.Column("user_id", NUMBER, nullable=True),
        sa.Column("name", sa.String(60), nullable=True), sa.Column("function", sa.String(40), nullable=True),
        sa.Column("begins", sa.Date(), nullable=False), sa.Column("until", sa.Date(), nullable=True),
        sa.Column("way", sa.String(40), nullable=False), sa.Column("end_reason", sa.String(200), nullable=True),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("seat_id", "serial", name="uq_membership_seat_id_serial"),
        sa.UniqueConstraint("seat_id", "user_id", "begins", name="uq_membership_seat_id_user_id_begins"),
        sa.CheckConstraint("until IS NULL OR begins <= until", name=op.f("ck_membership_ends_after_its_beginning")),
        _known("membership", "function", FUNCTIONS), _known("membership", "way", WAYS),
        _ref("membership", "seat_id", "body_seat"), _ref("membership", "user_id", "user"))
    op.create_index("ix_membership_user_id", "membership", ["user_id"])
