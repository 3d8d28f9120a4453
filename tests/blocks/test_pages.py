"""Parts of every page: style sheets by folder and template, the field against forged requests, buttons that post."""

import pytest
from flask import Flask
from flask_login import AnonymousUserMixin, UserMixin
from jinja2 import meta, nodes

from civic_forum import styles
from civic_forum.blocks import pages
from civic_forum.platform.errors import Conflict, TooMany
from civic_forum.platform.static_files import joined


@pytest.mark.parametrize("folders, templates, named", [
    ({"nowhere": "css/desk"}, {}, "nowhere"),
    ({}, {"desk/nothing": "css/desk"}, "desk/nothing"),
    ({"desk": "css/desk css/none"}, {}, "css/none"),
])
def test_a_wrong_table_of_sheets_stops_the_start(app, folders, templates, named):
    site = Flask(app.name, template_folder=app.jinja_loader.searchpath[0], static_folder=app.static_folder)
    with pytest.raises(pages.UnknownSheet, match=named):
        pages.init_app(site, folders, templates, styles.FRAME)


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


def test_a_page_asks_once_more_and_nothing_of_what_it_is_given_is_markup(app):
    with app.test_request_context():
        html = " ".join(pages.ask_first("<t>", "<q>", "<x>", act='/a"b', label="<l>", back="/back",
                                        close="<c>", danger=True, trail=[("<one>", "/one")]).split())
    assert "<title>&lt;t&gt; |" in html and '<h1>&lt;q&gt;</h1> <p class="lead">&lt;x&gt;</p>' in html
    assert 'method="post" action="/a&#34;b"' in html
    assert '&lt;l&gt;</button>' in html and 'krds-btn large danger' in html
    assert '<a class="krds-btn large tertiary" href="/back">&lt;c&gt;</a>' in html
    assert '<a href="/one">&lt;one&gt;</a>' in html


def test_a_page_links_the_sheets_of_the_frame_as_one_and_its_own_as_one(app):
    style_links = app.jinja_env.globals["style_links"]
    with app.test_request_context():
        assert str(style_links(("css/desk.css",), media="print")) == (
            f'<link rel="stylesheet" href="{app.jinja_env.globals["asset"]("css/desk.css")}" media="print">')
        links = str(style_links(("css/desk.css", "css/account.css"), frame=True)).split("/static/")[1:]
        assert [link.partition("?")[0] for link in links] == [
            joined(styles.FRAME.split()), "css/desk+css/account.css"]


def test_only_whoever_is_signed_in_has_a_token_in_what_others_may_keep(app, monkeypatch):
    own_token = app.jinja_env.globals["own_token"]
    with app.test_request_context():
        monkeypatch.setattr(pages, "current_user", AnonymousUserMixin())
        assert own_token() == ""
        monkeypatch.setattr(pages, "current_user", UserMixin())
        assert own_token() == app.jinja_env.globals["csrf_token"]()


@pytest.mark.parametrize("refusal, headers", [
    (Conflict("Sorry."), {}), (TooMany("Sorry.", retry_after=7), {"Retry-After": "7"})])
def test_a_page_says_a_refusal_in_its_own_way_with_its_status(app, refusal, headers):
    def act():
        raise refusal

    with app.test_request_context():
        answer = pages.attempt(act, lambda said: f"once more: {said}")
        assert (answer.status_code, answer.get_data(as_text=True)) == (refusal.status, "once more: Sorry.")
        assert headers.items() <= dict(answer.headers).items()
        assert pages.attempt(lambda: 3, lambda said: "again", lambda made: f"done {made}") == "done 3"
        with pytest.raises(type(refusal)):
            pages.attempt(act, lambda said: "again", through=type(refusal))


def test_a_refusal_after_the_act_is_not_caught(app):
    def done(made):
        raise Conflict("later")

    with app.test_request_context(), pytest.raises(Conflict):
        pages.attempt(lambda: None, lambda said: "again", done)


@pytest.mark.in_turns(of=5)
def test_no_name_that_the_frame_sets_hides_one_that_a_page_is_given(app):
    environment = app.jinja_env
    trees = {name: environment.parse(environment.loader.get_source(environment, name)[0])
             for name in environment.list_templates(extensions=["html"])}
    set_there = {name.name for node in trees["base.html"].find_all(nodes.Assign)
                 for name in (node.target, *node.target.find_all(nodes.Name)) if isinstance(name, nodes.Name)}
    assert {"entries", "open_entry"} <= set_there
    assert {(page, name) for page, tree in trees.items() if page != "base.html"
            for name in set_there & meta.find_undeclared_variables(tree)} == set()
