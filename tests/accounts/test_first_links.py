import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts import cli
from civic_forum.accounts.models import FirstLink, RoleGrant, User
from civic_forum.accounts.queries import users
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import first_links
from civic_forum.accounts.services.first_links import NewAdministrator
from civic_forum.ballots.officers.queries import is_trusted
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from civic_forum.platform.outbox import OutgoingMail
from tests.common import again, commit, rows
from tests.factories import MAY
from tests.racing import at_once

from .people import PASSWORD, sign_in

FIRST, SECOND = NewAdministrator("kim.haneul", "김하늘", "haneul@example.org", PASSWORD), NewAdministrator(
    "lee.bada", "이바다", "bada@example.org", PASSWORD)
FORM = {"name": "kim.haneul", "nickname": "김하늘", "email": "haneul@example.org", "password": PASSWORD}


@pytest.fixture
def required(app, monkeypatch):
    """Roles of staff count with a second factor alone, as outside a sample."""
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")


def opened(token, account=FIRST):
    first_links.open_account(token, account, device="Chrome")
    return users.by_name(account.sign_in_name)


def second_factor(user):
    user = again(user)
    user.totp_secret, user.totp_confirmed_at = b"sealed", clock.now()
    db.session.commit()
    return user


@pytest.mark.both
def test_each_link_makes_one_administrator_whom_nobody_made(town, required):
    one, other = map(opened, first_links.make(), (FIRST, SECOND))
    assert [(grant.user_id, grant.role, grant.granted_by_id) for grant in rows(RoleGrant)] == [
        (one.id, Role.ADMINISTRATOR, None), (other.id, Role.ADMINISTRATOR, None)]
    assert [link.user_id for link in rows(FirstLink)] == [one.id, other.id]
    assert not again(one).has(Role.ADMINISTRATOR) and second_factor(one).has(Role.ADMINISTRATOR)
    assert is_trusted(again(one), clock.now()) and is_trusted(again(other), clock.now())


@pytest.mark.both
def test_a_link_is_used_once(town):
    token, other = first_links.make()
    opened(token)
    for account in (FIRST, SECOND):
        with pytest.raises(NotFound):
            first_links.open_account(token, account, device="")
    assert [user.sign_in_name for user in rows(User)] == ["kim.haneul"]


@pytest.mark.both
def test_a_link_lasts_an_hour(town, at):
    at(MAY)
    early, late = first_links.make()
    at(MAY + timedelta(minutes=59, seconds=59))
    opened(early)
    at(MAY + timedelta(hours=1))
    with pytest.raises(NotFound):
        opened(late, SECOND)


@pytest.mark.both
def test_of_many_with_one_link_one_opens_an_account(app, town):
    token = first_links.make()[0]
    names = [f"person.{number}" for number in range(6)]
    answers = at_once(app, 6, lambda number: first_links.open_account(
        token, NewAdministrator(names[number], "김하늘", f"p{number}@example.org", PASSWORD), device=""))
    assert sorted(map(type, answers), key=str) == [NotFound] * 5 + [str]
    assert len(rows(User)) == len(rows(RoleGrant)) == 1


@pytest.mark.both
def test_a_wrong_account_leaves_the_link_as_it_was(town):
    token = first_links.make()[0]
    town.user(sign_in_name="taken.name")
    for wrong in ({"sign_in_name": "taken.name"}, {"sign_in_name": "x"}, {"password": "short"}):
        with pytest.raises(Refusal):
            opened(token, NewAdministrator(**vars(FIRST) | wrong))
    assert opened(token).sign_in_name == "kim.haneul"
    assert len(rows(RoleGrant)) == 1


@pytest.mark.both
def test_new_links_end_those_that_nobody_used(town):
    old = first_links.make()
    new = first_links.make()
    for token in old:
        with pytest.raises(NotFound):
            opened(token)
    assert len({*old, *new}) == 4
    assert opened(new[0]) and len(rows(FirstLink)) == 2


@pytest.mark.both
def test_new_links_are_made_for_those_who_are_missing(town, required, at):
    at(MAY)
    one = second_factor(opened(first_links.make()[0]))
    [token] = first_links.make()
    other = opened(token, SECOND)
    with pytest.raises(Conflict, match="within the hour"):
        first_links.make()
    at(MAY + timedelta(hours=1))
    [token] = first_links.make()
    assert not again(other).grants, "it never got a second factor"
    third = opened(token, NewAdministrator("park.san", "박산", "san@example.org", PASSWORD))
    assert [link.user_id for link in rows(FirstLink)] == [one.id, third.id]
    second_factor(third)
    with pytest.raises(Conflict, match="Two administrators"):
        first_links.make()


