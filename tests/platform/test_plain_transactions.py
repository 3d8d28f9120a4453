"""The transaction of a cast: it goes on where plain rows were read, and never with what somebody else left there."""

import pytest
import sqlalchemy as sa

from civic_forum.district.models import Department
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.work import unlogged_transaction

NAMES = sa.select(Department.__table__.c.name_ko)


def names():
    return db.session.connection().execute(NAMES).scalars().all()


def rename(name):
    """In another connection, committed at once."""
    with db.engine.begin() as other:
        other.execute(sa.update(Department.__table__).values(name_ko=name))


@pytest.fixture
def bare(town):
    """A department, and a session that holds no record."""
    number = town.department("도로과").id
    db.session.remove()
    return number


def test_it_sees_what_was_committed_after_the_first_reading(bare):
    assert names() == ["도로과"]
    rename("청소과")
    with unlogged_transaction():
        assert names() == ["청소과"]


def test_on_postgresql_it_goes_on_in_the_transaction_that_only_read(bare):
    names()
    before = db.session.connection()
    with unlogged_transaction():
        assert (db.session.connection() is before) == (not is_sqlite())


def test_records_that_were_read_before_are_read_again(bare):
    record = db.session.get(Department, bare)
    rename("청소과")
    with unlogged_transaction():
        assert record.name_ko == "청소과"


def test_a_token_changed_outside_is_refused(bare):
    db.session.add(Department(position=2, name_ko="공원과", words={"en": "Parks"}))
    with pytest.raises(RuntimeError), unlogged_transaction():
        pass
    db.session.rollback()
    assert names() == ["도로과"]


def test_a_refusal_leaves_nothing_and_an_act_leaves_no_audit_entry(bare):
    names()
    with pytest.raises(ZeroDivisionError), unlogged_transaction() as session:
        session.connection().execute(sa.update(Department.__table__).values(name_ko="공원과"))
        raise ZeroDivisionError
    assert names() == ["도로과"]
    with unlogged_transaction() as session:
        session.connection().execute(sa.update(Department.__table__).values(name_ko="공원과"))
    assert names() == ["공원과"] and db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 0
