import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts import passwords
from civic_forum.accounts.models import UserSession
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import entry as sessions
from civic_forum.platform import clock
from civic_forum.platform.base import db


from .people import ANOTHER, PASSWORD, member, sign_in

WRONG = "로그인 이름이나 비밀번호가 맞지 않아요."


def open_sessions():
    db.session.rollback()
    return list(db.session.scalars(sa.select(UserSession).order_by(UserSession.id)))


def test_somebody_signs_in_and_comes_back_to_where_they_were(town, browse):
    member(town, sign_in_name="sanho.kim")
    client = browse()
    answer = sign_in(client, "SANHO.KIM", next="/terms?x=1")
    assert (answer.status_code, answer.location) == (302, "/terms?x=1")
    assert client.get("/me").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "\n/"])
def test_nobody_is_led_to_another_site(town, browse, target):
    member(town, sign_in_name="sanho.kim")
    assert sign_in(browse(), "sanho.kim", next=target).location == "/"


def test_an_unknown_name_and_a_wrong_password_are_told_in_the_same_words(town, browse):
    member(town, sign_in_name="sanho.kim")
    pages = [sign_in(browse(), "sanho.kim", "falsch geraten"), sign_in(browse(), "nobody.here", PASSWORD)]
    assert all(page.status_code == 422 and WRONG in page.text for page in pages)
    assert open_sessions() == []


@pytest.mark.in_turns(of=5)
def test_an_unknown_name_takes_as_long_as_a_wrong_password(real_hashes, town, browse):
    member(town, sign_in_name="sanho.kim")
    sign_in(browse(), "nobody.here")

    def seconds(name):
        best = 9.0
        for _each in range(3):
            start = time.process_time()  # whatever else the machine does
            sign_in(browse(), name, "falsch geraten")
            best = min(best, time.process_time() - start)
        return best

    assert 0.4 < seconds("nobody.here") / seconds("sanho.kim") < 2.5


def test_a_blocked_account_is_told_so_only_with_its_password(town, browse):
    member(town, sign_in_name="sanho.kim", blocked_at=clock.now())
    assert WRONG in sign_in(browse(), "sanho.kim", "falsch geraten").text
    client = browse()
    right = sign_in(client, "sanho.kim")
    assert (right.status_code, right.location) == (303, "/me/actions") and open_sessions() == []
    assert "지금은 로그인할 수 없어요" in client.get("/me/actions").text


def test_somebody_who_has_left_or_has_no_password_does_not_sign_in(town, browse):
    member(town, sign_in_name="gone.one", left_at=clock.now())
    town.user(sign_in_name="desk.one")
    assert all(WRONG in sign_in(browse(), name).text for name in ("gone.one", "desk.one"))


def test_a_session_from_before_signing_in_does_not_survive(town, browse):
    member(town, sign_in_name="sanho.kim")
    client = browse()
    with client.session_transaction() as session:
        session["_user_id"], session["planted"], session["csrf_token"] = "planted", "x", "planted"
    sign_in(client, "sanho.kim")
    with client.session_transaction() as session:
        assert "planted" not in session and session["_user_id"] != "planted"
        assert session.get("csrf_token") != "planted"


def test_signing_in_again_ends_the_session_before_on_the_server_too(town, browse):
    user = member(town, sign_in_name="sanho.kim")
    here, copy = browse(user), browse()
    before = here.get_cookie("session").value
    copy.set_cookie("session", before)
    assert copy.get("/me").status_code == 200 and sign_in(here, "sanho.kim").status_code == 302
    assert here.get("/me").status_code == 200 and len(open_sessions()) == 1
    copy.set_cookie("session", before)
    assert copy.get("/me").status_code == 302


def test_signing_out_leaves_nothing_in_the_browser(town, browse):
    client = browse(member(town))
    assert "Clear-Site-Data" not in client.get("/me").headers
    assert client.post("/sign-out").headers["Clear-Site-Data"] == '"cache", "storage"'


def test_the_table_keeps_neither_the_secret_nor_the_user_agent(town, browse):
    member(town, sign_in_name="sanho.kim")
    client = browse()
    client.post("/sign-in", data={"name": "sanho.kim", "password": PASSWORD},
                headers={"User-Agent": "Mozilla/5.0 (Linux; Android 13) Chrome/119.0 Mobile Safari/537.36"})
    with client.session_transaction() as session:
        secret = session["_user_id"]
    [row] = open_sessions()
    assert row.device == "Chrome · Android" and secret.encode() not in row.secret_hash and len(row.secret_hash) == 32