@pytest.mark.both
def test_the_first_start_makes_links_once_and_only_where_nobody_administers(town):
    assert len(first_links.make_at_the_first_start()) == 2
    assert first_links.make_at_the_first_start() == []
    commit(sa.delete(FirstLink))
    town.administrator()
    assert first_links.make_at_the_first_start() == []


@pytest.mark.both
def test_nothing_that_is_kept_tells_the_link(town):
    tokens = first_links.make()
    opened(tokens[0])
    kept = [repr(vars(row)) for table in (FirstLink, AuditEntry, OutgoingMail, User) for row in rows(table)]
    assert not [token for token in tokens if any(token in text for text in kept)]
    assert all(len(token) == 22 for token in tokens)


def test_the_command_prints_addresses(app, town):
    out = app.test_cli_runner().invoke(cli.make_first_links).output
    assert len(re.findall(r"once, within an hour: http://127\.0\.0\.1:8000/first/[\w-]{22}\n", out)) == 2


def test_a_look_uses_nothing_up_and_the_button_leads_to_the_second_factor(town, browse, required):
    path, browser = f"/first/{first_links.make()[0]}", browse()
    page = browser.get(path)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "strict-origin")
    assert browser.head(path).status_code == browse().get(path).status_code == 200
    made = browser.post(path, data=FORM)
    assert (made.status_code, made.headers["Location"]) == (303, "/desk/first-day")
    assert "2단계 인증을 골라 주세요" in browser.get("/desk/first-day").get_data(as_text=True)
    user = users.by_name("kim.haneul")
    assert (user.nickname, user.email, user.confirmed_email) == ("김하늘", "haneul@example.org", None)
    assert [letter.recipient for letter in rows(OutgoingMail)] == ["haneul@example.org"]
    assert sign_in(browse(), "kim.haneul").status_code == 302


@pytest.mark.parametrize("changes", [{"name": "x"}, {"nickname": ""}, {"nickname": "가" * 21}, {"email": "nothing"},
                                     {"email": ""}, {"password": "short"}, {"password": "kim.haneul"}])
def test_the_form_says_what_is_wrong_and_the_link_works_on(town, browse, changes):
    path = f"/first/{first_links.make()[0]}"
    assert browse().post(path, data=FORM | changes).status_code == 422
    assert rows(User) == []
    assert browse().post(path, data=FORM).status_code == 303


def test_used_late_and_unknown_links_are_one_sentence(town, browse, at):
    at(MAY)
    used, late = (f"/first/{token}" for token in first_links.make())
    browse().post(used, data=FORM)
    at(MAY + timedelta(hours=1))
    answers = [asked(path, **fields) for path in (used, late, "/first/" + "A" * 22, "/first/%F0%9F%8D%89")
               for asked, fields in ((browse().get, {}), (browse().post, {"data": FORM}), (browse().post, {}))]
    assert {answer.status_code for answer in answers} == {404}
    assert {re.search('<p class="lead">(.*)</p>', answer.get_data(as_text=True))[1] for answer in answers} == {
        str(first_links.does_not_work())}


def test_nobody_who_is_signed_in_uses_a_link_of_somebody_else(town, browse):
    path, member = f"/first/{first_links.make()[0]}", town.user()
    browser = browse(member)
    assert browser.get(path).status_code == browser.post(path, data=FORM).status_code == 409
    assert browse().get(path).status_code == 200


@pytest.mark.parametrize("host, remote, headers, status", [
    ("localhost:8000", "127.0.0.1", {}, 200), ("127.0.0.1", "127.0.0.1", {}, 200), ("[::1]:80", "::1", {}, 200),
    ("localhost", "192.0.2.7", {}, 403), ("forum.example.org", "127.0.0.1", {}, 403),
    ("localhost", "127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 403), ("localhost", "", {}, 403)])
def test_without_https_a_link_opens_on_the_machine_alone(town, browse, host, remote, headers, status):
    path = f"/first/{first_links.make()[0]}"
    ask = {"headers": {"Host": host} | headers, "environ_base": {"REMOTE_ADDR": remote}}
    assert browse().get(path, **ask).status_code == status
    if status == 403:
        assert browse().post(path, data=FORM, **ask).status_code == 403
        assert rows(User) == []
    assert browse().get(path, base_url="https://forum.example.org", **ask | {"headers": headers}).status_code == 200
