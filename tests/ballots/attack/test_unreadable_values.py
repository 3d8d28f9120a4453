"""SQLite keeps whatever somebody writes in any column. A value that is none of its kind stops neither the closing of a
box nor the looks at the others."""

import json

import pytest

from civic_forum.ballots.box import closing_file, definition, watching
from civic_forum.ballots.counting import closing
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.published import heads
from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots import boxes
from tests.ballots.officials import both, bring_to_publication, two_confirm

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
A_ROW = " WHERE box_id = :box AND row_key = (SELECT max(row_key) FROM voter WHERE box_id = :box)"
A_PROMISE = " WHERE box_id = :box AND name = (SELECT max(name) FROM promise WHERE box_id = :box)"
DAMAGED, MISSING, LOST = {"damaged": 1}, {"missing": 1, "foreign": 1}, {"lost": 1}
COPY = ("INSERT INTO voter (box_id, row_key, channel, paper, sealed) "
        "SELECT box_id, CAST(row_key AS TEXT), channel, paper, sealed FROM voter")


def write(made, statement: str) -> None:
    """As somebody who has the file, whatever its tables ask for."""
    db.session.rollback()
    raw = db.engine.raw_connection()
    try:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        assert raw.execute(statement, {"box": made.id, "last": made.voters[-1]}).rowcount == 1
        raw.execute("PRAGMA ignore_check_constraints = OFF")
    finally:
        raw.close()


def voted(voters=5):
    made = boxes.box(voters)
    for voter in made.voters[:4]:
        made.cast(voter, 1)
    return made


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("statement, figures", [
    ("UPDATE voter SET sealed = 'text'" + A_ROW, DAMAGED),
    ("UPDATE voter SET sealed = CAST(x'ff' AS TEXT)" + A_ROW, DAMAGED),
    ("UPDATE voter SET sealed = 7" + A_ROW, DAMAGED),
    ("UPDATE voter SET channel = 'text'" + A_ROW, DAMAGED),
    ("UPDATE voter SET paper = 5000000000" + A_ROW, DAMAGED),
    ("UPDATE voter SET paper = 'text'" + A_ROW, {}),
    ("UPDATE voter SET paper = 0.5" + A_ROW, {}),
    ("UPDATE voter SET row_key = CAST(x'ff' AS TEXT)" + A_ROW, MISSING),
    (COPY + A_ROW, {"foreign": 1}),
    ("UPDATE promise SET sealed = 'text'" + A_PROMISE, {}),
    ("UPDATE promise SET name = CAST(x'ff' AS TEXT)" + A_PROMISE, {}),
    ("UPDATE roll_entry SET person = 'text' WHERE person = :last AND :box = :box", {"roll": 1}),
])
def test_a_text_that_is_no_value_of_its_column_is_counted_and_the_box_closes(town, caplog, statement, figures):
    made = voted()
    write(made, statement)
    watching.look()
    assert ("does not agree" in caplog.text) == bool(figures) and "cannot be compared" not in caplog.text
    clock.shift(4000)
    assert closing.close_due() == [made.id]
    frozen = closing_file.read(made.row)
    counted = {name: figure for name, figure in figures.items() if name != "roll"}  # that is an alarm alone
    assert {name: frozen.figures[name] for name in counted} == counted
    assert len(frozen.live) == sum(state == 1 for state in frozen.states.values())
    closing.finish(made.id, by=None)


@pytest.mark.in_turns(of=5)
def test_a_sheet_in_no_state_is_an_alarm_and_counted_as_handed_out(town, caplog):
    made, officials = voted(10), both(town)
    write(made, "INSERT INTO paper_sheet (box_id, number, state, by_post, withdrew) VALUES (:box, 1, 'text', 0, 0)")
    [found] = watching.look().values()
    assert found == watching.CLEAN | {"sheets": 1}
    clock.shift(4000)
    assert closing.close_due() == [made.id]
    closing.finish(made.id, by=None)
    two_confirm(ConfirmedAction.COUNT_ANYWAY, made.id, *officials, note="종이 한 장의 상태를 읽을 수 없어요.")
    bring_to_publication(made.id, *officials)
    paper = json.loads(made.row.result)["paper"]
    assert made.row.published_at and (paper["issued"], paper["unreturned"]) == (1, 1)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("column, value", [
    ("closes_at", "'text'"), ("closes_at", "x'ff'"), ("closes_at", "CAST(x'ff' AS TEXT)"), ("closes_at", "20260101"),
    ("opened_at", "'text'"), ("opened_at", "0.5")])
def test_a_box_without_an_instant_closes_as_any_other(town, caplog, column, value):
    spoiled, other = sorted([voted(), voted()], key=lambda made: made.id)
    write(spoiled, f"UPDATE ballot_box SET {column} = {value} WHERE id = :box")
    watching.look()
    assert f"ALARM: box {spoiled.id.hex()} has no instant in {column}" in caplog.text
    write(spoiled, f"UPDATE ballot_box SET {column} = {value} WHERE id = :box")
    clock.shift(4000)
    assert {*closing.close_due()} == {spoiled.id, other.id}
    for made in (spoiled, other):
        assert heads.newest(made.id).number == 1 and len(closing_file.read(made.row).live) == 4


def test_a_kept_head_that_cannot_be_read_delays_its_box_alone(town, caplog):
    spoiled, other = sorted([voted(), voted()], key=lambda made: made.id)
    kept = keyring._head(spoiled.id)
    content = kept.read_bytes()
    kept.write_bytes(content[:-1])
    definition._kept.clear()
    watching.look()
    clock.shift(4000)
    assert closing.close_due() == [other.id]
    assert spoiled.row.closed_at is not None and heads.newest(spoiled.id).number == 0
    kept.write_bytes(content)
    assert closing.close_due() == [spoiled.id]
