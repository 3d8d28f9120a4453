"""A filled district of the release before: duties that run, stand still and ended are those of its proposals."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling

BEFORE, AFTER = "0069", "0072"
OF_FORUMS = ("form", "department_id", "neighbourhood_id")
NEW = ("about_kind", "about_id", "department_id")
STATES = {1: "ended_at = NULL, ended_how = NULL, paused_on = NULL, step = NULL",
          2: "ended_at = NULL, ended_how = NULL, paused_on = '2030-05-02', step = 150",
          3: "ended_how = 'answered'", 4: "ended_how = 'referred', paused_on = '2030-05-02'"}


@pytest.mark.in_turns(of=10)
def test_no_duty_is_lost_and_each_is_about_its_proposal(bare):
    migrations.upgrade(BEFORE)
    with db.engine.begin() as connection:
        filling.fill(connection)
        for number, state in STATES.items():
            connection.execute(sa.text(f"UPDATE duty SET {state} WHERE id = :number"), {"number": number})
    with db.engine.connect() as connection:
        before = filling.rows(connection)
    migrations.upgrade(AFTER)
    with db.engine.connect() as connection:
        after = filling.rows(connection)
    about = [tuple(row.pop(name) for name in NEW) for row in after["duty"]]
    assert about == [(None, None, None)] * 4
    for row in after["forum"]:
        assert [row.pop(name) for name in OF_FORUMS] == ["forum", None, None]
    assert {name: after[name] for name in before} == before
    again = "INSERT INTO duty (proposal_id, kind, started_at, working_days, due_on{}) VALUES ({}, 'later', '{}', {}{})"
    for more, proposal, values in (("", "NULL", ""), (", about_kind, about_id", "NULL", ", 'forum_question', 1"), (
            ", about_kind, about_id, department_id", "1", ", 'forum_question', 1, 1"), ("", "1", "")):
        statement = again.format(more, proposal, "2030-05-01 09:00:00", "false, '2030-05-09'", values)
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            connection.execute(sa.text(statement))
