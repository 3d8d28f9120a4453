"""Every route, for everybody, in every state: what the table says is what happens."""

import pytest

from .asking import rule_of
from .letter_table import WITHOUT_TOKEN
from .scene import ACTORS
from .stage import staged
from .table import ROWS

POSTS = [row for row in ROWS if row.method == "POST"]
MODELS = {"blocked": "visitor", "left": "visitor"}
"""Whose sessions count for nothing."""


@pytest.fixture(scope="module")
def stage(sqlite_app):
    yield from staged(sqlite_app)


@pytest.fixture(scope="module")
def postgres_stage(postgres_app):
    yield from staged(postgres_app)


def test_every_route_has_a_row(sqlite_app):
    routes = {(method, rule_of(rule)) for rule in sqlite_app.url_map.iter_rules()
              for method in rule.methods - {"HEAD", "OPTIONS"}}
    known = {(row.method, row.rule) for row in ROWS}
    missing = [f"{method} {rule}: say in tests/access/table.py who gets what." for method, rule in routes - known]
    gone = [f"{method} {rule}: there is no such route any more." for method, rule in known - routes]
    assert sorted(missing + gone) == []


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_everybody_gets_what_the_table_says(stage, row):
    assert faults(stage, row, [(actor, actor) for actor in ACTORS]) == []


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_an_account_that_is_blocked_or_left_is_a_visitor(stage, row):
    assert faults(stage, row, list(MODELS.items()), row.things[:1]) == []


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_on_postgresql_as_well(postgres_stage, row):
    allowed = next((actor for actor in reversed(ACTORS) if row.expected[actor] in ("ok", "200")), "administrator")
    assert faults(postgres_stage, row, [("visitor", "visitor"), (allowed, allowed)], row.things[:1]) == []


@pytest.mark.parametrize("row", [row for row in POSTS if row.rule not in WITHOUT_TOKEN], ids=str)
def test_nothing_is_sent_without_the_token_of_the_form(stage, row, monkeypatch):
    monkeypatch.setitem(stage.app.config, "WTF_CSRF_ENABLED", True)
    for actor in ("visitor", "author", "administrator"):
        got, changed = stage.play(row, row.things[0], actor)
        assert got in ("400", "401", "403", "404") and not changed, f"{row}, {actor}: {got}, {changed}"


@pytest.mark.parametrize("row", POSTS, ids=str)
def test_roles_of_staff_count_for_nothing_until_the_second_factor_is_set_up(stage, row, monkeypatch):
    monkeypatch.setitem(stage.app.config, "STAFF_TOTP", "required")
    if row.expected["user"] not in ("403", "404"):
        return
    for thing in row.things:
        for actor in ("moderator", "official", "clerk", "clerk_elsewhere", "administrator"):
            got, changed = stage.play(row, thing, actor)
            assert got in ("403", "404") and not changed, f"{row}, {thing}: {actor} gets {got} without a second factor"


def faults(stage, row, played, things=None) -> list[str]:
    """What differs from the table: `played` are the actors, and whose column counts for them."""
    found = []
    for thing in things or row.things:
        for actor, model in played:
            wanted = row.expected[model]
            got, changed = stage.play(row, thing, actor)
            where = f"{row}, {thing or '-'}, {actor}"
            if got != wanted.rstrip("*"):
                found.append(f"{where}: {wanted} is expected, {got} came")
            if changed and (row.method == "GET" or got.isdigit() and got >= "400") and not wanted.endswith("*"):
                found.append(f"{where}: {got}, and still {', '.join(changed)} changed")
    return found
