"""The chain over the audit log: what it finds, on both databases."""

import json
import logging
import shutil
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from civic_forum.platform import audit_chain, clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.audit_chain import AuditLink, Settled
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.common import commit, let_go
from tests.factories import saved

THEN = datetime(2026, 5, 1, tzinfo=timezone.utc)


def connect_anew():
    """Connections without a chain, and no noted head: those of the test before are of a log that is gone."""
    shutil.rmtree(audit_chain._folder(), ignore_errors=True)
    let_go()


@pytest.fixture
def chain(town):
    """The chain of a site in whose log something stands already; linked."""
    connect_anew()
    audit_chain.link()
    write(5)
    audit_chain.link()
    assert list(audit_chain.faults()) == []


def write(count):
    with use_case(None) as work:
        for number in range(count):
            work.record("tests.written", f"thing:{number}", reason="이유", number=number)


def do(statement):
    commit(statement)
    db.session.remove()


def last(column=AuditEntry.id):
    return db.session.scalar(sa.select(sa.func.max(column)))


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("change", [{"subject": "thing:9"}, {"actor_id": 7}, {"details": {"reason": "other"}},
                                    {"at": THEN - timedelta(days=1)}])
def test_a_changed_entry_is_named(chain, change):
    which = last() - 2
    do(sa.update(AuditEntry).where(AuditEntry.id == which).values(**change))
    assert list(audit_chain.faults()) == [f"Entry {which} was changed."]


@pytest.mark.both
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
    assert list(audit_chain.faults()) == [f"Entry {which + 1} was put in later.",
                                          f"Entry {which + 1} was put in: it is in no chain."]


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
    assert list(audit_chain.faults()) == [f"Link {number} (entry {which}) was noted beside the keys and is missing."]


@pytest.mark.both
def test_a_link_that_is_gone_from_the_middle_is_named_with_what_was_noted(chain):
    audit_chain.export()
    number, which = last(AuditLink.number) - 2, last() - 2
    do(sa.delete(AuditEntry).where(AuditEntry.id == which))
    do(sa.delete(AuditLink).where(AuditLink.number == number))
    assert list(audit_chain.faults()) == [
        f"Links {number} to {number} are missing.",
        f"Link {number} (entry {which}) was noted beside the keys and is missing.",
        f"The entry before {which + 1} in its chain is missing."]


def test_a_log_of_which_nothing_was_noted_is_judged_by_its_chain(chain):
    shutil.rmtree(audit_chain._folder())
    assert list(audit_chain.faults()) == []
    do(sa.update(AuditEntry).where(AuditEntry.id == last()).values(subject="thing:9"))
    assert list(audit_chain.faults()) == [f"Entry {last()} was changed."]


def test_details_that_stay_though_they_were_to_go_are_named(chain):
    do(sa.update(AuditLink).where(AuditLink.entry_id == last()).values(salt=None))
    assert list(audit_chain.faults()) == [f"Entry {last()} has details that were taken away."]


def test_a_head_is_noted_once_for_each_that_is_new(chain):
    noted = audit_chain._folder() / "head.json"
    before = noted.read_bytes(), noted.stat().st_ino
    assert audit_chain.link() == 0 and (noted.read_bytes(), noted.stat().st_ino) == before
    write(1)
    assert audit_chain.link() == 1 and noted.read_bytes() != before[0]


def test_a_head_over_another_chain_is_never_noted_and_the_log_of_the_site_says_so(chain, caplog):
    caplog.set_level(logging.ERROR)
    before = (audit_chain._folder() / "head.json").read_bytes()
    do(sa.update(AuditEntry).where(AuditEntry.id == last()).values(subject="thing:9"))
    do(sa.delete(AuditLink))
    write(1)
    audit_chain.link()
    assert (audit_chain._folder() / "head.json").read_bytes() == before
    assert ["`audit check` says more" in one.getMessage() for one in caplog.records] == [True]


def test_entries_are_looked_for_so_far_below_the_highest_link_and_no_further(chain, monkeypatch):
    monkeypatch.setattr(audit_chain, "WINDOW", 3)
    highest = last() + 10
    values = {"action": "a.b", "subject": "x:1", "details": {}}
    for which, linked in ((highest, 1), (highest - 3, 0), (highest - 2, 1)):
        do(sa.insert(AuditEntry).values(id=which, at=clock.now(), **values))
        assert audit_chain.link() == linked


def test_entries_after_the_export_of_a_day_are_in_that_of_the_next(chain):
    first = audit_chain.export()
    before = first.read_bytes()
    write(1)
    audit_chain.link()
    assert audit_chain.export() is None and first.read_bytes() == before


def test_the_folder_beside_the_keys_is_made_where_it_is_gone(chain):
    shutil.rmtree(audit_chain._folder())
    assert len(audit_chain.export().read_text().splitlines()) == last(AuditLink.number)
    assert audit_chain._folder().stat().st_mode & 0o777 == 0o700


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


@pytest.mark.both
def test_details_can_go_and_the_chain_holds(chain):
    which = last()
    do(sa.update(AuditEntry).where(AuditEntry.id == which).values(details={}))
    do(sa.update(AuditLink).where(AuditLink.entry_id == which).values(salt=None))
    assert list(audit_chain.faults()) == [] and audit_chain.counts()[1:] == (0, 1)


@pytest.mark.both
def test_an_entry_that_commits_after_a_higher_one_is_linked_too(chain):
    which = last()
    for number in (which + 2, which + 1):
        saved(AuditEntry(id=number, at=clock.now(), action="a.b", subject=f"x:{number}", details={}))
        assert audit_chain.link() == 1
    assert list(audit_chain.faults()) == []


def test_a_moment_is_late_more_than_an_hour_before_a_settled_one():
    settled = Settled()
    settled.is_late(1, THEN, THEN)
    assert not settled.is_late(2, THEN - audit_chain.SETTLED, THEN + timedelta(hours=1))
    assert settled.is_late(3, THEN - audit_chain.SETTLED - timedelta.resolution, THEN + timedelta(hours=1))


def test_one_of_those_that_were_linked_together_is_remembered():
    settled = Settled()
    for number in range(1, 100):
        settled.is_late(number, THEN, THEN + timedelta(minutes=number // 50))
    assert [highest for _linked, highest, _moment in settled.fresh] == [49, 99]


def test_an_entry_is_settled_after_an_hour():
    settled = Settled()
    assert not settled.is_late(10, THEN, THEN)
    assert not settled.is_late(9, THEN, THEN + timedelta(minutes=59))
    assert settled.is_late(8, THEN, THEN + timedelta(minutes=60))
