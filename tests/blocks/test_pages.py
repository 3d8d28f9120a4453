"""Parts of every page: style sheets by folder and template, the field against forged requests, buttons that post."""

import pytest
from flask import Flask
from jinja2 import meta, nodes

from civic_forum import styles
from civic_forum.blocks import pages


@pytest.mark.parametrize("folders, templates, named", [
    ({"nowhere": "css/desk"}, {}, "nowhere"),
    ({}, {"desk/nothing": "css/desk"}, "desk/nothing"),
    ({"desk": "css/desk css/none"}, {}, "css/none"),
])
def test_a_wrong_table_of_sheets_stops_the_start(app, folders, templates, named):
    site = Flask(app.name, template_folder=app.jinja_loader.searchpath[0], static_folder=app.static_folder)
    with pytest.raises(pages.UnknownSheet, match=named):
        pages.init_app(site, folders, templates)


def test_a_page_has_the_sheets_of_its_folder_and_one_that_is_named_has_its_own(app):
    def linked(template: str) -> list[str]:
        source = app.jinja_env.from_string("{{ style_sheets()|join(' ') }}")
        source.name = template
        return source.render().split()

    with app.test_request_context():
        assert linked("desk/show.html") == [f"{sheet}.css" for sheet in styles.FOLDERS["desk"].split()]
        assert linked("desk/slip.html") == [f"{sheet}.css" for sheet in styles.TEMPLATES["desk/slip"].split()]
        assert linked("errors/error.html") == []


def test_a_button_posts_what_it_is_given_and_nothing_of_it_is_markup(app):
    post_button, csrf_field = (app.jinja_env.globals[name] for name in ("post_button", "csrf_field"))
    with app.test_request_context():
        html = post_button('/a?"b', "<b>", about="<i>", busy=True, row=True, to='">')
        assert str(html) == (
            f'<form class="act-row" method="post" action="/a?&#34;b">{csrf_field()}'
            '<input type="hidden" name="to" value="&#34;&gt;"><button class="krds-btn medium tertiary" type="submit" '
            'data-busy="보내는 중이에요">&lt;b&gt;<span class="sr-only"> &lt;i&gt;</span></button></form>')
        assert 'value="given"' in csrf_field("given")


def test_no_name_that_the_frame_sets_hides_one_that_a_page_is_given(app):
    environment = app.jinja_env
    trees = {name: environment.parse(environment.loader.get_source(environment, name)[0])
             for name in environment.list_templates(extensions=["html"])}
    set_there = {name.name for node in trees["base.html"].find_all(nodes.Assign)
                 for name in (node.target, *node.target.find_all(nodes.Name)) if isinstance(name, nodes.Name)}
    assert {"entries", "open_entry"} <= set_there
    assert {(page, name) for page, tree in trees.items() if page != "base.html"
            for name in set_there & meta.find_undeclared_variables(tree)} == set()
