"""Sections that are kept while the tables that they were read from stand as they are."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import g
from flask_login import current_user, login_user
from jinja2 import DictLoader

from civic_forum.accounts.models import User
from civic_forum.blocks import sections
from civic_forum.blocks.fragments import NotForAll
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform import clock, delivery, site_version
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db, insert_all
from civic_forum.platform.i18n import Language, end_of, local, spoken
from civic_forum.platform.work import unlogged_transaction, use_case

made = []


def departments():
    made.append(current_user.is_authenticated)
    return list(db.session.scalars(sa.select(Department.name_ko).order_by(Department.id)))


def page_of(word):
    return f"{word}: {', '.join(sections.kept(departments))}"


def closing():
    made.append("closing")
    delivery.becomes_another(clock.now())


def entries():
    made.append("entries")
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))


@pytest.fixture(autouse=True)
def request_of_a_page(app, town, at):
    made.clear()
    at(clock.now())
    with app.test_request_context("/"):
        app.extensions["sections"].clear()
        yield


def add(session, name="도로과", position=1):
    session.add(Department(position=position, name_ko=name, words={"en": name}))


@pytest.mark.both
def test_a_section_is_kept_until_its_table_changes():
    assert [sections.kept(departments) for _ in range(3)] == [[]] * 3 and len(made) == 1
    with use_case(None) as work:
        work.session.add(Neighbourhood(position=1, name_ko="독산1동", words={"en": "Doksan 1"}))
    assert sections.kept(departments) == [] and len(made) == 1
    with use_case(None) as work:
        add(work.session)
    assert sections.kept(departments) == ["도로과"] and len(made) == 2
    with use_case(None) as work:
        work.session.execute(sa.update(Department).values(name_ko="도로정비과"))
    assert sections.kept(departments) == ["도로정비과"]
    with use_case(None) as work:
        work.session.execute(sa.delete(Department))
    assert sections.kept(departments) == []


def test_rows_that_the_driver_takes_change_their_table_too():
    sections.kept(departments)
    with use_case(None):
        insert_all(Department, ("position", "name_ko", "words"), [(1, "도로과", "{}")])
    assert sections.kept(departments) == ["도로과"]


def test_a_page_of_sections_changes_with_each_of_them():
    assert (sections.kept(page_of, "부서"), sections.kept(page_of, "부서")) == ("부서: ", "부서: ")
    with use_case(None) as work:
        add(work.session)
    assert sections.kept(page_of, "부서") == "부서: 도로과"
    assert sections.kept(page_of, "과") == "과: 도로과" and len(made) == 2


def test_a_change_that_is_undone_changes_nothing():
    sections.kept(departments)
    before = site_version.current()
    with pytest.raises(ZeroDivisionError), use_case(None) as work:
        add(work.session)
        work.session.flush()
        raise ZeroDivisionError
    with use_case(None) as work:
        work.session.execute(sa.delete(Department))
    assert sections.kept(departments) == [] and len(made) == 1 and site_version.current() == before


def test_a_change_that_is_not_committed_is_kept_for_nobody():
    with pytest.raises(ZeroDivisionError), use_case(None) as work:
        add(work.session)
        assert sections.kept(departments) == ["도로과"]
        raise ZeroDivisionError
    assert sections.kept(departments) == []


@pytest.mark.both
def test_a_section_about_the_log_is_never_kept():
    for _ in range(2):
        sections.kept(entries)
    assert made == ["entries"] * 2


def test_an_unlogged_transaction_leaves_no_trace_in_the_versions_of_quiet_tables(monkeypatch):
    monkeypatch.setattr(site_version, "QUIET", {"department"})
    before = site_version.current()
    with unlogged_transaction() as session:
        add(session)
    assert site_version.current() == before
    monkeypatch.setattr(site_version, "QUIET", set())
    with unlogged_transaction() as session:
        add(session, "공원과", 2)
    assert site_version.current() != before


def test_each_language_has_its_own(monkeypatch):
    sections.kept(departments)
    token = spoken.set(Language.EN)
    try:
        sections.kept(departments)
    finally:
        spoken.reset(token)
    assert len(made) == 2


MOMENT = clock.now().replace(hour=3, minute=20, second=10, microsecond=5)
AN_HOUR, A_MINUTE, A_TICK = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)


def is_open():
    made.append("open")
    return clock.now() < MOMENT + AN_HOUR


def was_open_an_hour_ago():
    made.append("past")
    return MOMENT >= clock.now() - AN_HOUR


def today():
    made.append("today")
    return local(clock.now()).date()


def minutes_left():
    made.append("left")
    return (MOMENT + AN_HOUR - clock.now()).seconds // 60


def rows_until_now():
    made.append("rows")
    return db.session.scalars(sa.select(User.id).where(User.created_at <= clock.now())).all()


def page_of_hours():
    return sections.kept(is_open), sections.kept(today)


@pytest.mark.both
@pytest.mark.parametrize("make, lasts", [
    (departments, timedelta(days=1000)), (is_open, AN_HOUR), (was_open_an_hour_ago, AN_HOUR),
    (today, end_of(local(MOMENT).date()) - MOMENT), (minutes_left, timedelta(seconds=50) - 5 * A_TICK),
    (rows_until_now, timedelta(seconds=50) - 5 * A_TICK), (page_of_hours, AN_HOUR)])
def test_a_section_holds_until_the_clock_changes_it(at, make, lasts):
    at(MOMENT)
    first = sections.kept(make)
    at(MOMENT + lasts - A_TICK)
    before = len(made)
    assert sections.kept(make) == first and len(made) == before
    at(MOMENT + lasts)
    sections.kept(make)
    at(MOMENT + lasts + A_TICK)
    sections.kept(make)
    assert len(made) > before or make is departments


@pytest.mark.parametrize("make", [is_open, was_open_an_hour_ago])
def test_it_is_another_one_behind_its_very_moment(at, make):
    at(MOMENT)
    before = sections.kept(make)
    at(MOMENT + AN_HOUR)
    sections.kept(make)
    at(MOMENT + AN_HOUR + A_TICK)
    assert sections.kept(make) is not before


def test_a_clock_that_is_set_back_makes_it_anew(at):
    at(MOMENT)
    sections.kept(departments)
    at(MOMENT - A_MINUTE)
    sections.kept(departments)
    assert len(made) == 2


def test_one_that_changes_within_its_minute_is_not_kept_and_neither_is_its_page():
    g.page_version = "1"
    for _ in range(2):
        sections.kept(closing)
    assert made == ["closing"] * 2 and "page_version" not in g


def test_a_reading_of_rows_without_a_version_holds_to_the_end_of_its_minute(at, monkeypatch):
    monkeypatch.setattr(site_version, "QUIET", {"department"})
    at(MOMENT)
    for moment in (MOMENT, MOMENT + timedelta(seconds=40), MOMENT + A_MINUTE):
        at(moment)
        sections.kept(departments)
    assert len(made) == 2


def test_a_page_that_names_its_reader_is_refused():
    with pytest.raises(NotForAll, match="uses .*me"):
        sections.page(lambda: ("base.html", {}))


@pytest.mark.parametrize("template", [
    "{% include 'inner.html' %}", "{% extends 'inner.html' %}", "{% import 'inner.html' as inner %}{{ inner.name() }}"])
def test_a_template_that_it_takes_from_is_looked_at_too(app, monkeypatch, template):
    monkeypatch.setattr(app.extensions["sections"].env, "loader", loader := DictLoader({
        "inner.html": "{% macro name() %}{{ request.path }}{% endmacro %}{{ name() }}", "outer.html": template}))
    monkeypatch.setattr(app.jinja_env, "loader", loader)
    with pytest.raises(NotForAll, match="outer.html: inner.html uses request,"):
        sections.written("outer.html")


def test_it_is_made_as_for_a_visitor_whoever_asks(town):
    login_user(town.resident())
    sections.kept(departments)
    assert made == [False] and current_user.is_authenticated


def test_a_reader_of_an_old_moment_leaves_nothing_old_to_others(app):
    """Its transaction began before a change, and it reads after the change was committed."""
    site_version.of_tables()

    def change():
        with app.test_request_context("/"), use_case(None) as work:
            add(work.session)

    writer = threading.Thread(target=change)
    writer.start()
    writer.join()
    sections.kept(departments)
    db.session.rollback()
    assert sections.kept(departments) == ["도로과"]


def long_text(number):
    sections.measures(6_000_000)
    return [number]


def test_all_sections_together_have_a_bound(app):
    kept = app.extensions["sections"]
    for number in range(4):
        sections.kept(long_text, number)
        assert kept.size == sum(one.size for one in kept.kept.values()) <= sections.MOST_CHARACTERS
    assert [given for _make, _words, given in kept.kept] == [(2,), (3,)]


def test_writers_of_the_same_tables_in_another_order_never_wait_in_a_circle(app):
    failed = []

    def change(first, second):
        try:
            for number in range(20):
                with app.app_context(), use_case(None) as work:
                    for model in (first, second):
                        work.session.add(model(position=number, name_ko=f"{first.__name__}{number}", words={"en": "x"}))
                        work.session.flush()
        except Exception as trouble:
            failed.append(trouble)

    writers = [threading.Thread(target=change, args=pair)
               for pair in ((Department, Neighbourhood), (Neighbourhood, Department))]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert failed == []


@pytest.mark.both
def test_rows_that_a_statement_gives_back_change_their_table_too():
    """The driver of SQLite counts them only once they are fetched."""
    sections.kept(departments)
    with use_case(None) as work:
        for position, (name, english) in enumerate((("도로과", "Roads"), ("공원과", "Parks"))):
            work.session.add(Department(position=position, name_ko=name, words={"en": english}))
    assert sections.kept(departments) == ["도로과", "공원과"]
    with use_case(None) as work:
        renamed = sa.update(Department).values(name_ko=Department.name_ko + "1")
        work.session.execute(renamed.returning(Department.id)).all()
    assert sections.kept(departments) == ["도로과1", "공원과1"]
    with use_case(None) as work:
        work.session.execute(sa.delete(Department).returning(Department.id)).all()
    assert sections.kept(departments) == []
