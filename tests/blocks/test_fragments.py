"""Fragments that are rendered once for what they say."""

import re
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader

from civic_forum.blocks import fragments
from civic_forum.platform.i18n import Language, speaking

ROOT = Path(__file__).parents[2]
KEPT = sorted({name for pages, named in (
    ((ROOT / "templates").rglob("*.html"), r"\bcached_fragments?\('([^']+)'"),
    ((ROOT / "civic_forum").rglob("*.py"), r'\b(?:all|each)_of\("([^"]+)"'))
               for page in pages for name in re.findall(named, page.read_text())})


@pytest.fixture
def with_template(app, monkeypatch):
    def add(**sources):
        loader = DictLoader({f"{name}.html": text for name, text in sources.items()})
        monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([loader, app.jinja_env.loader]))
        return app.jinja_env.globals["cached_fragment"]
    return add


@pytest.mark.parametrize("name", KEPT)
def test_no_fragment_of_the_site_names_its_reader(app, name):
    fragments.refuse_readers(app.jinja_env, name, "fragment", fragments.OF_READERS)


def test_the_site_has_fragments():
    assert {"comments/one.html", "proposals/card.html"} <= set(KEPT)


def test_a_fragment_is_rendered_once_for_its_facts_and_language(app, with_template):
    kept = with_template(seen="{% macro fragment(name) %}<b>{{ name }}</b> {{ _('공감') }}{% endmacro %}")
    with app.test_request_context():
        before = app.extensions["fragments"].cache_info()
        assert str(kept("seen.html", "<가>")) == "<b>&lt;가&gt;</b> 공감"
        kept("seen.html", "<가>")
        kept("seen.html", "나")
        with speaking(Language.EN):
            assert "공감" not in kept("seen.html", "<가>")
        after = app.extensions["fragments"].cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (3, 1)


def test_fragments_of_a_list_stand_one_behind_the_other_and_are_escaped_once(app, with_template):
    with_template(listed="{% macro fragment(name, level) %}<b>{{ name }}{{ level }}</b>{% endmacro %}")
    with app.test_request_context():
        before = app.extensions["fragments"].cache_info()
        page = app.jinja_env.from_string("{{ cached_fragments('listed.html', names, 3) }}")
        assert page.render(names=["<가>", "나", "<가>"]) == "<b>&lt;가&gt;3</b><b>나3</b><b>&lt;가&gt;3</b>"
        after = app.extensions["fragments"].cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (2, 1)


@pytest.mark.parametrize("text, name", [
    ("{{ me.id }}", "me"), ("{{ csrf_field() }}", "csrf_field"),
    ("{% if can('x') %}{{ request.path }}{% endif %}", "can, request"),
])
def test_a_fragment_that_names_its_reader_is_refused_with_its_name(app, with_template, text, name):
    file = name.replace(", ", "-")
    kept = with_template(**{file: "{% macro fragment() %}" + text + "{% endmacro %}"})
    with app.test_request_context(), pytest.raises(fragments.NotForAll, match=f"{file}.html: {file}.html uses {name},"):
        kept(f"{file}.html")


def test_a_template_that_a_fragment_takes_from_is_looked_at_too(app, with_template):
    kept = with_template(
        inner="{% macro name() %}{{ me.nickname }}{% endmacro %}",
        outer="{% from 'inner.html' import name with context %}{% macro fragment() %}{{ name() }}{% endmacro %}")
    with app.test_request_context(), pytest.raises(fragments.NotForAll, match="outer.html: inner.html uses me,"):
        kept("outer.html")


def test_only_macros_that_a_fragment_calls_count(app, with_template):
    kept = with_template(
        several="{% macro name() %}가{% endmacro %}{% macro reader() %}{{ me.nickname }}{% endmacro %}",
        careful="{% from 'several.html' import name, reader %}{% macro fragment() %}{{ name() }}{% endmacro %}")
    with app.test_request_context():
        assert kept("careful.html") == "가"


def test_more_fragments_than_are_kept_make_room(app, with_template):
    kept = with_template(number="{% macro fragment(n) %}{{ n }}{% endmacro %}")
    with app.test_request_context():
        for number in range(fragments.MOST + 10):
            kept("number.html", number)
        assert app.extensions["fragments"].cache_info().currsize == fragments.MOST