def test_signing_out_ends_the_session_on_the_server_too(town, browse):
    member(town, sign_in_name="sanho.kim")
    client = browse()
    sign_in(client, "sanho.kim")
    with client.session_transaction() as session:
        stolen = session["_user_id"]
    assert client.post("/sign-out").status_code == 302
    assert client.get("/me").status_code == 302 and open_sessions() == []
    thief = browse()
    with thief.session_transaction() as session:
        session["_user_id"] = stolen
    assert thief.get("/me").status_code == 302


def test_a_session_ends_by_itself(town, browse, at):
    user = member(town)
    client = browse(user)
    now = clock.now()
    at(now + timedelta(days=29))
    assert client.get("/me").status_code == 200
    at(now + timedelta(days=30, minutes=1))
    assert client.get("/me").status_code == 302
    sessions.throw_away_old()
    assert open_sessions() == []


def test_the_day_of_last_use_is_noted_once_a_day(town, browse, at, queries):
    client = browse(member(town))
    now = clock.now()
    at(now + timedelta(days=2))
    client.get("/me")
    [row] = open_sessions()
    assert row.seen_on > row.created_at.date()
    with queries() as seen:
        client.get("/me")
    assert not [statement for statement in seen if statement.startswith("UPDATE")]


def test_the_question_of_who_asks_costs_one_query(town, browse, queries):
    client = browse(town.staff(Role.MODERATOR))
    with queries() as seen:
        client.get("/terms")
    assert len(seen) <= 3, seen  # who asks, the first account, versions of tables


@pytest.mark.parametrize("cookie", [None, 5, ["x"], "", "\x00", "가" * 5000])
def test_a_strange_cookie_is_a_stranger(town, browse, cookie):
    client = browse()
    with client.session_transaction() as session:
        session["_user_id"] = cookie
    assert client.get("/me").status_code == 302


def test_too_many_wrong_guesses_for_one_name_have_to_wait(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 3)
    member(town, sign_in_name="sanho.kim")
    member(town, sign_in_name="other.one")
    for _each in range(3):
        assert sign_in(browse(), "sanho.kim", "falsch geraten").status_code == 422
    page = sign_in(browse(), "Sanho.Kim")
    assert page.status_code == 429 and 0 < int(page.headers["Retry-After"]) <= 300
    assert "분 뒤에 다시" in page.text and "sanho" in page.text.lower()
    assert sign_in(browse(), "other.one").status_code == 302


def test_guesses_at_an_unknown_name_are_counted_alike(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 2)
    assert [sign_in(browse(), "nobody.here").status_code for _each in range(3)] == [422, 422, 429]


def test_a_right_password_forgets_the_wrong_guesses(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 2)
    member(town, sign_in_name="sanho.kim")
    for _each in range(3):
        assert sign_in(browse(), "sanho.kim", "falsch geraten").status_code == 422
        assert sign_in(browse(), "sanho.kim").status_code == 302


@pytest.mark.in_turns(of=5)
def test_a_weaker_hash_is_made_anew_at_signing_in(real_hashes, town, browse):
    from argon2 import PasswordHasher

    user = town.user(sign_in_name="old.one", password_hash=PasswordHasher(1, 1024, 1).hash(PASSWORD.encode()))
    assert sign_in(browse(), "old.one").status_code == 302
    db.session.refresh(user)
    assert not passwords.needs_new_hash(user.password_hash) and sign_in(browse(), "old.one").status_code == 302


@pytest.mark.both
def test_a_list_of_devices_ends_one_or_all_others(town, browse):
    user = member(town)
    here, there, far = browse(user), browse(user), browse(user)
    first, second, third = open_sessions()
    assert here.post(f"/me/sessions/{second.id}/end").status_code == 302
    assert there.get("/me").status_code == 302 and far.get("/me").status_code == 200
    here.post("/me/sessions/others/end")
    assert far.get("/me").status_code == 302 and here.get("/me").status_code == 200
    assert here.post(f"/me/sessions/{first.id}/end").location == "/sign-in"


def test_nobody_ends_the_session_of_somebody_else(town, browse):
    browse(member(town))
    [row] = open_sessions()
    assert browse(member(town)).post(f"/me/sessions/{row.id}/end").status_code == 404
    assert len(open_sessions()) == 2


def test_changing_the_password_ends_the_other_sessions(town, browse):
    user = member(town)
    here, there = browse(user), browse(user)
    page = here.post("/me/password", data={"old": "falsch", "password": ANOTHER, "password_again": ANOTHER})
    assert page.status_code == 422 and "비밀번호가 맞지 않아요" in page.text
    here.post("/me/password", data={"old": PASSWORD, "password": ANOTHER, "password_again": ANOTHER})
    assert here.get("/me").status_code == 200 and there.get("/me").status_code == 302
    assert sign_in(browse(), user.sign_in_name, ANOTHER).status_code == 302
