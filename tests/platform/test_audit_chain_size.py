"""The chain over a log of 200,000 entries: seconds that are printed, and memory that does not grow with it."""

import time
import tracemalloc

import pytest
import sqlalchemy as sa

from civic_forum.platform import audit_chain, clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db

LARGE = pytest.param(200_000, marks=pytest.mark.long)
AT_ONCE, MOST_BYTES = 5_000, 12_000_000


def write(count):
    for begin in range(0, count, AT_ONCE):
        db.session.execute(sa.insert(AuditEntry), [
            {"at": clock.now(), "actor_id": number % 1_000 + 1, "action": "proposals.supported",
             "subject": f"proposal:{number}", "details": {"reason": "이유", "number": number}}
            for number in range(begin, min(begin + AT_ONCE, count))])
        db.session.commit()


def most_bytes(act):
    tracemalloc.start()
    try:
        act()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("count", [3_000, LARGE])
def test_a_large_log_is_linked_exported_and_checked_in_pieces(town, count):
    write(count)
    seconds = {}
    for act in (audit_chain.link, audit_chain.export, lambda: list(audit_chain.faults())):
        began = time.process_time()
        done = act()
        seconds[act.__name__] = round(time.process_time() - began, 1)
    print(count, seconds)
    assert done == [] and audit_chain.counts() == (count, 0, 0)
    for path in audit_chain._folder().iterdir():
        path.unlink()
    assert most_bytes(audit_chain.export) < MOST_BYTES
    assert most_bytes(lambda: list(audit_chain.faults())) < MOST_BYTES
