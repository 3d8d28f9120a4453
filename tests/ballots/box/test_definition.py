"""Tables that say otherwise than a box was opened with: nobody acts by them, and its end waits for nobody."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots import queries as box_queries
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.published import heads
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.rules.log import canonical_json
from civic_forum.ballots.box import definition, watching
from civic_forum.ballots.models import BallotBox, VoteNotice
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Unavailable
from tests.ballots import boxes
from tests.ballots.proofs import holds

LATER = timedelta(hours=2)


def altered(made, **values):
    """Somebody writes the table of boxes."""
    db.session.execute(sa.update(BallotBox.__table__).where(BallotBox.__table__.c.id == made.id).values(**values))
    db.session.commit()


def others(made):
    """Each column that somebody could gain by, with another value."""
    row = made.row
    return {"closes_at": row.closes_at + LATER, "opens_at": row.opens_at - LATER, "fingerprint": bytes(32),
            "key_sha256": bytes(32), "paper_until": row.closes_at + LATER, "publishes": "ballots",
            "roll_id": boxes.box(opened=False).roll_id,
            "rule": canonical_json(BoxRule(Kind.APPROVAL, 4, 4).to_json()).decode(),
            "definition": row.definition.replace("우리", "너희")}


@pytest.mark.parametrize("column", ["closes_at", "opens_at", "fingerprint", "key_sha256", "roll_id", "rule"])
def test_no_ballot_is_taken_by_another_instant_rule_or_key(town, caplog, column):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    form = made.form(made.voters[1], 1)
    altered(made, **{column: others(made)[column]})
    with pytest.raises(Unavailable, match="시작할 때와 달라서"):
        boxes.casting.cast(made.id, made.voters[1], form, boxes.Channel.ONLINE)
    assert f"ALARM: box {made.id.hex()} was opened with another {column}" in caplog.text and made.promises() == 1


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize("column", ["closes_at", "opens_at", "fingerprint", "key_sha256", "paper_until", "publishes",
                                    "roll_id", "rule", "definition"])
def test_any_change_is_an_alarm_within_a_minute_and_the_box_closes_as_it_was_opened(town, caplog, column):
    made = boxes.box(12)
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    before = made.row
    opened = {name: getattr(before, name) for name in definition.of(made.id)}
    altered(made, **{column: others(made)[column]})
    watching.look()
    assert f"was opened with another {column}" in caplog.text
    with pytest.raises(Unavailable):
        box_queries.held(made.id)
    db.session.rollback()
    clock.shift(3700)
    assert closing.close_due() == [made.id]
    after = made.row
    assert {name: getattr(after, name) for name in opened} == opened and after.closed_at >= opened["closes_at"]
    publication.carry_on(made.id, by=None)
    assert made.row.recorded_at is not None


def test_a_box_whose_end_was_moved_back_is_not_closed_before_its_time(town):
    made = boxes.box()
    altered(made, closes_at=database_now() - timedelta(minutes=1), opens_at=database_now() - LATER)
    assert not closing.close_if_due(made.id) and closing.close_due() == [] and made.row.closed_at is None


@pytest.mark.both
def test_the_table_has_it_where_the_file_is_lost_and_without_both_nobody_acts(town, caplog):
    made = boxes.box()
    path = keyring.beside_keys(made.id, definition.SUFFIX)
    path.write_text(path.read_text("utf-8") + " ", "utf-8")
    definition._kept.clear()
    assert holds(made.cast(made.voters[0], 1))
    definition._kept.clear()
    altered(made, definition="{}")
    with pytest.raises(Unavailable, match="없어져서"):
        box_queries.held(made.id)
    assert f"ALARM: the definition of box {made.id.hex()} is lost" in caplog.text


def unreadable(made, columns):
    """Somebody writes what is no instant on either database, and passes its checks."""
    values = ", ".join(f"{name} = '{'-' * (name == 'opens_at')}infinity'" for name in columns)
    db.session.execute(sa.text(f"UPDATE ballot_box SET {values} WHERE id = :box"), {"box": made.id})
    db.session.commit()


def told(made):
    return db.session.scalars(sa.select(VoteNotice.text).filter_by(subject=made.row.subject, kind="alarm")).all()


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize("column", [column.name for column in definition.INSTANTS])
def test_a_text_that_is_no_instant_is_put_back_within_a_minute_with_an_alarm(town, caplog, column):
    spoiled, other = boxes.box(), boxes.box()
    before = {one.name: getattr(spoiled.row, one.name) for one in definition.INSTANTS}
    unreadable(spoiled, [column])
    watching.look()
    assert closing.close_due() == [] and heads.newest(other.id).number == 0
    assert f"ALARM: box {spoiled.id.hex()} has no instant in {column}" in caplog.text and told(other) == []
    [text] = told(spoiled)
    assert text.startswith("투표함에 적힌 때를 누가 알아볼 수 없게 바꿔서")
    opening = heads.newest(spoiled.id).at
    expected = before | ({column: opening} if column in ("created_at", "opened_at") else {})
    assert {one.name: getattr(spoiled.row, one.name) for one in definition.INSTANTS} == expected


@pytest.mark.both
def test_without_any_instant_it_is_closed_counted_recorded_and_verified_and_says_what_happened(town, caplog):
    made = boxes.box(12)
    for voter in made.voters[:11]:
        made.cast(voter, 1)
    every = [column.name for column in definition.INSTANTS]
    unreadable(made, every)
    clock.shift(3700)
    assert closing.close_due() == [made.id] and heads.newest(made.id).number == 1
    closed_at = made.row.closed_at.replace(microsecond=0)
    unreadable(made, every)
    publication.carry_on(made.id, by=None)
    after = made.row
    assert after.recorded_at is not None and after.closed_at == closed_at and len(told(made)) == 1
    assert caplog.text.count("has no instant in") == 2


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("text", ["{}", "", "not json", '{"closes_at":"2001-01-01T00:00:00Z"}'])
def test_a_definition_lost_in_file_and_table_delays_the_head_but_never_the_close(town, caplog, text):
    made = boxes.box(12)
    receipts = [made.cast(voter, 1) for voter in made.voters[:11]]
    form, written = made.form(made.voters[11], 1), made.row.definition
    path = keyring.beside_keys(made.id, definition.SUFFIX)
    path.rename(path.with_suffix(".away"))
    definition._kept.clear()
    altered(made, definition=text)
    assert not closing.close_if_due(made.id) and closing.close_due() == [] and made.row.closed_at is None
    clock.shift(4000)
    assert closing.close_due() == [] and not closing.close_if_due(made.id)
    before = made.row.closed_at
    assert before is not None and heads.newest(made.id).kind == "opening"
    assert f"ALARM: the closing of box {made.id.hex()} is delayed" in caplog.text
    assert db.session.scalar(sa.select(VoteNotice.text).filter_by(kind="alarm")).startswith("투표를 시작할 때의 내용이 없어져서")
    with pytest.raises(Unavailable):
        boxes.casting.cast(made.id, made.voters[11], form, boxes.Channel.ONLINE)
    path.with_suffix(".away").rename(path)
    assert closing.close_due() == [made.id]
    after = made.row
    assert (after.closed_at, after.definition) == (before, written)
    assert {one.leaf for one in receipts} < {leaf.hash for leaf in log.leaves(made.id)}
    entry, = db.session.scalars(sa.select(AuditEntry).filter_by(action="ballot_box.closed"))
    assert entry.subject == f"ballot_box:{made.id.hex()}"
    publication.carry_on(made.id, by=None)
    assert made.row.recorded_at is not None


def test_no_end_that_a_table_alone_says_brings_a_box_to_its_close_early(town):
    """Unless the definition is lost as well: nothing is cast then whoever says so."""
    made = boxes.box()
    altered(made, closes_at=database_now() - timedelta(minutes=1), opens_at=database_now() - LATER, definition="{}")
    assert closing.close_due() == [] and made.row.closed_at is None


def test_a_box_that_nobody_opened_has_none(town):
    made = boxes.box(opened=False)
    assert definition.of(made.id) is None and heads.newest(made.id) is None
    assert box_queries.held(made.id).id == made.id
