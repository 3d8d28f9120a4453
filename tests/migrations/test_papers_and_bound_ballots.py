"""Numbers of desks of the release before stay as they are, and begin to count what was not counted."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling


@pytest.mark.in_turns(of=10)
def test_numbers_of_desks_stay_and_nothing_is_said_of_what_nobody_counted(bare):
    migrations.upgrade("0053")
    with db.engine.begin() as connection:
        filling.fill(connection)
        connection.execute(sa.text("UPDATE ballot_box SET closed_at = NULL"))
        before = filling.rows(connection)["desk_count"]
    migrations.upgrade("0054")
    with db.engine.connect() as connection:
        after = filling.rows(connection)["desk_count"]
    assert before and after == [row | {"changed": 0, "bound": 0} for row in before]
