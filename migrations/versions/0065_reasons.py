"""Outcomes of answers are rows of the district, to which it adds its own; so are texts from which an answer begins.

Revision: 0065
After: 0064
"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SEVEN = (("accepted", "하기로 했어요", "We will do it"), ("partly_accepted", "일부 하기로 했어요", "We will do part of it"),
         ("already_done", "이미 하고 있어요", "We already do it"),
         ("long_term", "중장기로 검토해요", "We will look at it in the longer term"),
         ("referred", "다른 기관 소관이에요", "Another authority is in charge"),
         ("differently", "다르게 하기로 했어요", "We will do it differently"),
         ("declined", "안 하기로 했어요", "We will not do it"))
LISTS = ("neighbourhoods", "departments", "audiences", "categories", "reasons", "texts", "settings")


def upgrade() -> None:
    reason = op.create_table(
        "reason",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name_ko", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("earlier", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("successor_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_reason"),
        sa.UniqueConstraint("name_ko", name="uq_reason_name_ko"), sa.UniqueConstraint("key", name="uq_reason_key"),
        sa.ForeignKeyConstraint(["successor_id"], ["reason.id"], name="fk_reason_successor_id"),
        sa.CheckConstraint("(closed_at IS NULL) = (successor_id IS NULL)", name=op.f("ck_reason_closed_to_another")))
    op.bulk_insert(reason, [{"key": key, "position": place, "name_ko": korean, "name_en": english}
                            for place, (key, korean, english) in enumerate(SEVEN, 1)])
    op.create_table(
        "ready_text",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name_ko", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("earlier", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ready_text"),
        sa.UniqueConstraint("name_ko", name="uq_ready_text_name_ko"))
    with op.batch_alter_table("answer") as changed:
        changed.drop_constraint(op.f("ck_answer_outcome_is_known"), type_="check")
        changed.create_foreign_key("fk_answer_outcome", "reason", ["outcome"], ["key"])
    with op.batch_alter_table("district_change") as changed:
        name = op.f("ck_district_change_list_is_known")
        changed.drop_constraint(name, type_="check")
        changed.create_check_constraint(name, f"list IN ({', '.join(map(repr, LISTS))})")
