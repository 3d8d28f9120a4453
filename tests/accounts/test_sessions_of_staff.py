"""Sign-ins of whoever has a role: they end by themselves, and nothing that was typed is lost."""

from base64 import b64decode
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import UserSession
from civic_forum.accounts.operations import add_user
from civic_forum.accounts.queries import sessions
from civic_forum.accounts.rules import Role
from civic_forum.accounts.views import kept
from civic_forum.forums.live import queries as listeners
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests import limits
from tests.common import commit, let_go
from tests.conftest import build
from tests.factories import MAY, signed_in

from .people import PASSWORD, member, password_hash, sign_in
from .test_text_that_is_kept import TEXT, token

LOOK_UP = {"person": "010-1234-5678, 시흥1동 은행나무길에서 본 사람", "reason": "전화로 받은 문의를 처리하려고"}


def is_in(client):
    return client.get("/me").status_code == 200


def test_somebody_with_a_role_is_signed_out_after_an_hour_without_use(town, browse, at):
    at(MAY)
    client, neighbour = browse(town.moderator(), again=False), browse(town.resident(), again=False)
    at(MAY + timedelta(minutes=59))
    assert is_in(client)
    at(MAY + timedelta(minutes=59 + 59))
    assert is_in(client)
    at(MAY + timedelta(minutes=59 + 59 + 60))
    assert not is_in(client) and is_in(neighbour)
    assert not is_in(client), "and stays so"


def test_use_is_noted_from_a_minute_on(town, browse, at):
    at(MAY)
    client = browse(town.moderator(), again=False)
    at(MAY + timedelta(minutes=1))
    assert is_in(client)
    at(MAY + timedelta(minutes=60, seconds=59))
    assert is_in(client)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("role", Role)
def test_somebody_with_a_role_is_signed_out_after_twelve_hours(town, browse, at, role):
    at(MAY)
    client = browse(town.staff(role), again=False)
    for half_hours in range(1, 24):
        at(MAY + timedelta(minutes=30 * half_hours))
        assert is_in(client)
    at(MAY + timedelta(hours=12))
    assert not is_in(client)


def test_the_settings_say_how_long(app, town, browse, at, monkeypatch):
    monkeypatch.setitem(app.config, "STAFF_IDLE_MINUTES", 5)
    monkeypatch.setitem(app.config, "STAFF_SESSION_HOURS", 1)
    at(MAY)
    client, idle = browse(town.moderator(), again=False), browse(town.moderator(), again=False)
    for minutes in range(4, 60, 4):
        at(MAY + timedelta(minutes=minutes))
        assert is_in(client)
    assert not is_in(idle)
    at(MAY + timedelta(hours=1))
    assert not is_in(client)


@pytest.mark.both
def test_a_session_of_days_is_none_once_its_owner_gets_a_role(town, browse, at):
    at(MAY)
    user = town.moderator()
    client = browse(user, again=False)
    withdrawn = sa.update(type(user.grants[0])).values(withdrawn_at=MAY)
    commit(withdrawn)
    at(MAY + timedelta(days=2))
    assert is_in(client)
    commit(withdrawn.values(withdrawn_at=None))
    assert not is_in(client)


def test_no_table_says_when_somebody_was_here(town, browse, at):
    at(MAY)
    client = browse(town.moderator(), again=False)
    before = db.session.execute(sa.select(UserSession.__table__)).all()
    db.session.rollback()
    at(MAY + timedelta(minutes=20))
    assert is_in(client) and db.session.execute(sa.select(UserSession.__table__)).all() == before


@pytest.mark.both
def test_lists_of_sessions_and_followers_of_forums_know_the_end_too(town, at):
    at(MAY)
    moderator, resident = town.moderator(), town.resident()
    for user in (moderator, resident):
        signed_in(user)
    numbers = list(db.session.scalars(sa.select(UserSession.id)))

    def known():
        followers = {one.user_id for one in listeners.rights(numbers, [], clock.now()).values()}
        listed = {user.id for user in (moderator, resident) if sessions.of_user(user)}
        assert followers == listed
        return followers

    at(MAY + timedelta(hours=11))
    assert known() == {moderator.id, resident.id}
    at(MAY + timedelta(hours=12))
    assert known() == {resident.id}


