"""A filled district of the release before: published votes without an outcome are owed one by the promised day."""

from datetime import date

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling

BEFORE, AFTER = "0076", "0077"
PUBLISHED = "2030-05-01 16:00:00"
"""On the second of May in Seoul."""


@pytest.mark.in_turns(of=10)
def test_published_votes_without_an_outcome_are_owed_a_reply(bare):
    migrations.upgrade(BEFORE)
    with db.engine.begin() as connection:
        filling.fill(connection)
        connection.execute(sa.text("UPDATE poll SET box_id = NULL"))
        boxes = list(connection.execute(sa.text("SELECT id FROM ballot_box ORDER BY id")).scalars())
        for number, box in enumerate(boxes, 1):
            connection.execute(
                sa.text("UPDATE poll SET box_id = :box, rehearsal_of_id = NULL, about_kind = NULL, about_id = NULL,"
                        " answer_days = 14 WHERE id = :number").bindparams(sa.bindparam("box", box, sa.LargeBinary)),
                {"number": number})
        for statement in (
                f"UPDATE ballot_box SET published_at = '{PUBLISHED}'", "DELETE FROM agenda_next",
                "UPDATE poll SET about_kind = 'agenda', about_id = 2 WHERE id = 2",
                "UPDATE poll SET about_kind = 'agenda', about_id = 3 WHERE id = 3",
                "UPDATE poll SET rehearsal_of_id = 1 WHERE id = 4",
                "UPDATE agenda SET lead_department_id = 1 WHERE id IN (2, 3)",
                "UPDATE outcome SET subject = 'proposal', subject_id = id",
                f"UPDATE outcome SET subject = 'agenda', subject_id = 3, published_at = '{PUBLISHED}' WHERE id = 2"):
            connection.execute(sa.text(statement))
    with db.engine.connect() as connection:
        before = filling.rows(connection)
    migrations.upgrade(AFTER)
    with db.engine.connect() as connection:
        after = filling.rows(connection)
    new = after["duty"][len(before["duty"]):]
    assert [(row["about_id"], row["department_id"], row["due_on"]) for row in new] == [
        (1, None, date(2030, 5, 16)), (2, 1, date(2030, 5, 16))]
    assert {(row["about_kind"], row["kind"], row["days"], row["ended_at"]) for row in new} == {
        ("poll", "follow_up", 14, None)}
    after["duty"] = after["duty"][:len(before["duty"])]
    assert after == before
