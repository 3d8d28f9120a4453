"""Forums of sites of the release before have a form now, and nothing else of them changes."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling


@pytest.mark.in_turns(of=10)
def test_gatherings_of_before_are_forums_that_nobody_else_prepares(bare):
    before, after = filling.upgraded("0069", "0070")
    facts = {"form": "forum", "department_id": None, "neighbourhood_id": None}
    assert before["forum"] and after.pop("forum") == [row | facts for row in before.pop("forum")]
    assert after == before


@pytest.mark.in_turns(of=10)
def test_no_form_but_the_four_is_written(bare):
    migrations.upgrade()
    with db.engine.begin() as connection:
        filling.fill(connection)
    with db.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE forum SET form = 'party'"))
