import threading
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from civic_forum.district.models import Department
from civic_forum.platform import events, hooks
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.site_version import current
from civic_forum.platform.work import use_case


@dataclass(frozen=True)
class Painted:
    department_id: int


def department(name="도로과"):
    return Department(position=1, name_ko=name, words={"en": name})


def test_an_act_is_committed_recorded_and_told(town):
    heard = []
    events.on(Painted)(heard.append)
    with use_case(None) as work:
        made = department()
        work.session.add(made)
        work.record("district.painted", made, colour="blue")
        work.emit(Painted(made.id))
        assert heard == []
    entry = db.session.scalar(sa.select(AuditEntry))
    assert (entry.action, entry.subject, entry.details) == ("district.painted", f"department:{made.id}",
                                                            {"colour": "blue"})
    assert heard == [Painted(made.id)]


def test_a_failing_hook_undoes_everything_and_nothing_is_told(town):
    heard = []
    events.on(Painted)(heard.append)

    @hooks.on(Painted)
    def fail(fact, session):
        raise ZeroDivisionError

    try:
        with pytest.raises(ZeroDivisionError), use_case(None) as work:
            work.session.add(department())
            work.emit(Painted(0))
    finally:
        hooks._listeners[Painted].remove(fail)
    assert heard == [] and db.session.scalar(sa.select(sa.func.count()).select_from(Department)) == 0


def test_a_use_case_never_calls_a_use_case(town):
    with pytest.raises(RuntimeError), use_case(None), use_case(None):
        pass


@pytest.mark.both
def test_a_broken_constraint_is_a_conflict(town):
    town.department("청소과")
    with pytest.raises(Conflict), use_case(None) as work:
        work.session.add(department("청소과"))


def test_every_change_changes_the_version_of_the_site(town):
    before = current()
    assert current() == before
    with use_case(None) as work:
        work.session.add(department())
    assert current() != before


def test_a_second_click_that_changes_nothing_leaves_the_version(town):
    before = current()
    with use_case(None) as work:
        work.session.scalar(sa.select(sa.func.count()).select_from(Department))
    assert current() == before


@pytest.mark.both
def test_read_then_write_loses_nothing_between_threads(app, town):
    counter = town.department("기획예산과")
    counter_id = counter.id
    db.session.remove()

    def raise_it():
        with app.app_context():
            for _turn in range(20):
                with use_case(None) as work:
                    row = work.session.get(Department, counter_id, with_for_update=True, populate_existing=True)
                    row.position += 1

    threads = [threading.Thread(target=raise_it) for _ in range(4)]
    start = db.session.get(Department, counter_id).position
    db.session.remove()
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert db.session.get(Department, counter_id).position == start + 80
