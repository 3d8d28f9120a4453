"""The chains in which connections write the audit log: what was done to entries that no job has joined yet."""

from threading import Event, Thread

import pytest
import sqlalchemy as sa

from civic_forum.platform import audit_chain, keys
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.audit_chain import AuditLink
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.work import use_case
from tests.running.machine import patience

from .test_audit_chain import connect_anew, do, last, write


@pytest.fixture
def log(town):
    """A log of which four entries wait to be joined."""
    connect_anew()
    write(3)
    audit_chain.link()
    write(4)
    assert list(audit_chain.faults()) == []


def chains():
    """Places by chain, in order of the entries."""
    found: dict[int, list[int]] = {}
    for chain, place in db.session.execute(sa.select(AuditEntry.chain, AuditEntry.place).order_by(AuditEntry.id)):
        found.setdefault(chain, []).append(place)
    return [*found.values()]


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("change", [{"subject": "thing:9"}, {"actor_id": 7}, {"details": {"reason": "other"}},
                                    {"action": "tests.other"}, {"seal": bytes(32)}])
def test_an_entry_of_the_last_minute_that_was_changed_is_named_before_and_after_it_is_joined(log, change):
    which = last() - 1
    do(sa.update(AuditEntry).where(AuditEntry.id == which).values(**change))
    said = [f"Entry {which}", *([f"Entry {which + 1}"] if "seal" in change else [])]  # the next seal is over this one
    for _joined in range(2):
        assert list(audit_chain.faults()) == [f"{entry} was changed." for entry in said]
        audit_chain.link()


@pytest.mark.both
def test_one_left_out_in_the_last_minute_is_named_before_and_after_the_others_are_joined(log):
    which = last() - 2
    do(sa.delete(AuditEntry).where(AuditEntry.id == which))
    for _joined in range(2):
        assert list(audit_chain.faults()) == [f"The entry before {which + 1} in its chain is missing."]
        audit_chain.link()


def test_the_end_of_a_chain_is_missed_once_its_connection_writes_again(log):
    do(sa.delete(AuditEntry).where(AuditEntry.id == last()))
    assert list(audit_chain.faults()) == []  # known: nobody else knows of it yet
    write(1)
    assert list(audit_chain.faults()) == [f"The entry before {last()} in its chain is missing."]


@pytest.mark.both
def test_one_put_in_is_named_at_once_in_a_chain_or_in_none(log):
    copied = {column.key: getattr(db.session.get(AuditEntry, last()), column.key) for column in AuditEntry.__table__.c}
    other, which = copied | {"id": last() + 1, "place": copied["place"] + 1}, last()
    for values, fault in ((other, "was changed."), (other | {"chain": 7, "place": 1}, "was changed."),
                          (other | {"chain": None}, "was put in: it is in no chain.")):
        do(sa.insert(AuditEntry).values(values))
        assert list(audit_chain.faults()) == [f"Entry {which + 1} {fault}"]
        do(sa.delete(AuditEntry).where(AuditEntry.id > which))


@pytest.mark.both
def test_a_rollback_leaves_no_gap(log):
    def fail(error):
        with use_case(None) as work:
            work.record("tests.failed", "thing:1")
            db.session.flush()
            raise error

    for error in (ZeroDivisionError(), sa.exc.IntegrityError("", None, Exception())):
        with pytest.raises((ZeroDivisionError, Conflict)):
            fail(error)
        write(2)
    with use_case(None) as work:
        work.record("tests.kept", "thing:1")
        db.session.flush()
        point = db.session.begin_nested()
        work.record("tests.failed", "thing:2")
        db.session.flush()
        point.rollback()
        work.record("tests.kept", "thing:3")
    assert list(audit_chain.faults()) == []
    assert [len(places) for places in chains()] == [7, 2, 3, 1]
    assert all(places == [*range(1, len(places) + 1)] for places in chains())


def test_a_reader_begins_no_chain(log):
    for _read in range(3):
        db.session.scalar(sa.select(AuditEntry.id).limit(1))
        db.session.rollback()
        write(1)
    assert len(chains()) == 1 and list(audit_chain.faults()) == []


@pytest.mark.servers
def test_two_write_at_once_and_neither_waits(postgres_app):
    """The second commits while the first has written and not committed; each has a chain of its own."""
    with postgres_app.app_context():
        connect_anew()
        do(sa.delete(AuditLink))
        do(sa.delete(AuditEntry))
        wrote, go_on, done = Event(), Event(), Event()

        def first():
            with postgres_app.app_context(), use_case(None) as work:
                work.record("tests.first", "thing:1")
                db.session.flush()
                wrote.set()
                go_on.wait(patience(20))

        def second():
            with postgres_app.app_context():
                write(2)
                done.set()

        threads = [Thread(target=act) for act in (first, second)]
        threads[0].start()
        assert wrote.wait(patience(20))
        threads[1].start()
        try:
            assert done.wait(patience(10)), "a writer waits for another"
            audit_chain.link()
        finally:
            go_on.set()
            for thread in threads:
                thread.join()
        assert sorted(chains()) == [[1], [1, 2]] and audit_chain.link() == 1
        assert list(audit_chain.faults()) == [] and audit_chain.counts() == (3, 0, 0)
        for table in (AuditLink, AuditEntry):
            do(sa.delete(table))


def test_seals_of_an_older_key_hold(log, tmp_path, monkeypatch):
    monkeypatch.setattr(keys, "_masters", lambda known=keys._masters(): (*known, bytes(32)))
    write(1)
    assert list(audit_chain.faults()) == []


def test_details_are_sealed_as_they_are_read_again(log):
    with use_case(None) as work:
        work.record("tests.written", "thing:1", of={10: "열", 9: ("아홉", 1.5, None)})
    assert list(audit_chain.faults()) == []
