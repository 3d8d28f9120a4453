"""Sections that stand until the database answers one of their statements otherwise, and gaps in kept pages."""

import pytest
import sqlalchemy as sa
from jinja2 import DictLoader

from civic_forum.blocks import sections
from civic_forum.district.models import Department, Neighbourhood
from civic_forum.platform import clock, site_version
from civic_forum.platform.base import db
from civic_forum.platform.work import unlogged_transaction, use_case

made = []


@sections.asks_again
def first():
    made.append("first")
    return db.session.scalar(sa.select(Department.name_ko).order_by(Department.id).limit(1))


def page_of(word):
    return f"{word}: {sections.kept(first)}"


@pytest.fixture(autouse=True)
def request_of_a_page(app, town, at):
    made.clear()
    at(clock.now())
    with app.test_request_context("/"):
        app.extensions["sections"].clear()
        add("도로과")
        yield


def add(name):
    with use_case(None) as work:
        work.session.add(Department(position=1, name_ko=name, words={"en": name}))


@pytest.mark.both
def test_it_stands_whatever_else_is_written_in_its_tables():
    assert sections.kept(page_of, "처음") == "처음: 도로과"
    add("공원과")
    assert sections.kept(page_of, "처음") == "처음: 도로과" and made == ["first"]
    with use_case(None) as work:
        work.session.execute(sa.update(Department).where(Department.name_ko == "도로과").values(name_ko="길과"))
    assert sections.kept(page_of, "처음") == "처음: 길과" and made == ["first"] * 2
    with use_case(None) as work:
        work.session.add(Neighbourhood(position=1, name_ko="독산1동", words={"en": "Doksan 1"}))
    assert sections.kept(first) == "길과" and made == ["first"] * 2


def test_tables_without_a_version_are_asked_at_every_reading(monkeypatch):
    monkeypatch.setattr(site_version, "QUIET", {Department.__tablename__})
    sections.kept(page_of, "처음")
    with unlogged_transaction():
        db.session.add(Department(position=2, name_ko="공원과", words={"en": "Parks"}))
    assert sections.kept(page_of, "처음") == "처음: 도로과" and made == ["first"]
    with unlogged_transaction():
        db.session.execute(sa.update(Department).where(Department.name_ko == "도로과").values(name_ko="길과"))
    assert sections.kept(page_of, "처음") == "처음: 길과" and made == ["first"] * 2


def test_it_is_kept_by_nobody_who_has_changed_something():
    with use_case(None) as work:
        work.session.execute(sa.update(Department).values(name_ko="길과"))
        assert sections.kept(first) == "길과"
        work.session.rollback()
    assert sections.kept(first) == "도로과"


def a_page():
    return "page.html", {}


def test_a_page_has_gaps_for_its_reader(app, monkeypatch):
    monkeypatch.setattr(sections, "PARTS", ("main",))
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader({
        "page.html": "<p>{{ gap('name') }}</p>{{ gap('last') }}", "blocks/kept_page.html": "{{ main }}",
        "own.html": "{{ name }}{{ between }}!"}))
    monkeypatch.setitem(app.extensions, "sections", sections.Sections(app.jinja_env))
    for name in ("별빛", "<구름>"):
        own = sections.own_parts("own.html", "name", "last", name=name)
        shown = f"<p>{name.replace('<', '&lt;').replace('>', '&gt;')}</p>!"
        assert sections.page(a_page, own=lambda own=own: own) == shown
        assert sections.page_for_one(a_page, own=lambda own=own: own) == shown
