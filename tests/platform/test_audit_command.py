"""`bin/civic-forum audit check` as a process: its sentences and its exit code, on both databases."""

import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

import config
from civic_forum.platform import audit_chain, clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.audit_chain import AuditLink
from tests.platform.test_audit_chain import chain, do, last, write  # noqa: F401
from tests.servers import forks

CHANGED = {"subject": "thing:9"}


@pytest.fixture
def check(app, chain, tmp_path):  # noqa: F811
    """Runs the command on this district: exit code, lines and refusal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}
    given = {name: str(app.config[name]) for name in ("SECRET_KEY", "DATABASE_URL", "KEYS")}

    def run():
        ended = forks.Command(["--data", app.config["DATA"], "audit", "check"],
                              kept | {f"{config.PREFIX}{name}": value for name, value in given.items()},
                              config.ROOT).ended()
        assert "Traceback" not in ended.stderr
        return ended.returncode, ended.stdout.splitlines(), ended.stderr.strip()

    yield run
    shutil.rmtree(Path(app.config["KEYS"]) / "audit", ignore_errors=True)


def refused(*faults):
    return 1, list(faults), f"The audit log is not as it was written; faults: {len(faults)}."


@pytest.mark.in_turns(of=5)
def test_an_untouched_log_passes(check):
    links = last(AuditLink.number)
    write(1)
    assert check() == (0, [f"{links} entries follow each other; 1 wait to be linked, 0 without their details."], "")


@pytest.mark.in_turns(of=5)
def test_changed_missing_and_inserted_entries_are_named(check):
    which = last() - 3
    do(sa.update(AuditEntry).where(AuditEntry.id == which).values(CHANGED))
    do(sa.delete(AuditEntry).where(AuditEntry.id == which + 1))
    clock.shift(7200)
    do(sa.insert(AuditEntry).values(id=last() + 1, at=clock.now(), action="a.b", subject="x:1", details={}))
    audit_chain.link()
    do(sa.insert(AuditEntry).values(id=-1, at=clock.now(), action="a.b", subject="x:1", details={}))
    assert check() == refused(f"Entry {which} was changed.", f"Entry {which + 1} is missing.",
                              f"The entry before {which + 2} in its chain is missing.",
                              f"Entry {last()} was put in: it is in no chain.", "Entry -1 was put in later.")


@pytest.mark.both
def test_swapped_entries_are_named(check):
    one, other = last() - 2, last() - 1
    for entry, number in ((one, -1), (other, one), (-1, other)):
        do(sa.update(AuditEntry).where(AuditEntry.id == entry).values(id=number))
    assert check() == refused(f"Entry {one} was changed.", f"Entry {other} was changed.")


def cut(count):
    """An end taken away, entries and links."""
    do(sa.delete(AuditEntry).where(AuditEntry.id > last() - count))
    do(sa.delete(AuditLink).where(AuditLink.number > last(AuditLink.number) - count))


@pytest.mark.in_turns(of=10)
@pytest.mark.both
def test_a_cut_end_is_named_also_once_others_have_grown_over_it(check):
    number, which = last(AuditLink.number), last()
    cut(2)
    assert check() == refused(f"Link {number} (entry {which}) was noted beside the keys and is missing.")
    write(4)
    first = last() - 3
    audit_chain.link()
    assert check() == refused(f"The entry before {first} in its chain is missing.",
                              f"Link {number} is not the one that was noted beside the keys.")


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("exported", [True, False])
def test_a_chain_made_anew_is_named_also_once_it_has_grown(check, exported):
    if exported:
        audit_chain.export()
    links, which = last(AuditLink.number), last()
    do(sa.update(AuditEntry).where(AuditEntry.id == which).values(CHANGED))
    do(sa.delete(AuditLink))
    for _grown in range(2):
        audit_chain.link()
        numbers = range(1, links + 1) if exported else [links]
        assert check() == refused(*(f"Link {one} is not the one that was noted beside the keys." for one in numbers),
                                  f"Entry {which} was changed.")
        write(1)


@pytest.mark.in_turns(of=5)
def test_details_without_a_word_of_salt_are_named(check):
    do(sa.update(AuditLink).where(AuditLink.entry_id == last()).values(salt=b""))
    assert check() == refused(f"Entry {last()} was changed.")


@pytest.mark.in_turns(of=5)
def test_a_file_beside_the_keys_that_cannot_be_read_is_named(check):
    audit_chain.export().write_text("[]\n")
    code, said, refusal = check()
    assert (code, said) == (1, []) and "cannot be read" in refusal
