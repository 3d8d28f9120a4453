"""A filled district of the release before: whoever sat on a committee or a jury sits there, with what they marked."""

from datetime import date

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling

BEFORE, AFTER = "0073", "0074"
NOBODY = {"seat_id": None, "name": None, "function": None, "until": None, "way": "appointment", "end_reason": None,
          "consent": False}


def sitting(row, kind, serial, *, at, by, finished=None, day=1):
    """The membership that follows from a row of before, from this day of May on."""
    return NOBODY | {"about_kind": kind, "about_id": row["round_id"], "user_id": row["user_id"], "serial": serial,
                     "begins": date(2030, 5, day), "noted_at": at, "noted_by_id": by, "finished_at": finished}


@pytest.mark.in_turns(of=10)
def test_no_member_no_juror_and_no_mark_is_lost(bare):
    migrations.upgrade(BEFORE)
    with db.engine.begin() as connection:
        filling.fill(connection)
        connection.execute(sa.text("UPDATE committee_member SET round_id = 1 WHERE id IN (1, 3)"))
        connection.execute(sa.text("UPDATE award_juror SET round_id = 2, at = '2030-05-01 15:00:00.000000'"
                                   " WHERE user_id = 4"))
        connection.execute(sa.text("INSERT INTO committee_mark (member_id, project_id) VALUES (1, 3), (3, 1)"))
        before = filling.rows(connection)
    migrations.upgrade(AFTER)
    with db.engine.connect() as connection:
        after = filling.rows(connection)
    members, jurors, marks = (before.pop(name) for name in ("committee_member", "award_juror", "committee_mark"))
    numbers = {row.pop("id"): row for row in after["membership"][len(before["membership"]):]}
    places = {(row["about_id"], row["user_id"]): number for number, row in numbers.items()
              if row["about_kind"] == "budget_round"}
    assert [(row["member_id"], row["project_id"]) for row in after.pop("committee_mark")] == sorted(
        (places[row["round_id"], row["user_id"]], mark["project_id"]) for mark in marks for row in members
        if row["id"] == mark["member_id"]) and len(marks) == 6
    assert list(numbers.values()) == [
        sitting(row, "budget_round", serial, at=row["added_at"], by=row["added_by_id"], finished=row["finished_at"])
        for row, serial in zip(members, (1, 1, 2, 1))] + [
        sitting(row, "award_round", serial, at=row["at"], by=row["by_id"], day=day)
        for row, serial, day in zip(jurors, (1, 1, 2, 1), (1, 1, 2, 1))]
    new = {"about_kind": "body", "about_id": None, "noted_at": None, "noted_by_id": None, "finished_at": None}
    assert after.pop("membership")[:4] == [row | new for row in before.pop("membership")]
    assert after == before


@pytest.mark.in_turns(of=10)
def test_nobody_sits_in_two_places_at_once_nor_twice_in_one(bare):
    migrations.upgrade()
    with db.engine.begin() as connection:
        filling.fill(connection)
        connection.execute(sa.text("UPDATE membership SET seat_id = NULL, about_kind = 'award_round', about_id = 1"
                                   " WHERE id = 2"))
    there = "seat_id = NULL, about_kind = 'award_round', about_id = 1"
    for change in ("about_kind = 'award_round', about_id = 1", "seat_id = NULL", "about_id = 1",
                   "about_kind = 'award_round', seat_id = NULL", f"{there}, serial = 2", f"{there}, user_id = 2"):
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text(f"UPDATE membership SET {change} WHERE id = 4"))
