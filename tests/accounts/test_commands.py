import json

import pytest

from civic_forum.accounts import cli
from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import Role
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound, Refusal

from .people import PASSWORD


@pytest.fixture
def run(app, town):
    def command(*arguments, typed=""):
        result = app.test_cli_runner().invoke(cli.user, list(arguments), input=typed)
        db.session.rollback()
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return command


def create(run, name, *options):
    return run("create", name, "--password-stdin", *options, typed=f"{PASSWORD}\n")


def test_the_first_administrator_is_made_without_anybody(run):
    create(run, "first.boss", "--nickname", "관리자")
    run("grant", "first.boss", "administrator")
    assert users.by_name("first.boss").has(Role.ADMINISTRATOR)


def test_afterwards_an_administrator_does_it(run, town):
    boss = town.administrator(sign_in_name="first.boss")
    with pytest.raises(Denied):
        create(run, "second.one")
    create(run, "second.one", "--by", "first.boss")
    assert users.by_name("second.one").opened_by_id == boss.id
    with pytest.raises(Refusal):
        run("grant", "second.one", "moderator")
    run("grant", "second.one", "moderator", "--by", "first.boss")
    run("grant", "second.one", "clerk", "--neighbourhood", town.neighbourhood().name_ko, "--by", "first.boss")
    with pytest.raises(Denied):
        create(run, "third.one", "--by", "second.one")


def test_an_administrator_without_the_second_factor_hears_what_to_do(run, town, app, monkeypatch):
    town.administrator(sign_in_name="first.boss")
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")
    with pytest.raises(Denied, match="2단계 인증을 켠 뒤에"):
        create(run, "second.one", "--by", "first.boss")


@pytest.mark.both
def test_everybody_is_listed(run, town):
    town.clerk(sign_in_name="clerk.one", nickname="시흥1동 담당")
    town.user(sign_in_name="user.one")
    listed = json.loads(run("list", "--json"))
    assert [one["name"] for one in listed] == ["clerk.one", "user.one"]
    assert listed[0]["roles"][0]["role"] == "clerk" and "clerk.one\t시흥1동 담당\tclerk" in run("list")


@pytest.mark.both
@pytest.mark.parametrize("arguments", [("grant", "nobody.here", "moderator"), ("list", "--by"), ("grant", "x", "king")])
def test_a_value_that_does_not_fit_is_refused(run, town, arguments):
    with pytest.raises((NotFound, AssertionError)):
        run(*arguments)


def test_an_easy_password_is_refused(run):
    with pytest.raises(Refusal):
        run("create", "first.boss", "--password-stdin", typed="short\n")
