"""While a box is open SQLite's write-ahead log is cut off again and again, and nobody's reading keeps it from that."""

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from civic_forum.ballots.models import BallotBox, RollEntry
from civic_forum.ballots import queries as box_queries
from civic_forum.ballots.counting import closing
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.published import queries as log
from civic_forum.platform import clock, erasure, write_ahead
from civic_forum.platform.base import db
from tests.ballots import boxes


class Now:
    """A timer that has nothing to wait for."""

    def __init__(self, seconds, act, given):
        self.act, self.given = act, given
        waited.append(seconds)

    def start(self):
        self.act(*self.given)


waited: list[int] = []
NOTE_READER = write_ahead._note_reader


@pytest.fixture
def ahead(sqlite_app, monkeypatch):
    """The length of the log now; nobody looks at who reads, as sites of this process do."""
    monkeypatch.setattr(write_ahead, "_note_reader", lambda app, connection: None)
    monkeypatch.setattr(write_ahead, "threading", SimpleNamespace(Timer=Now))
    waited.clear()

    def length():
        db.session.rollback()
        return Path(f"{db.engine.url.database}-wal").stat().st_size

    return length


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_of_an_open_box_nothing_stands_in_the_log_for_long(town, ahead):
    made = boxes.box()
    made.cast(made.voters[0], 1)
    assert ahead() > 0
    write_ahead.keep_short()
    assert ahead() == 0 and waited == [10, 20, 30, 40, 50]


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_without_an_open_box_nothing_is_cut_off(town, ahead):
    made = boxes.box()
    clock.shift(4000)
    closing.close(made.id)
    before = ahead()
    write_ahead.keep_short()
    assert ahead() == before > 0 and waited == []


@pytest.fixture
def passed(monkeypatch):
    """Put the clock forward by so many seconds."""
    at = [time.monotonic()]
    monkeypatch.setattr(write_ahead, "time", SimpleNamespace(monotonic=lambda: at[0]))
    monkeypatch.setattr(erasure, "TRIES", 2)
    write_ahead._stuck.clear()
    return lambda seconds: at.append(at.pop() + seconds)


@pytest.fixture
def nobody_looks():
    """No timer that a site of this process has left behind."""
    while left := [timer for timer in threading.enumerate() if getattr(timer, "function", None) is write_ahead._watch]:
        for timer in left:
            timer.cancel()
            timer.join()
    with suppress(RuntimeError):
        write_ahead._watched.release()


@pytest.fixture
def look(nobody_looks, ahead, passed, monkeypatch):
    """Do as the process ten seconds later about all that it reads; True where it is going to look again."""
    due, listening, listen = [], [], sa.event.listen
    monkeypatch.setattr(write_ahead, "_later", lambda seconds, act, *given: due.append((seconds, act, given)))
    monkeypatch.setattr(write_ahead, "_note_reader", NOTE_READER)
    monkeypatch.setattr(write_ahead, "_watched", threading.Lock())
    monkeypatch.setattr(write_ahead, "_reading", {})
    with monkeypatch.context() as listened:
        listened.setattr(sa.event, "listen", lambda *given: (listening.append(given), listen(*given)))
        write_ahead.note_readers()

    def now() -> bool:
        [(seconds, act, given)] = due
        due.clear()
        act(*given)
        assert seconds == 10
        return bool(due)

    yield now
    for given in listening:
        sa.event.remove(*given)


@pytest.fixture
def reader(town, look):
    """A connection of the site that has begun to read, and what was written since."""
    made = boxes.box()
    with db.engine.connect() as connection:
        connection.execute(sa.select(BallotBox.id)).all()
        made.cast(made.voters[0], 1)
        assert not erasure.forget_deleted([])
        yield connection


def raw(connection) -> sqlite3.Connection:
    return connection.connection.dbapi_connection


ON_SQLITE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


@ON_SQLITE
def test_a_read_of_more_than_thirty_seconds_is_rolled_back(reader, look, passed):
    passed(30)
    assert look() and raw(reader).in_transaction
    passed(1)
    assert look() and not raw(reader).in_transaction
    assert erasure.forget_deleted([])
    reader.close()
    assert not look()