@pytest.fixture
def ended(town, browse, at, csrf):
    """Browser, form and account of an administrator whose session ends while a form is filled in."""
    at(MAY)
    user = town.administrator(sign_in_name="sanho.kim", password_hash=password_hash())
    client = browse(user, again=False)
    form = LOOK_UP | {"csrf_token": token(client.get("/desk/people"), "csrf_token")}
    at(MAY + timedelta(hours=2))
    return client, form, user


def test_text_typed_at_the_desk_comes_back_to_who_typed_it(ended):
    client, form, _user = ended
    page = client.post("/desk/people", data=form)
    assert page.status_code == 401 and "적은 글은 지워지지 않았어요" in page.text and "쓰던 계정으로" in page.text
    assert LOOK_UP["person"] not in page.text, "whoever finds the screen does not read it"
    signed = sign_in(client, "sanho.kim", csrf_token=token(page, "csrf_token"), kept=token(page, "kept"))
    assert signed.status_code == 200 and 'action="/desk/people"' in signed.text
    assert LOOK_UP["person"] in signed.text and LOOK_UP["reason"] in signed.text
    sent = client.post("/desk/people", data=form | {"csrf_token": token(signed, "csrf_token")})
    assert sent.status_code == 200 and LOOK_UP["reason"] in sent.text


def test_it_comes_back_to_nobody_else(ended, town, browse):
    client, form, _user = ended
    member(town, sign_in_name="another.one")
    page = client.post("/desk/people", data=form)
    other = browse()
    for given in ({"name": "another.one"}, {"name": "another.one", "password": "falsch"}):
        first = other.get("/sign-in")
        answer = other.post("/sign-in", data={"password": PASSWORD, "csrf_token": token(first, "csrf_token"),
                                              "kept": token(page, "kept")} | given)
        assert LOOK_UP["person"] not in answer.text and answer.status_code in (302, 422)
        other = browse()


def test_text_that_travels_is_sealed(ended, app):
    client, form, _user = ended
    packed = token(client.post("/desk/people", data=form), "kept")
    with app.test_request_context():
        sealed = b64decode(kept._serializer().loads(packed))
        assert LOOK_UP["reason"].encode() not in sealed
        assert dict(kept.unpack(packed).fields) == LOOK_UP


def test_a_text_for_everybody_comes_back_too(ended, town):
    client, form, _user = ended
    path = f"/threads/{town.proposal().thread_id}/comments"
    page = client.post(path, data={"csrf_token": form["csrf_token"], "source": TEXT, "stance": "note"})
    signed = sign_in(client, "sanho.kim", csrf_token=token(page, "csrf_token"), kept=token(page, "kept"))
    assert TEXT.splitlines()[0] in signed.text and f'action="{path}"' in signed.text


@pytest.mark.both
def test_passwords_do_not_travel(ended):
    client, form, _user = ended
    secret = "골목길 끝 파란 대문의 비밀"
    page = client.post("/me/password", data={"csrf_token": form["csrf_token"], "old": secret, "password": secret})
    assert page.status_code == 401 and not token(page, "kept")


@pytest.mark.in_turns(of=5)
def test_cookies_of_a_site_behind_tls_are_of_this_host_alone(tmp_path):
    app = build(tmp_path / "data", COOKIE_SECURE=True)
    with app.app_context():
        limits.forget()
        user = add_user(db.session, name="sanho.kim", password_hash=password_hash(), nickname="산호", at=clock.now())
        db.session.commit()
        client = app.test_client()
        lines = client.post("/sign-in", data={"name": user.sign_in_name, "password": PASSWORD},
                            base_url="https://localhost").headers.getlist("Set-Cookie")
        assert {line.split("=")[0] for line in lines} == {"__Host-session", "__Host-known_device"}
        assert all({"Secure", "HttpOnly", "Path=/"} <= set(line.split("; ")) for line in lines)
        assert client.get("/me", base_url="https://localhost").status_code == 200
        let_go()
