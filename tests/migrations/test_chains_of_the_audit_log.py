"""A log of the release before: its links hold, what waits is joined, and what is written now is in a chain."""

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from civic_forum.platform import audit_chain, migrations
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case

BEFORE, AFTER = "0052", "0053"
THEN = datetime(2026, 5, 1, tzinfo=timezone.utc)
LINKS = sa.table("audit_link", *map(sa.column, ("number", "entry_id", "at", "facts", "salt", "details", "head")))


def put_in(connection, number, subject):
    connection.execute(sa.text("INSERT INTO audit_entry (id, at, action, subject, details)"
                               " VALUES (:id, :at, 'tests.written', :subject, '{\"of\": \"옛날\"}')"),
                       {"id": number, "at": (THEN + timedelta(minutes=number)).replace(tzinfo=None),
                        "subject": subject})


@pytest.mark.in_turns(of=10)
def test_old_links_hold_what_waits_is_joined_and_what_follows_is_chained(bare):
    migrations.upgrade(BEFORE)
    head, digest = audit_chain.BEGINNING, audit_chain._digest
    with db.engine.begin() as connection:
        for number in (1, 2, 3, 4):
            put_in(connection, number, f"thing:{number}")
        for number in (1, 2):  # as the release before made a link, digest by digest
            at, salt = THEN + timedelta(hours=1), bytes(16)
            facts = digest([number, (THEN + timedelta(minutes=number)).isoformat(), None, "tests.written",
                            f"thing:{number}"])
            details = digest([salt.hex(), {"of": "옛날"}])
            head = digest([head.hex(), number, number, at.isoformat(), facts.hex(), details.hex()])
            connection.execute(LINKS.insert().values(number=number, entry_id=number, at=at.replace(tzinfo=None),
                                                     facts=facts, salt=salt, details=details, head=head))
    migrations.upgrade(AFTER)
    assert list(audit_chain.faults()) == [] and audit_chain.counts() == (2, 2, 0)
    migrations.upgrade()
    with db.engine.begin() as connection:  # a sequence does not count what was written with a number
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER SEQUENCE audit_entry_id_seq RESTART WITH 5")
    with use_case(None) as work:
        work.record("tests.written", "thing:5")
    assert audit_chain.link() == 3 and list(audit_chain.faults()) == []
    db.session.remove()
    with db.engine.begin() as connection:
        put_in(connection, 6, "thing:6")
    assert list(audit_chain.faults()) == ["Entry 6 was put in: it is in no chain."]
