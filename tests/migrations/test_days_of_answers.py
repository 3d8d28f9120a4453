"""A filled district of the release before: days in words, entries that wait, polls that promise a number of days."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling

BEFORE, AFTER = "0043", "0044"
BINDING = {1: "결과가 나오면 60일 안에 담당 부서가 알려요.", 2: "두 달 이내에 구의회에 올려요.", 3: "그대로 따라요.", 4: "900일 안에 해요."}


@pytest.mark.in_turns(of=10)
def test_nothing_is_lost_and_a_vote_keeps_the_days_that_its_text_promises(bare):
    migrations.upgrade(BEFORE)
    with db.engine.begin() as connection:
        filling.fill(connection)
        for number, text in BINDING.items():
            connection.execute(sa.text("UPDATE poll SET binding = :text WHERE id = :number"),
                               {"text": text, "number": number})
        connection.execute(sa.text("UPDATE answer SET by_when = '내년 봄쯤'"))
        connection.execute(sa.text("UPDATE commitment_entry SET state = 'waiting', place = NULL"))
    with db.engine.connect() as connection:
        before = filling.rows(connection)
    migrations.upgrade(AFTER)
    with db.engine.connect() as connection:
        after = filling.rows(connection)
    days = {row["id"]: row.pop("answer_days") for row in after["poll"]}
    assert days == {1: 60, 2: 60, 3: 14, 4: 14}
    assert {name: after[name] for name in before} == before
