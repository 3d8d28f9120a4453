"""Replies on the spot wait for a second person; answers are signed for somebody; passes of helpers.

Revision: 0092
After: 0091
"""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "intake_pass",
        sa.Column("id", NUMBER, nullable=False), sa.Column("forum_id", NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False), sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by_id", NUMBER, nullable=False),
        sa.Column("bound_at", sa.DateTime(), nullable=True), sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_intake_pass"),
        sa.ForeignKeyConstraint(["forum_id"], ["forum.id"], name="fk_intake_pass_forum_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name="fk_intake_pass_made_by_id"),
        sa.UniqueConstraint("secret_hash", name="uq_intake_pass_secret_hash"))
    op.create_index("ix_intake_pass_forum_id", "intake_pass", ["forum_id", "id"])
    with op.batch_alter_table("intake_item") as changed:
        changed.add_column(sa.Column("typed_reply", sa.JSON(none_as_null=True), nullable=True))
        changed.add_column(sa.Column("answering_department_id", NUMBER, nullable=True))
        changed.add_column(sa.Column("pass_id", NUMBER, nullable=True))
        changed.create_foreign_key("fk_intake_item_answering_department_id", "department",
                                   ["answering_department_id"], ["id"])
        changed.create_foreign_key("fk_intake_item_pass_id", "intake_pass", ["pass_id"], ["id"])
    op.create_index("ix_intake_item_pass_id", "intake_item", ["pass_id", "id"])
    op.create_index("ix_intake_item_replying", "intake_item", ["id"],
                    sqlite_where=sa.text("typed_reply IS NOT NULL"),
                    postgresql_where=sa.text("typed_reply IS NOT NULL"))
    with op.batch_alter_table("later_answer") as changed:
        changed.add_column(sa.Column("signed_as", sa.String(40), nullable=False, server_default="department"))
        changed.create_check_constraint(op.f("ck_later_answer_signed_as_is_known"),
                                        "signed_as IN ('department', 'neighbourhood_head', 'mayor')")
    with op.batch_alter_table("later_answer") as changed:
        changed.alter_column("signed_as", server_default=None)
