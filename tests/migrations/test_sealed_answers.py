"""A filled district of the release before the answers were sealed: people find theirs again, counts are the same, and
nothing plain stays in a file."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

from civic_forum.opinions import computing, identities, keyring, operations, queries
from civic_forum.opinions.paper import queries as papers
from civic_forum.opinions.models import Consultation, OpinionMap, PaperTyping, Participant
from civic_forum.opinions.rules import Basis, Stage
from civic_forum.opinions.policy import stage_of
from civic_forum.platform import clock, database_copies, keys, migrations
from civic_forum.platform.base import db, is_sqlite

from . import filling

BEFORE, AFTER = "0050", "0051"
PLAIN, TYPED, PEOPLE = "plain component", "1213121312131213", 30
KEPT = {"components": [{PLAIN: 0.25}, {PLAIN: 0.5}], "steady": None, "priority": {"1": 4.5}, "counted": 30,
        "answers": 60}
STATEMENTS = {1: (1, 2), 3: (3,), 4: (4,)}
"""Their ids by consultation."""


def mark(consultation_id: int, basis: Basis, name: bytes) -> bytes:
    """As the release before made it."""
    return keys.keyed_hash("opinions", b"%d/%s/%s" % (consultation_id, basis.encode(), name), keys.FIRST)[:16]


def given(consultation_id: int, person: int) -> dict[int, int]:
    """Answers of somebody by the number of the statement."""
    numbers = (256, 257) if consultation_id == 1 else (consultation_id,)
    return dict(zip(numbers, (1 - person % 3, person % 2 - 1)))


def fill_consultations(connection: sa.Connection) -> None:
    """An open one, one in preparation, one that is over, and one whose marks went."""
    now = clock.now().replace(tzinfo=None)
    connection.execute(sa.text("DELETE FROM opinion_response"))
    connection.execute(sa.text("DELETE FROM opinion_participant"))
    connection.execute(sa.text("UPDATE statement SET number = 255 + id, consultation_id = 1 WHERE id < 3"))
    connection.execute(sa.text("UPDATE consultation SET opens_at = '2020-01-01', closes_at = '2090-01-01',"
                               " announced_at = '2020-01-01', marks_forgotten_at = NULL, verified_only = false"))
    connection.execute(sa.text("UPDATE consultation SET announced_at = NULL WHERE id = 2"))
    connection.execute(sa.text("UPDATE consultation SET closes_at = '2020-02-01' WHERE id IN (3, 4)"))
    connection.execute(sa.text("UPDATE consultation SET marks_forgotten_at = :now WHERE id = 4"), {"now": now})
    people, response = sa.table("opinion_participant", *map(sa.column, (
        "id", "consultation_id", "mark", "basis", "neighbourhood_id", "age_band", "answers", "group_name", "x", "y",
        "is_counted"))), sa.table("opinion_response", *map(sa.column, ("participant_id", "statement_id", "value")))
    for number in (1, 3, 4):
        for person in range(PEOPLE):
            row = 1_000 * number + person
            connection.execute(people.insert().values(
                id=row, consultation_id=number, basis="device", mark=mark(number, Basis.DEVICE, b"%d" % person),
                neighbourhood_id=1 if person % 2 else None, age_band="65+" if person % 3 else None, answers=2,
                group_name=str(person % 2), x=0.5, y=-person, is_counted=person != 7))
            for statement, (_number, value) in zip(STATEMENTS[number], given(number, person).items()):
                connection.execute(response.insert().values(participant_id=row, statement_id=statement, value=value))
    connection.execute(sa.text("UPDATE opinion_map SET number = 1, kept = :kept"), {"kept": json.dumps(KEPT)})
    connection.execute(sa.text("UPDATE opinion_paper_typing SET answers = :typed"), {"typed": TYPED})


@pytest.mark.in_turns(of=10)
def test_people_find_their_answers_again_and_nothing_plain_stays(bare, tmp_path):
    migrations.upgrade(BEFORE)
    with db.engine.begin() as connection:
        filling.fill(connection)
        fill_consultations(connection)
        before = filling.rows(connection)
    assert PLAIN.encode() in files(tmp_path / "before") or not is_sqlite()
    migrations.upgrade(AFTER)
    content = files(tmp_path / "after")
    for plain in (PLAIN.encode(), TYPED.encode(), b"opinion_response", mark(1, Basis.DEVICE, b"3")):
        assert plain not in content
    with db.engine.connect() as connection:
        after = filling.rows(connection)
    changed = {"consultation", "opinion_participant", "opinion_response", "opinion_map", "opinion_paper_typing",
               "opinion_tally"}
    assert {name: rows for name, rows in after.items() if name not in changed} == {
        name: rows for name, rows in before.items() if name not in changed}
    migrations.upgrade()
    asked = {one.id: one for one in db.session.scalars(sa.select(Consultation))}
    assert stage_of(asked[2]) is Stage.PREPARING and asked[4].key_destroyed_at and not asked[3].key_destroyed_at
    assert {one.room for one in asked.values()} == {256, 1_024}
    for number in (1, 3, 4):
        counts = operations.counts(asked[number])
        assert (counts.counted, counts.new) == (PEOPLE - 1, 1)
        assert queries.answers(number) == PEOPLE * len(STATEMENTS[number])
        for person in range(PEOPLE):
            who = identities.made(number, Basis.DEVICE, str(person)).value
            mine = queries.opened(keyring.keys(number), queries.participant(number, [who])[who])
            assert mine.content.answers == given(number, person)
            assert (mine.point.group, mine.point.y) == (str(person % 2), -person)
            assert (mine.content.neighbourhood_id, mine.content.age_band) == (
                1 if person % 2 else None, "65+" if person % 3 else None)
    secret = Path(bare.config["KEYS"]) / "opinions" / "1.key"
    assert secret.stat().st_mode & 0o777 == 0o600 and secret.parent.stat().st_mode & 0o777 == 0o700
    for result in db.session.scalars(sa.select(OpinionMap)):
        assert queries.kept(result) == KEPT
    for typing in db.session.scalars(sa.select(PaperTyping)):
        assert papers.typed(keyring.keys(typing.consultation_id), typing) == TYPED
    everybody, damaged = queries.everybody(keyring.keys(1), operations.counted(asked[1]))
    matrix = computing.matrix(everybody, [one for one in queries.statements(1) if one.number > 6])
    assert damaged == 0 and sorted(matrix.values.tolist()) == sorted(
        value for person in range(PEOPLE) for value in (1 - person % 3, person % 2 - 1))
    assert {len(row.sealed) for row in db.session.scalars(sa.select(Participant).filter_by(consultation_id=1))} == {
        37 + 256}


def files(copy: Path) -> bytes:
    """Bytes on the disk: SQLite's file and its log, or a dump."""
    db.session.remove()
    if is_sqlite():
        path = db.engine.url.database
        return b"".join(one.read_bytes() for one in (Path(path), Path(f"{path}-wal")) if one.exists())
    database_copies.copy(db.engine.url, copy)
    return sha256(copy.read_bytes()).digest()
