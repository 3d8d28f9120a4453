"""Pieces that are rendered once for what they say."""

import re
from pathlib import Path

import pytest
from jinja2 import ChoiceLoader, DictLoader

from civic_forum.blocks import pieces
from civic_forum.kernel.i18n import Language, speaking

TEMPLATES = Path(__file__).parents[2] / "templates"
KEPT = sorted({name for page in TEMPLATES.rglob("*.html")
               for name in re.findall(r"\bkept\('([^']+)'", page.read_text())})


@pytest.fixture
def with_template(app, monkeypatch):
    def add(**sources):
        loader = DictLoader({f"{name}.html": text for name, text in sources.items()})
        monkeypatch.setattr(app.jinja_env, "loader", ChoiceLoader([loader, app.jinja_env.loader]))
        return app.jinja_env.globals["kept"]
    return add


@pytest.mark.parametrize("name", KEPT)
def test_no_piece_of_the_site_names_its_reader(app, name):
    pieces._check(app.jinja_env, name)


def test_the_site_has_pieces():
    assert {"comments/one.html", "proposals/card.html"} <= set(KEPT)


def test_a_piece_is_rendered_once_for_its_facts_and_language(app, with_template):
    kept = with_template(seen="{% macro piece(name) %}<b>{{ name }}</b> {{ _('공감') }}{% endmacro %}")
    with app.test_request_context():
        before = app.extensions["pieces"].cache_info()
        assert str(kept("seen.html", "<가>")) == "<b>&lt;가&gt;</b> 공감"
        kept("seen.html", "<가>")
        kept("seen.html", "나")
        with speaking(Language.EN):
            assert "공감" not in kept("seen.html", "<가>")
        after = app.extensions["pieces"].cache_info()
    assert (after.misses - before.misses, after.hits - before.hits) == (3, 1)


@pytest.mark.parametrize("text, name", [
    ("{{ me.id }}", "me"), ("{{ csrf_field() }}", "csrf_field"),
    ("{% if can('x') %}{{ request.path }}{% endif %}", "can, request"),
])
def test_a_piece_that_names_its_reader_is_refused_with_its_name(app, with_template, text, name):
    file = name.replace(", ", "-")
    kept = with_template(**{file: "{% macro piece() %}" + text + "{% endmacro %}"})
    with app.test_request_context(), pytest.raises(pieces.NotForAll, match=f"{file}.html: {file}.html uses {name},"):
        kept(f"{file}.html")


def test_a_template_that_a_piece_takes_from_is_looked_at_too(app, with_template):
    kept = with_template(
        inner="{% macro name() %}{{ me.nickname }}{% endmacro %}",
        outer="{% from 'inner.html' import name with context %}{% macro piece() %}{{ name() }}{% endmacro %}")
    with app.test_request_context(), pytest.raises(pieces.NotForAll, match="outer.html: inner.html uses me,"):
        kept("outer.html")


def test_more_pieces_than_are_kept_make_room(app, with_template):
    kept = with_template(number="{% macro piece(n) %}{{ n }}{% endmacro %}")
    with app.test_request_context():
        for number in range(pieces.MOST + 10):
            kept("number.html", number)
        assert app.extensions["pieces"].cache_info().currsize == pieces.MOST
