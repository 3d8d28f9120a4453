"""Plans with versions and actions, in place of a table of names and years.

Revision: 0106
After: 0105
"""

from datetime import datetime, timezone

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = "kind IN ('innovation', 'department', 'neighbourhood', 'other')"
UNITS = "unit IN ('won', 'thousand', 'million')"
STATES = "state IN ('draft', 'asked', 'decided', 'sent', 'in_force', 'replaced')"


def upgrade() -> None:
    _replace_plans()
    op.create_table(
        "plan_version",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("plan_id", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.Column("total", NUMBER, nullable=False),
        sa.Column("printed", NUMBER, nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("sent_on", sa.Date(), nullable=True),
        sa.Column("document", sa.String(60), nullable=True),
        sa.Column("proposed_at", sa.DateTime(), nullable=True),
        sa.Column("proposed_by_id", NUMBER, nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("about_kind", sa.String(30), nullable=True),
        sa.Column("about_id", NUMBER, nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_plan_version_state_is_known")),
        sa.CheckConstraint("(about_kind IS NULL) = (about_id IS NULL)", name=op.f("ck_plan_version_about_is_whole")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_plan_version_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")))
    op.create_index("ix_plan_version_about", "plan_version", ["about_kind", "about_id"])
    for state in ("asked", "in_force"):
        where = sa.text(f"state = '{state}'")
        op.create_index(f"uq_plan_version_{state}", "plan_version", ["plan_id"], unique=True, sqlite_where=where,
                        postgresql_where=where)
    proposed = sa.text("proposed_at IS NOT NULL")
    op.create_index("ix_plan_version_proposed", "plan_version", ["proposed_at", "id"], sqlite_where=proposed,
                    postgresql_where=proposed)
    op.create_table(
        "plan_action",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("key", sa.String(20), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("section", sa.String(60), nullable=False),
        sa.Column("need", sa.String(500), nullable=False),
        sa.Column("lead", sa.String(60), nullable=False),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.Column("body_id", NUMBER, nullable=True),
        sa.Column("neighbourhood_id", NUMBER, nullable=True),
        sa.Column("money", sa.JSON(), nullable=False),
        sa.Column("begins", sa.String(7), nullable=True),
        sa.Column("ends", sa.String(7), nullable=True),
        sa.Column("origin", sa.JSON(), nullable=False),
        sa.Column("why_changed", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["plan_version.id"], name=op.f("fk_plan_action_version_id")),
        *(sa.ForeignKeyConstraint([f"{other}_id"], [f"{other}.id"], name=op.f(f"fk_plan_action_{other}_id"))
          for other in ("department", "body", "neighbourhood")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_plan_action_version_id_key")))


def _replace_plans() -> None:
    """Every plan stays with its commitments, and is read by everybody as before."""
    with op.batch_alter_table("plan") as changed:
        changed.drop_constraint(op.f("uq_plan_name_year"), type_="unique")
        changed.alter_column("name", new_column_name="title", existing_type=sa.String(100), type_=sa.String(120),
                             existing_nullable=False)
        changed.add_column(sa.Column("slug", sa.String(60), nullable=True))
        changed.add_column(sa.Column("kind", sa.String(40), nullable=False, server_default="other"))
        changed.add_column(sa.Column("unit", sa.String(40), nullable=False, server_default="thousand"))
        changed.add_column(sa.Column("mapping", sa.JSON(), nullable=False, server_default="{}"))
        changed.add_column(sa.Column("version", NUMBER, nullable=False, server_default="1"))
        changed.add_column(sa.Column("public_at", sa.DateTime(), nullable=True))
        for other in ("department", "body", "neighbourhood"):
            changed.add_column(sa.Column(f"{other}_id", NUMBER, nullable=True))
    plan = sa.table("plan", sa.column("id"), sa.column("slug"), sa.column("title"), sa.column("year"),
                    sa.column("public_at", sa.DateTime()))
    at = datetime.now(timezone.utc).replace(tzinfo=None)
    for number, title, year in op.get_bind().execute(sa.select(plan.c.id, plan.c.title, plan.c.year)).all():
        named = title if str(year) in title else f"{year}년 {title}"
        op.execute(plan.update().where(plan.c.id == number).values(slug=f"plan-{number}", title=named, public_at=at))
    with op.batch_alter_table("plan") as changed:
        changed.alter_column("slug", existing_type=sa.String(60), nullable=False)
        for name, kind in (("kind", sa.String(40)), ("unit", sa.String(40)), ("mapping", sa.JSON()),
                           ("version", NUMBER)):
            changed.alter_column(name, existing_type=kind, existing_nullable=False, server_default=None)
        changed.create_unique_constraint(op.f("uq_plan_slug"), ["slug"])
        changed.create_check_constraint(op.f("ck_plan_kind_is_known"), KINDS)
        changed.create_check_constraint(op.f("ck_plan_unit_is_known"), UNITS)
        for other in ("department", "body", "neighbourhood"):
            changed.create_foreign_key(op.f(f"fk_plan_{other}_id"), other, [f"{other}_id"], ["id"])
        changed.create_index("ix_plan_department_id", ["department_id"])
        changed.create_index("ix_plan_year", ["year", "id"])
