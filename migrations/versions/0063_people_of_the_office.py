"""Work of somebody who leaves the office goes to others in one act; absences, heads of departments, roles that
only read, and last days of roles.

Revision: 0063
After: 0062
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


ROLES = "'moderator', 'official', 'clerk', 'observer', 'administrator', 'reader'"
OPEN = sa.text("withdrawn_at IS NULL")
HEAD = sa.text("is_head AND withdrawn_at IS NULL")


def upgrade() -> None:
    op.add_column("role_grant", sa.Column("is_head", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("uq_role_grant_open", "role_grant")  # by expressions, which no table that is made anew keeps
    with op.batch_alter_table("role_grant") as grants:
        grants.add_column(sa.Column("title", sa.String(60), nullable=True))
        grants.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        grants.add_column(sa.Column("end_told_at", sa.DateTime(), nullable=True))
        grants.drop_constraint(op.f("ck_role_grant_role_is_known"), type_="check")
        grants.create_check_constraint(op.f("ck_role_grant_role_is_known"), f"role IN ({ROLES})")
    op.create_index("uq_role_grant_open", "role_grant", ["user_id", "role", *(
        sa.text(f"coalesce({column}, 0)") for column in ("department_id", "neighbourhood_id"))], unique=True,
        sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("uq_role_grant_head", "role_grant", ["department_id"], unique=True, sqlite_where=HEAD,
                    postgresql_where=HEAD)
    op.create_table(
        "absence",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("deputy_id", NUMBER, nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
        *(sa.ForeignKeyConstraint([column], ["user.id"], name=f"fk_absence_{column}")
          for column in ("user_id", "deputy_id")),
        sa.CheckConstraint("from_day <= until_day", name=op.f("ck_absence_in_order")))
    for index, *columns in (("user_id", "user_id"), ("deputy_id", "deputy_id"), ("until_day", "until_day", "id")):
        op.create_index(f"ix_absence_{index}", "absence", columns)
    op.create_table(
        "hand_over",
        sa.Column("user_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("receivers", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_hand_over"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_hand_over_user_id"))
