"""Meetings of bodies, their items, and who was there.

Revision: 0073
After: 0072
"""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KINDS = ("report", "discussion", "decision", "election")
RESULTS = ("noted", "no_objection", "carried", "rejected", "deferred")
ATTENDANCE = ("on_site", "online", "elsewhere", "absent")


def _known(table: str, column: str, words: tuple[str, ...]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})",
                              name=op.f(f"ck_{table}_{column}_is_known"))


def _ref(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_{table}_{column}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def upgrade() -> None:
    with op.batch_alter_table("forum") as changed:
        changed.add_column(sa.Column("is_closed", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("forum") as changed:
        changed.alter_column("is_closed", existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    op.create_table(
        "meeting",
        sa.Column("id", NUMBER, nullable=False), sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("body_id", NUMBER, nullable=False), sa.Column("year", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False), sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("begins", sa.String(5), nullable=False), sa.Column("noticed_on", sa.Date(), nullable=True),
        sa.Column("came", sa.JSON(), nullable=False), sa.Column("guests", NUMBER, nullable=False),
        sa.Column("officials", sa.JSON(), nullable=False), sa.Column("members", NUMBER, nullable=True),
        sa.Column("needed", NUMBER, nullable=True), sa.Column("kept_at", sa.DateTime(), nullable=True),
        sa.Column("report_hash", sa.String(64), nullable=True), sa.Column("left_over", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"), _ref("meeting", "forum_id", "forum"),
        _ref("meeting", "body_id", "body"), _unique("meeting", "forum_id"),
        _unique("meeting", "body_id", "report_hash"),
        _unique("meeting", "body_id", "year", "number"), _unique("meeting", "body_id", "starts_on", "begins"))
    op.create_index("ix_meeting_starts_on", "meeting", ["starts_on", "id"])
    op.create_table(
        "meeting_item",
        sa.Column("id", NUMBER, nullable=False), sa.Column("meeting_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False), sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False), sa.Column("minutes", NUMBER, nullable=True),
        sa.Column("papers", sa.JSON(), nullable=False), sa.Column("reported", sa.Text(), nullable=False),
        sa.Column("opinions", sa.JSON(), nullable=False), sa.Column("result", sa.String(40), nullable=True),
        sa.Column("yes", NUMBER, nullable=True), sa.Column("no", NUMBER, nullable=True),
        sa.Column("abstained", NUMBER, nullable=True), sa.Column("present", NUMBER, nullable=True),
        sa.Column("money", sa.JSON(), nullable=True), sa.Column("closed_by", sa.String(200), nullable=True),
        sa.Column("decision_ids", sa.JSON(), nullable=False), sa.Column("from_item_id", NUMBER, nullable=True),
        sa.Column("about_kind", sa.String(30), nullable=True), sa.Column("about_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_item"), _ref("meeting_item", "meeting_id", "meeting"),
        _ref("meeting_item", "from_item_id", "meeting_item"), _unique("meeting_item", "meeting_id", "number"),
        _known("meeting_item", "kind", KINDS),
        _known("meeting_item", "result", RESULTS),
        sa.CheckConstraint("(yes IS NULL) = (no IS NULL) AND (yes IS NULL) = (abstained IS NULL)",
                           name=op.f("ck_meeting_item_votes_whole")),
        sa.CheckConstraint("(about_kind IS NULL) = (about_id IS NULL)", name=op.f("ck_meeting_item_about_is_whole")))
    op.create_index("ix_meeting_item_about", "meeting_item", ["about_kind", "about_id"])
    op.create_table(
        "meeting_presence",
        sa.Column("id", NUMBER, nullable=False), sa.Column("meeting_id", NUMBER, nullable=False),
        sa.Column("membership_id", NUMBER, nullable=False), sa.Column("attendance", sa.String(40), nullable=False),
        sa.Column("elsewhere_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_presence"), _ref("meeting_presence", "meeting_id", "meeting"),
        _ref("meeting_presence", "membership_id", "membership"), _ref("meeting_presence", "elsewhere_id", "meeting"),
        _unique("meeting_presence", "meeting_id", "membership_id"),
        _known("meeting_presence", "attendance", ATTENDANCE))
    op.create_table(
        "meeting_matter",
        sa.Column("id", NUMBER, nullable=False), sa.Column("body_id", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False), sa.Column("from_item_id", NUMBER, nullable=True),
        sa.Column("put_at", sa.DateTime(), nullable=False), sa.Column("put_by_id", NUMBER, nullable=True),
        sa.Column("item_id", NUMBER, nullable=True), sa.Column("about_kind", sa.String(30), nullable=True),
        sa.Column("about_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_matter"), _ref("meeting_matter", "body_id", "body"),
        _ref("meeting_matter", "from_item_id", "meeting_item"), _ref("meeting_matter", "put_by_id", "user"),
        _ref("meeting_matter", "item_id", "meeting_item"), _unique("meeting_matter", "from_item_id", "body_id"),
        _unique("meeting_matter", "item_id"),
        sa.CheckConstraint("(about_kind IS NULL) = (about_id IS NULL)", name=op.f("ck_meeting_matter_about_is_whole")))
    op.create_index("ix_meeting_matter_about", "meeting_matter", ["about_kind", "about_id"])
    op.create_index("uq_meeting_matter_waits", "meeting_matter", ["body_id", "about_kind", "about_id"], unique=True,
                    sqlite_where=sa.text("item_id IS NULL AND about_kind IS NOT NULL"),
                    postgresql_where=sa.text("item_id IS NULL AND about_kind IS NOT NULL"))
    op.create_index("ix_meeting_presence_membership_id", "meeting_presence", ["membership_id"])
