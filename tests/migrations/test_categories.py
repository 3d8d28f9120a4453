"""Categories on sites of the release before."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db
from tests import factories

from . import filling


@pytest.mark.in_turns(of=10)
def test_the_ten_of_before_stand_as_rows_and_all_keep_theirs(bare):
    before, after = filling.upgraded("0060", "0062")
    for table in ("proposal", "project", "outcome"):
        assert [row["category"] for row in after[table]] == [row["category"] for row in before[table]]
        assert any(row["category"] for row in after[table])
    assert [row["key"] for row in after["category"]] == [category["key"] for category in factories.CATEGORIES]
    assert [(row["key"], row["name_ko"]) for row in after["category"]][:2] == [("traffic", "교통·주차"), ("safety", "안전")]


@pytest.mark.in_turns(of=10)
def test_a_record_of_no_category_is_refused(bare):
    migrations.upgrade()
    with db.engine.begin() as connection:
        filling.fill(connection)
    with db.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE proposal SET category = 'nothing'"))
