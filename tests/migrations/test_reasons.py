"""Outcomes of answers on sites of the release before."""

import pytest
import sqlalchemy as sa

from civic_forum.platform.base import db
from tests import factories

from . import filling


@pytest.mark.in_turns(of=10)
def test_the_seven_of_before_stand_as_rows_and_answers_keep_theirs(bare):
    before, after = filling.upgraded("0064", "0065")
    assert after["answer"] == before["answer"] and any(answer["outcome"] for answer in after["answer"])
    assert after["district_change"] == before["district_change"]
    assert [row["key"] for row in after["reason"]] == [reason["key"] for reason in factories.REASONS]
    assert [(row["key"], row["name_ko"]) for row in after["reason"]][:2] == [
        ("accepted", "하기로 했어요"), ("partly_accepted", "일부 하기로 했어요")]
    with db.engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("UPDATE answer SET outcome = 'nothing'"))
