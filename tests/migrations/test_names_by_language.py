"""Names in other languages on sites of the release before."""

import pytest

from civic_forum.district import queries
from civic_forum.platform import migrations
from civic_forum.platform.base import db
from civic_forum.platform.i18n import Language, speaking

from . import filling

LISTS = ("neighbourhood", "department", "audience", "category", "reason", "ready_text")


@pytest.mark.in_turns(of=10)
def test_names_and_earlier_names_of_before_are_english_words(bare):
    before, after = filling.upgraded("0115")
    for table in LISTS:
        assert [(row["name_ko"], row["words"]) for row in after[table]] == [
            (row["name_ko"], {"en": row["name_en"]}) for row in before[table]]
        assert {row["earlier"][0][1] == {"en": row["earlier"][0][0].replace("옛 이름", "Old")}
                for row in after[table] if row["earlier"]} == {True}
    first = queries.neighbourhoods(closed=True)[0]
    with speaking(Language.EN):
        assert first.name == before["neighbourhood"][0]["name_en"] and "1 Old" in first.names.values()
    with speaking(Language.ZH):
        assert first.name == first.name_ko


def test_a_name_that_is_the_same_in_both_is_kept_once(bare):
    migrations.upgrade("0115")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE reason SET name_en = name_ko")
    migrations.upgrade()
    with db.engine.connect() as connection:
        assert {str(row["words"]) for row in filling.rows(connection)["reason"]} == {"{}"}
