"""Every route, for everybody, in every state: what the table says is what happens."""

import pytest

from civic_forum.accounts.account import Account
from civic_forum.platform import policy
from civic_forum.platform.i18n import Language
from tests.running.turns import some

from . import kept
from .asking import rule_of
from .letter_table import WITHOUT_TOKEN
from .rights import ADDRESSES, FIRST, Cell, Rights, faults
from .scene import ACTORS
from .stage import staged
from .table import ROWS

CHANGING = [address for address in ADDRESSES if address[0] != "GET"]
KEPT = kept.read(kept.PERMISSIONS)
STAFF = ("moderator", "official", "clerk", "clerk_elsewhere", "administrator")
"""Actors whose roles wait for a second factor."""
OWN = {"hiding_mine"}
"""Things about the moderator of the cast, who may read them without a role."""
ALL_AT_ONCE = pytest.mark.in_turns(of=10, together="the whole table")
MODELS = {"blocked": "visitor", "left": "visitor"}
"""Actors whose sessions count for nothing."""
NOT_ASKED = {
    "accounts.create": "a command of the server asks it",
    "accounts.remove_second_factor": "a command of the server asks it",
    "accounts.end_once": "tests/accounts/test_once.py: nobody of the cast takes part without an account",
    "accounts.open_account": "tests/accounts/test_residency_desk.py: everybody at the desk of the scene has an account",
    "answers.see_note": "tests/answers/test_writing.py: no department of the scene was written to",
    "answers.see_replies": "tests/answers/test_what_stays_inside.py: no author of the scene has replied",
    "budgets.make_project_of": "tests/budgets/projects/test_handing_in.py: no line makes a project of a proposal",
    "calls.read_application": "tests/calls/test_applying.py: files of applications ask it, no line sends one",
    "budgets.reschedule": "tests/budgets/rounds/test_opening_one_by_one.py: no line moves the days after a vote",
}
"""Permissions that no line of the table comes to, and why."""


@pytest.fixture(scope="module")
def stage(sqlite_app):
    yield from staged(sqlite_app)


@pytest.fixture(scope="module")
def postgres_stage(postgres_app):
    yield from staged(postgres_app)


@pytest.fixture(scope="module")
def rights(stage):
    with Rights.on(stage) as played:
        yield played


def of_each(addresses):
    return pytest.mark.parametrize("address", addresses, ids=" ".join)


def rows_at(address):
    return [row for row in ROWS if (row.method, row.rule) == address]


def let_in(row) -> list[str]:
    return [actor for actor in ACTORS if row.expected[actor].rstrip("*") in FIRST]


def because_of_a_role(row) -> list[str]:
    """Staff who are let in where no account without a role is."""
    if {"user", "resident", "author"} & set(let_in(row)) or row.things[0] in OWN:
        return []
    return [actor for actor in let_in(row) if actor in STAFF]


@pytest.mark.sqlite_alone("the same statements as in Korean")
@pytest.mark.parametrize("row", some([row for row in ROWS if row.method == "GET" and let_in(row)], 16), ids=str)
def test_a_page_is_there_in_languages_of_which_not_every_text_is(stage, row):
    actor = let_in(row)[-1]
    for language in (Language.ZH, Language.EASY):
        got, changed = stage.play(row, row.things[0], actor, language=str(language))
        assert faults(Cell(row, row.things[0], actor), got, changed) == []


def test_every_route_has_a_row(sqlite_app):
    routes = {(method, rule_of(rule)) for rule in sqlite_app.url_map.iter_rules()
              for method in rule.methods - {"HEAD", "OPTIONS"}}
    missing = [f"{method} {rule}: say in tests/access/table.py who gets what."
               for method, rule in routes - set(ADDRESSES)]
    gone = [f"{method} {rule}: there is no such route any more." for method, rule in set(ADDRESSES) - routes]
    assert sorted(missing + gone) == []


@pytest.mark.in_turns(of=10)
@of_each(ADDRESSES)
def test_everybody_gets_what_the_table_says(rights, address):
    found = rights.at(address)
    assert found.faults + kept.beyond(KEPT, found) == []


@ALL_AT_ONCE
def test_every_permission_says_yes_to_whom_it_did(rights):
    """To be written anew by `python -m tests.access.kept` where a change is meant."""
    assert kept.differences(KEPT, kept.permissions(rights)) == []


@ALL_AT_ONCE
def test_every_page_shows_its_forms_to_whom_it_did(rights):
    """To be written anew by `python -m tests.access.kept` where a change is meant."""
    assert kept.differences(kept.read(kept.FORMS), kept.forms(rights)) == []


def test_every_permission_is_asked_by_a_line_of_the_table(sqlite_app):
    assert set(policy.names()) - set(KEPT) == set(NOT_ASKED)


@pytest.mark.in_turns(of=10)
@of_each(ADDRESSES)
def test_an_account_that_is_blocked_or_left_is_a_visitor(stage, address):
    """Asked where a visitor gets something else than an account."""
    rows = {(row.expected["visitor"], row.expected["user"]): row for row in rows_at(address)}
    for (visitor, user), row in rows.items():
        for actor in MODELS if visitor != user else ():
            got, changed = stage.play(row, row.things[0], actor)
            assert faults(Cell(row, row.things[0], actor, "visitor"), got, changed) == []


@pytest.mark.parametrize("row", some([row for row in ROWS if row.method != "GET" and let_in(row)], 16), ids=str)
def test_on_postgresql_as_well(postgres_stage, row):
    """By one whom the table lets in: what refuses the others sends nothing that differs between the two."""
    actor = let_in(row)[-1]
    got, changed = postgres_stage.play(row, row.things[0], actor)
    assert faults(Cell(row, row.things[0], actor), got, changed) == []


@of_each([(method, rule) for method, rule in CHANGING if rule not in WITHOUT_TOKEN])
def test_nothing_is_sent_without_the_token_of_the_form(stage, address, monkeypatch):
    monkeypatch.setitem(stage.app.config, "WTF_CSRF_ENABLED", True)
    row = max(rows_at(address), key=lambda row: len(let_in(row)))
    [actor] = let_in(row)[-1:] or ["visitor"]
    assert stage.play(row, row.things[0], actor) == ("400", []), f"{row}, {row.things[0] or '-'}, {actor}"


@pytest.mark.in_turns(of=10)
@of_each([address for address in ADDRESSES if any(map(because_of_a_role, rows_at(address)))])
def test_roles_of_staff_count_for_nothing_until_the_second_factor_is_set_up(stage, address, monkeypatch):
    monkeypatch.setitem(stage.app.config, "STAFF_TOTP", "required")
    for row in rows_at(address):
        for actor in because_of_a_role(row):
            got, changed = stage.play(row, row.things[0], actor)
            where = f"{row}, {row.things[0] or '-'}"
            assert got in ("403", "404") and not changed, f"{where}: {actor} gets {got} without a second factor"


@pytest.mark.in_turns(of=10)
@of_each([address for address in ADDRESSES if address[0] == "GET" and any(map(because_of_a_role, rows_at(address)))])
def test_pages_open_to_staff_who_have_no_passkey_yet(stage, address, monkeypatch):
    monkeypatch.setattr(Account, "confirms_by_passkey", True)
    for row in rows_at(address):
        for actor in because_of_a_role(row):
            got, changed = stage.play(row, row.things[0], actor)
            assert faults(Cell(row, row.things[0], actor), got, changed) == []
