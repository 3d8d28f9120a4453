"""Days within which it is told what becomes of a vote: those that its text promises, else fourteen.

Revision: 0044
After: 0043
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DAYS = re.compile(r"([0-9]{1,3}|한|두|세|석)\s*(일|주|달|개월)\s*(?:안에|이내)")
NUMBERS, UNITS = {"한": 1, "두": 2, "세": 3, "석": 3}, {"일": 1, "주": 7, "달": 30, "개월": 30}


def upgrade() -> None:
    op.add_column("poll", sa.Column("answer_days", NUMBER, server_default="14", nullable=False))
    connection = op.get_bind()
    poll = sa.table("poll", sa.column("id", NUMBER), sa.column("binding", sa.Text), sa.column("answer_days", NUMBER))
    for row in connection.execute(sa.select(poll.c.id, poll.c.binding)).all():
        promised = DAYS.search(row.binding)
        days = (NUMBERS.get(promised[1]) or int(promised[1])) * UNITS[promised[2]] if promised else 0
        if 1 <= days <= 365:
            connection.execute(poll.update().where(poll.c.id == row.id).values(answer_days=days))
