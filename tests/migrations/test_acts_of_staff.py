"""Accounts that a desk touched, and letters in the post, on sites of the release before."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling

OPEN = "closed_at = NULL, rehearsal = false, closes_at = '2090-01-01'"
CLOSED = "closed_at = closes_at"


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("boxes, counts", [(CLOSED, True), (OPEN, False)])
def test_a_check_at_a_desk_binds_where_no_vote_is_prepared_or_open(bare, boxes, counts):
    migrations.upgrade("0051")
    with db.engine.begin() as connection:
        filling.fill(connection)
        connection.execute(sa.text(f"UPDATE ballot_box SET {boxes}"))
        connection.execute(sa.text('UPDATE "user" SET left_at = NULL'))
        checks = {row["user_id"]: row["at"] for row in filling.rows(connection)["desk_check"] if row["user_id"]}
    migrations.upgrade("0052")
    with db.engine.connect() as connection:
        rows = filling.rows(connection)
    assert {user["id"]: user["staff_act_at"] for user in rows["user"] if user["staff_act_at"]} == (
        checks if counts else {})
    assert not any(user["staff_act_confirmed"] or user["staff_act_unread"] for user in rows["user"])


@pytest.mark.in_turns(of=10)
def test_a_letter_that_was_printed_is_in_the_post(bare):
    migrations.upgrade("0051")
    with db.engine.begin() as connection:
        filling.fill(connection)
        connection.execute(sa.text("UPDATE letter SET printed_at = NULL WHERE id = 1"))
        before = filling.rows(connection)["letter"]
    migrations.upgrade("0052")
    with db.engine.connect() as connection:
        after = filling.rows(connection)["letter"]
    assert [letter["posted_at"] for letter in after] == [letter["printed_at"] for letter in before]
    assert after[0]["posted_at"] is None and not any(letter["is_notice"] for letter in after)
