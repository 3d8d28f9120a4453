"""Submissions with their numbers, and items that were said or written outside the browser.

Revision: 0083
After: 0082
"""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
FORMS = ("spoken", "sheet", "note", "interview", "signature")
ENDS = ("proposal", "joined", "statement", "agenda", "duty", "answered", "kept", "elsewhere", "counted")


def _known(column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})",
                              name=op.f(f"ck_intake_item_{column}_is_known"))


def _ref(table: str, column: str, to: str, key: str = "id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.{key}"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("id", NUMBER, nullable=False), sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("number", sa.String(16), nullable=False), sa.Column("owner_id", NUMBER, nullable=True),
        sa.Column("code_hash", sa.LargeBinary(32), nullable=True),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("forget_on", sa.Date(), nullable=True), sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_submission"), _ref("submission", "owner_id", "user"),
        sa.UniqueConstraint("number", name="uq_submission_number"))
    op.create_index("ix_submission_owner", "submission", ["owner_id", "id"])
    op.create_index("ix_submission_forget", "submission", ["forget_on"])
    op.create_table(
        "submission_serial",
        sa.Column("month", sa.String(4), nullable=False), sa.Column("last", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("month", name="pk_submission_serial"))
    references = {"submission_id": "submission", "clash_id": "submission", "neighbourhood_id": "neighbourhood",
                  "audience_id": "audience", "forum_id": "forum", "attachment_set_id": "attachment_set",
                  "typed_by_id": "user", "checked_by_id": "user", "sorted_by_id": "user"}
    op.create_table(
        "intake_item",
        sa.Column("id", NUMBER, nullable=False), sa.Column("row_key", sa.String(36), nullable=False),
        sa.Column("form", sa.String(40), nullable=False), sa.Column("text", sa.String(2_000), nullable=False),
        sa.Column("language", sa.String(5), nullable=False), sa.Column("category", sa.String(40), nullable=True),
        sa.Column("day", sa.Date(), nullable=False), sa.Column("names", NUMBER, nullable=True),
        *(sa.Column(column, NUMBER, nullable=column not in ("submission_id", "typed_by_id")) for column in references),
        sa.Column("typed_at", sa.DateTime(), nullable=False), sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("returned_because", sa.String(300), nullable=True), sa.Column("became", sa.String(40), nullable=True),
        sa.Column("reply", sa.String(1_000), nullable=False), sa.Column("replied_by", sa.String(60), nullable=True),
        sa.Column("sorted_at", sa.DateTime(), nullable=True), sa.Column("hidden_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_rule", sa.String(40), nullable=True),
        sa.Column("about_kind", sa.String(30), nullable=True), sa.Column("about_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_intake_item"),
        *(_ref("intake_item", column, to) for column, to in references.items()),
        _ref("intake_item", "category", "category", "key"),
        sa.UniqueConstraint("submission_id", name="uq_intake_item_submission_id"),
        sa.UniqueConstraint("row_key", name="uq_intake_item_row_key"), _known("form", FORMS), _known("became", ENDS),
        sa.CheckConstraint("(about_kind IS NULL) = (about_id IS NULL)", name=op.f("ck_intake_item_about_is_whole")))
    for name, columns in {"day": ("day", "id"), "forum": ("forum_id", "id"), "about": ("about_kind", "about_id"),
                          "neighbourhood": ("neighbourhood_id", "day", "id")}.items():
        op.create_index(f"ix_intake_item_{name}", "intake_item", columns)
    for name, condition in {"unchecked": "checked_at IS NULL",
                            "unsorted": "checked_at IS NOT NULL AND became IS NULL"}.items():
        op.create_index(f"ix_intake_item_{name}", "intake_item", ["id"], sqlite_where=sa.text(condition),
                        postgresql_where=sa.text(condition))
