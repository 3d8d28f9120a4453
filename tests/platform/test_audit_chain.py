"""The chain over the audit log: what it finds, on both databases."""

import json
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from civic_forum.platform import audit_chain, clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.audit_chain import AuditLink, Settled
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case

THEN = datetime(2026, 5, 1, tzinfo=timezone.utc)


@pytest.fixture
def chain(town):
    """The chain of a site in whose log something stands already; linked."""
    audit_chain.link()
    write(5)
    audit_chain.link()
    assert list(audit_chain.faults()) == []


def write(count):
    with use_case(None) as work:
        for number in range(count):
            work.record("tests.written", f"thing:{number}", reason="이유", number=number)


def do(statement):
    db.session.execute(statement)
    db.session.commit()
    db.session.remove()


def last(column=AuditEntry.id):
    return db.session.scalar(sa.select(sa.func.max(column)))


@pytest.mark.parametrize("change", [{"subject": "thing:9"}, {"actor_id": 7}, {"details": {"reason": "other"}},
                                    {"at": THEN - timedelta(days=1)}])
def test_a_changed_entry_is_named(chain, change):
    which = last() - 2
    do(sa.update(AuditEntry).where(AuditEntry.id == which).values(**change))
    assert list(audit_chain.faults()) == [f"Entry {which} was changed."]


def test_a_missing_entry_is_named(chain):
    which = last() - 2
    do(sa.delete(AuditEntry).where(AuditEntry.id == which))
    assert list(audit_chain.faults()) == [f"Entry {which} is missing."]


def test_an_entry_put_in_below_is_named_before_and_after_it_is_linked(chain):
    which = last() - 2
    for table, column in ((AuditLink, AuditLink.entry_id), (AuditEntry, AuditEntry.id)):
        do(sa.update(table).where(column > which).values({column.key: column + 100}))  # a free number in between
    do(sa.delete(AuditLink))
    (audit_chain._folder() / "head.json").unlink()
    audit_chain.link()
    clock.shift(7200)
    do(sa.insert(AuditEntry).values(id=which + 1, at=clock.now(), action="a.b", subject="x:1", details={}))
    assert list(audit_chain.faults()) == [f"Entry {which + 1} was put in later."]
    audit_chain.link()
    assert list(audit_chain.faults()) == [f"Entry {which + 1} was put in later."]


def test_an_entry_with_a_moment_of_long_ago_is_named(chain):
    clock.shift(3 * 3600)
    which = last() + 1
    do(sa.insert(AuditEntry).values(id=which, at=clock.now() - timedelta(hours=5), action="a.b", subject="x:1",
                                    details={}))
    assert list(audit_chain.faults()) == [f"Entry {which} was put in later."]


def test_a_tail_taken_away_with_its_links_is_seen_by_the_head_beside_the_keys(chain):
    which, number = last(), last(AuditLink.number)
    do(sa.delete(AuditEntry).where(AuditEntry.id == which))
    do(sa.delete(AuditLink).where(AuditLink.number == number))
    assert list(audit_chain.faults()) == [
        f"Link {number} (entry {which}) was noted beside the keys and is missing."]


def test_a_chain_made_anew_is_not_the_exported_one(chain):
    audit_chain.export()
    do(sa.update(AuditEntry).where(AuditEntry.id == last()).values(subject="thing:9"))
    do(sa.delete(AuditLink))
    audit_chain.link()
    found = list(audit_chain.faults())
    assert len(found) == last(AuditLink.number) and all("noted beside the keys" in fault for fault in found)


def test_a_day_is_exported_once_and_the_next_goes_on_without_a_word_of_an_entry(chain):
    first = audit_chain.export()
    assert audit_chain.export() is None
    clock.shift(86_400)
    assert audit_chain.export() is None
    write(2)
    audit_chain.link()
    second = audit_chain.export()
    lines = [json.loads(line) for path in (first, second) for line in path.read_text().splitlines()]
    assert [line["number"] for line in lines] == list(range(1, last(AuditLink.number) + 1))
    assert "이유" not in first.read_text() and "tests.written" not in first.read_text()
    assert list(audit_chain.faults()) == []


def test_details_can_go_and_the_chain_holds(chain):
    which = last()
    do(sa.update(AuditEntry).where(AuditEntry.id == which).values(details={}))
    do(sa.update(AuditLink).where(AuditLink.entry_id == which).values(salt=None))
    assert list(audit_chain.faults()) == [] and audit_chain.counts()[1:] == (0, 1)


def test_an_entry_that_commits_after_a_higher_one_is_linked_too(chain):
    which = last()
    do(sa.insert(AuditEntry).values(id=which + 2, at=clock.now(), action="a.b", subject="x:2", details={}))
    assert audit_chain.link() == 1
    do(sa.insert(AuditEntry).values(id=which + 1, at=clock.now(), action="a.b", subject="x:1", details={}))
    assert audit_chain.link() == 1 and list(audit_chain.faults()) == []


def test_an_entry_is_settled_after_an_hour():
    settled = Settled()
    assert not settled.is_late(10, THEN, THEN)
    assert not settled.is_late(9, THEN, THEN + timedelta(minutes=59))
    assert settled.is_late(8, THEN, THEN + timedelta(minutes=60))
