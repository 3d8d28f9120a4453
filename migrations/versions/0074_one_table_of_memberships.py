"""Members of budget committees and jurors of awards sit in the table of memberships.

Revision: 0074
After: 0073
"""

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SEOUL = timedelta(hours=9)
"""Moments are kept in UTC, days are those of the district."""
CHECKS = {"is_somewhere": "(seat_id IS NULL) = (about_id IS NOT NULL)",
          "about_is_whole": "(about_kind = 'body') = (about_id IS NULL)"}
MEMBERSHIP = sa.table(
    "membership", sa.column("id"), *(sa.column(name) for name in ("about_kind", "about_id", "user_id", "serial", "way",
                                                                  "noted_by_id")),
    sa.column("consent", sa.Boolean), sa.column("begins", sa.Date),
    sa.column("noted_at", sa.DateTime), sa.column("finished_at", sa.DateTime))
MEMBERS = sa.table("committee_member", sa.column("id"), sa.column("round_id"), sa.column("user_id"),
                   sa.column("added_at", sa.DateTime), sa.column("added_by_id"),
                   sa.column("finished_at", sa.DateTime))
JURORS = sa.table("award_juror", sa.column("round_id"), sa.column("user_id"), sa.column("at", sa.DateTime),
                  sa.column("by_id"))
MARKS = sa.table("committee_mark", sa.column("member_id"), sa.column("project_id"))


def upgrade() -> None:
    with op.batch_alter_table("membership") as changed:
        changed.alter_column("seat_id", existing_type=NUMBER, nullable=True)
        changed.add_column(sa.Column("about_kind", sa.String(30), nullable=False, server_default="body"))
        for name in ("about_id", "noted_by_id"):
            changed.add_column(sa.Column(name, NUMBER, nullable=True))
        for name in ("noted_at", "finished_at"):
            changed.add_column(sa.Column(name, sa.DateTime(), nullable=True))
        changed.create_foreign_key("fk_membership_noted_by_id", "user", ["noted_by_id"], ["id"])
        for name in ("serial", "user_id"):
            changed.create_unique_constraint(f"uq_membership_about_kind_about_id_{name}",
                                             ["about_kind", "about_id", name])
        for name, condition in CHECKS.items():
            changed.create_check_constraint(op.f(f"ck_membership_{name}"), condition)
    with op.batch_alter_table("membership") as changed:
        changed.alter_column("about_kind", existing_type=sa.String(30), existing_nullable=False, server_default=None)
    connection = op.get_bind()
    members = connection.execute(sa.select(MEMBERS).order_by(MEMBERS.c.id)).all()
    sit("budget_round", [(row.round_id, row.user_id, row.added_at, row.added_by_id, row.finished_at)
                         for row in members])
    sit("award_round", [(row.round_id, row.user_id, row.at, row.by_id, None) for row in connection.execute(
        sa.select(JURORS).order_by(JURORS.c.round_id, JURORS.c.at, JURORS.c.user_id))])
    mark({row.id: (row.round_id, row.user_id) for row in members})
    for table in ("committee_member", "award_juror"):
        op.drop_table(table)


def sit(kind: str, rows: Iterable[tuple]) -> None:
    """Put these in as they were noted, numbered within what they sit on."""
    serials: dict[int, int] = {}
    for about, user, at, by, finished in rows:
        serials[about] = serials.get(about, 0) + 1
        op.get_bind().execute(MEMBERSHIP.insert().values(
            about_kind=kind, about_id=about, user_id=user, serial=serials[about], way="appointment", consent=False,
            begins=(at + SEOUL).date(), noted_at=at, noted_by_id=by, finished_at=finished))


def mark(members: dict[int, tuple[int, int]]) -> None:
    """Marks name the membership of who gave them."""
    connection = op.get_bind()
    ids = {(row.about_id, row.user_id): row.id for row in connection.execute(
        sa.select(MEMBERSHIP).where(MEMBERSHIP.c.about_kind == "budget_round"))}
    marks = connection.execute(sa.select(MARKS)).all()
    op.drop_table("committee_mark")
    op.create_table(
        "committee_mark",
        sa.Column("member_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("project_id", NUMBER, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("member_id", "project_id", name="pk_committee_mark"),
        sa.ForeignKeyConstraint(["member_id"], ["membership.id"], name="fk_committee_mark_member_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_committee_mark_project_id"))
    for row in marks:
        connection.execute(MARKS.insert().values(member_id=ids[members[row.member_id]], project_id=row.project_id))
