"""A filled district of the release before: each registration for a forum gets the submission that it would have had."""

import pytest
import sqlalchemy as sa

from civic_forum.blocks import submissions
from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling

BEFORE, AFTER = "0098", "0099"
SET = (
    "submission SET withdrawn_at = NULL, owner_id = CASE id WHEN 3 THEN 3 ELSE NULL END",
    "intake_item SET act = 'registration', became = 'done', about_kind = 'forum', submission_id = id,"
    " about_id = (SELECT r.forum_id FROM forum_registration r WHERE r.id = intake_item.id)",
    "forum_registration SET user_id = CASE id WHEN 1 THEN NULL ELSE id END,"
    " submission_id = CASE id WHEN 1 THEN 1 ELSE NULL END, place = CASE id WHEN 2 THEN 'held' WHEN 3 THEN 'waiting'"
    " WHEN 4 THEN 'withdrawn' ELSE place END",
    '"user" SET left_at = NULL WHERE id <> 4')


@pytest.mark.in_turns(of=10)
def test_no_place_is_lost_and_a_slip_of_a_window_still_leads_to_it(bare):
    migrations.upgrade(BEFORE)
    with db.engine.begin() as connection:
        filling.fill(connection)
        for change in SET:
            connection.exec_driver_sql(f"UPDATE {change}")
        before = filling.rows(connection)
    migrations.upgrade(AFTER)
    with db.engine.connect() as connection:
        after = filling.rows(connection)
    made = after["submission"][filling.ROWS:]
    assert [row.pop("submission_id") for row in after["forum_registration"]] == [1, made[0]["id"], 3, made[1]["id"]]
    asked = [row["asked_at"] for row in before["forum_registration"]]
    assert [(row["owner_id"], row["made_at"], row["handed_in_at"], row["withdrawn_at"], row["code_hash"])
            for row in made] == [(2, asked[1], asked[1], None, None), (None, asked[3], asked[3], asked[3], None)]
    for row in made:
        assert submissions.read_number(row["number"]) == row["number"] and row["number"].startswith("3005-")
        assert row["kind"] == "registration"
    for row in before["forum_registration"]:
        del row["submission_id"]
    after["submission"] = after["submission"][:filling.ROWS]
    assert after == before
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE forum_registration SET submission_id = NULL")
