"""Categories are rows of the district, with a threshold, days and a department of their own where they have them.

Revision: 0062
After: 0061
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEN = (("traffic", "교통·주차", "Transport and parking"), ("safety", "안전", "Safety"),
       ("environment", "환경·청소", "Environment and cleanliness"), ("welfare", "복지·돌봄", "Welfare and care"),
       ("education", "교육·청소년", "Education and youth"), ("culture", "문화·체육", "Culture and sports"),
       ("economy", "경제·일자리", "Economy and jobs"), ("city", "도시·공원", "City and parks"),
       ("self-governance", "주민자치", "Residents’ self-government"), ("other", "기타", "Other"))
OWN = ("support_threshold", "support_days", "answer_days")
KNOWN = (("list", ("neighbourhoods", "departments", "audiences", "categories", "settings")),
         ("act", ("make", "rename", "move", "close", "set", "change", "change_by_two")))


def upgrade() -> None:
    category = op.create_table(
        "category",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("name_ko", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(80), nullable=False),
        sa.Column("earlier", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("successor_id", NUMBER, nullable=True),
        *(sa.Column(name, NUMBER, nullable=True) for name in OWN),
        sa.Column("department_id", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_category"),
        sa.UniqueConstraint("name_ko", name="uq_category_name_ko"), sa.UniqueConstraint("key", name="uq_category_key"),
        sa.ForeignKeyConstraint(["successor_id"], ["category.id"], name="fk_category_successor_id"),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name="fk_category_department_id"),
        sa.CheckConstraint("(closed_at IS NULL) = (successor_id IS NULL)", name=op.f("ck_category_closed_to_another")))
    op.bulk_insert(category, [{"key": key, "position": place, "name_ko": korean, "name_en": english}
                              for place, (key, korean, english) in enumerate(TEN, 1)])
    for table in ("proposal", "project", "outcome"):
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(f"ck_{table}_category_is_known"), type_="check")
            changed.create_foreign_key(f"fk_{table}_category", "category", ["category"], ["key"])
    with op.batch_alter_table("district_change") as changed:
        for column, words in KNOWN:
            name = op.f(f"ck_district_change_{column}_is_known")
            changed.drop_constraint(name, type_="check")
            changed.create_check_constraint(name, f"{column} IN ({', '.join(map(repr, words))})")
