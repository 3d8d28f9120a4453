"""Each registration for a forum is a submission: with a number that was drawn.

Revision: 0099
After: 0098
"""

from datetime import timedelta
from secrets import randbelow

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
SEOUL = timedelta(hours=9)
AT_ONCE = 1000
DAMM = ("0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017",
        "9438617205", "2581436790")
REGISTRATION = sa.table("forum_registration", *map(sa.column, ("id", "user_id", "submission_id", "place")),
                        sa.column("asked_at", sa.DateTime))
SUBMISSION = sa.table("submission", *map(sa.column, ("id", "kind", "number", "owner_id")), *(
    sa.column(name, sa.DateTime) for name in ("made_at", "handed_in_at", "withdrawn_at")))
AT_WINDOW = """UPDATE forum_registration SET submission_id = (
    SELECT max(s.id) FROM intake_item i JOIN submission s ON s.id = i.submission_id
    WHERE i.act = 'registration' AND i.about_kind = 'forum' AND i.about_id = forum_registration.forum_id
    AND s.owner_id = forum_registration.user_id AND s.withdrawn_at IS NULL
    AND s.id NOT IN (SELECT submission_id FROM forum_registration WHERE submission_id IS NOT NULL))
    WHERE submission_id IS NULL AND place <> 'withdrawn'"""
USER = sa.table("user", sa.column("id"), sa.column("left_at"))


def upgrade() -> None:
    op.execute(AT_WINDOW)
    hand_in(op.get_bind())
    with op.batch_alter_table("forum_registration") as changed:
        changed.alter_column("submission_id", existing_type=NUMBER, nullable=False)


def hand_in(connection: sa.Connection) -> None:
    """Give each registration of an account the submission that it would have had. Nobody is behind those of who
    left."""
    numbers = set(connection.scalars(sa.select(SUBMISSION.c.number)))
    here = sa.case((USER.c.left_at.is_(None), REGISTRATION.c.user_id))
    rows = connection.execute(
        sa.select(REGISTRATION.c.id, here, REGISTRATION.c.place, REGISTRATION.c.asked_at)
        .outerjoin(USER, USER.c.id == REGISTRATION.c.user_id).where(REGISTRATION.c.submission_id.is_(None))
        .order_by(REGISTRATION.c.id)).all()
    for first in range(0, len(rows), AT_ONCE):
        numbered = {number_of(asked_at, numbers): (id_, {
            "kind": "registration", "owner_id": owner_id, "made_at": asked_at, "handed_in_at": asked_at,
            "withdrawn_at": asked_at if place == "withdrawn" else None})
            for id_, owner_id, place, asked_at in rows[first:first + AT_ONCE]}
        connection.execute(sa.insert(SUBMISSION), [
            {"number": number, **made} for number, (_id, made) in numbered.items()])
        connection.execute(
            sa.update(REGISTRATION).where(REGISTRATION.c.id == sa.bindparam("registration")).values(
                submission_id=sa.select(SUBMISSION.c.id).where(SUBMISSION.c.number == sa.bindparam("drawn"))
                .scalar_subquery()),
            [{"registration": id_, "drawn": number} for number, (id_, _made) in numbered.items()])


def number_of(asked_at, numbers: set[str]) -> str:
    """A number of that month that nobody has, with its check digit; it is taken from now on."""
    month = f"{asked_at + SEOUL:%y%m}"
    while True:
        digits, interim = month + str(100_000 + randbelow(900_000)), 0
        for digit in digits:
            interim = int(DAMM[interim][int(digit)])
        if (number := f"{month}-{digits[4:]}-{interim}") not in numbers:
            numbers.add(number)
            return number
