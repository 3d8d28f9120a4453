"""Names in other languages in one column: Korean and English ones were two.

Revision: 0117
After: 0116
"""

import sqlalchemy as sa
from alembic import op

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None

LISTS = ("neighbourhood", "department", "audience", "category", "reason", "ready_text")


def upgrade() -> None:
    for name in LISTS:
        op.add_column(name, sa.Column("words", sa.JSON(), nullable=False, server_default="{}"))
        table = sa.table(name, sa.column("id"), sa.column("name_ko"), sa.column("name_en"),
                         sa.column("words", sa.JSON), sa.column("earlier", sa.JSON))
        for row in op.get_bind().execute(sa.select(table)).all():
            earlier = [[korean, words(korean, english), end] for korean, english, end in row.earlier]
            op.execute(table.update().where(table.c.id == row.id).values(
                words=words(row.name_ko, row.name_en), earlier=earlier))
        op.drop_column(name, "name_en")


def words(korean: str, english: str) -> dict[str, str]:
    return {"en": english} if english != korean else {}