@ON_SQLITE
def test_a_statement_that_runs_for_so_long_is_refused(reader, look, passed):
    refused, begun = [], threading.Event()
    raw(reader).set_progress_handler(begun.set, 1000)

    def count_on():
        try:
            reader.execute(
                sa.text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n")
            )
        except sa.exc.OperationalError as error:
            refused.append(str(error.orig))

    running = threading.Thread(target=count_on)
    running.start()
    assert begun.wait(60)
    passed(31)
    look()
    running.join(20)
    raw(reader).set_progress_handler(None, 0)
    assert refused in (["interrupted"], ["not an error"]) and erasure.forget_deleted([])


@ON_SQLITE
def test_rows_that_are_fetched_slowly_end_with_a_refusal(reader, look, passed):
    rows = reader.execution_options(yield_per=1).execute(sa.select(RollEntry.person))
    rows.fetchone()
    passed(31)
    look()
    with pytest.raises(sa.exc.OperationalError, match="interrupted"):
        rows.all()
    look()
    assert erasure.forget_deleted([])


@ON_SQLITE
def test_the_log_of_one_vote_is_written_out_however_long_that_takes_beside_an_open_one(town, look, passed, monkeypatch):
    monkeypatch.setattr(log, "AT_ONCE", 7)
    made, _open = boxes.box(), boxes.box(closes=100_000)
    clock.shift(4000)
    assert closing.close(made.id)
    entries = iter(tallies.Entries(made.id))
    first = [next(entries) for _ in range(3)]
    passed(31)
    look()
    assert len(first + list(entries)) == 256 and len(set(tallies.Entries(made.id))) == 256


@ON_SQLITE
def test_a_write_is_not_rolled_back(reader, look, passed):
    with db.engine.connect() as writer:
        writer.execute(sa.update(BallotBox).values(subject="another"))
        passed(31)
        look()
        assert raw(writer).in_transaction and not raw(reader).in_transaction


@ON_SQLITE
def test_a_connection_that_was_given_on_meanwhile_is_left_to_whoever_writes(reader, look, passed, monkeypatch):
    """A worker has several threads. What is rolled back in the midst of writing goes on without a transaction."""
    other, taken, end, at = db.engine.connect(), [], write_ahead._end_long_reads, time.monotonic() + 31
    other.execute(sa.select(BallotBox.id)).all()
    given_on = raw(other)

    def meanwhile() -> float:
        if not taken:
            other.close()
            while not taken or raw(taken[-1]) is not given_on:
                taken.append(db.engine.connect().execution_options(sqlite_begin="IMMEDIATE"))
            taken[-1].begin()
        return at

    def end_with_another_thread() -> None:
        monkeypatch.setattr(write_ahead.time, "monotonic", meanwhile)
        end()

    monkeypatch.setattr(write_ahead, "_end_long_reads", end_with_another_thread)
    look()
    assert given_on.in_transaction and not raw(reader).in_transaction
    [connection.close() for connection in taken]


@ON_SQLITE
def test_without_an_open_box_everybody_reads_on(reader, look, passed):
    clock.shift(4000)
    [closing.close(box_id) for box_id in box_queries.open_ids()]
    passed(31)
    look()
    assert raw(reader).in_transaction


@ON_SQLITE
def test_another_process_that_reads_for_a_minute_is_named(town, ahead, passed, caplog):
    db.session.remove()
    db.engine.dispose()  # tests that copied the database's files ended the locks by which others know that it is open
    made = boxes.box()
    reading = subprocess.Popen([sys.executable, "-c", READS, db.engine.url.database], stdout=subprocess.PIPE,
                               stdin=subprocess.PIPE)
    try:
        assert reading.stdout.readline() == b"reads\n"
        made.cast(made.voters[0], 1)
        for seconds, alarms in ((0, 0), (59, 0), (1, 1), (59, 1), (1, 2)):
            passed(seconds)
            write_ahead.keep_short()
            found = [record.getMessage() for record in caplog.records if "ALARM" in record.message]
            assert len(found) == alarms, (seconds, found)
        assert all("another process reads" in text and f"{reading.pid} (" in text for text in found)
    finally:
        reading.communicate()
    write_ahead.keep_short()
    assert ahead() == 0 and not write_ahead._stuck


READS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN")
connection.execute("SELECT count(*) FROM ballot_box").fetchall()
print("reads", flush=True)
sys.stdin.read()
"""
