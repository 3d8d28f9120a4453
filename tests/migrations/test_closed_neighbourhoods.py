"""Neighbourhoods and audiences of sites of the release before, none of which is closed."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling


@pytest.mark.in_turns(of=10)
def test_drafts_and_rolls_keep_their_neighbourhoods_and_none_is_closed(bare):
    migrations.upgrade("0067")
    with db.engine.begin() as connection:
        filling.fill(connection)
        before = filling.rows(connection)
    assert {row["state"] for row in before["proposal"]} and any(row["neighbourhood_id"] for row in before["proposal"])
    migrations.upgrade("0069")
    with db.engine.connect() as connection:
        after = filling.rows(connection)
    for table in ("proposal", "roll_entry", "affiliation", "user", "role_grant", "district_change"):
        assert after[table] == before[table]
    for table in ("neighbourhood", "audience"):
        assert [row | {"closed_at": None, "successor_id": None} for row in before[table]] == after[table]


@pytest.mark.in_turns(of=10)
def test_none_is_closed_without_a_successor(bare):
    migrations.upgrade()
    with db.engine.begin() as connection:
        filling.fill(connection)
    for table in ("neighbourhood", "audience"):
        with db.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text(f"UPDATE {table} SET closed_at = '2030-05-01', successor_id = NULL"))
