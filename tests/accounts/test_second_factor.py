from datetime import datetime, timedelta, timezone

import pyotp
import pytest
import sqlalchemy as sa
import time_machine

from civic_forum.accounts import attempts, totp
from civic_forum.accounts.rules import Role
from civic_forum.accounts.services import profile as second_factor
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.platform.outbox import OutgoingMail

from .people import PASSWORD, member, sign_in

NOON = datetime(2030, 5, 1, 3, tzinfo=timezone.utc)


def code(user, moment=None):
    db.session.rollback()
    return pyotp.TOTP(totp.readable(user.totp_secret)).at(moment or clock.now())


def with_second_factor(town, **facts):
    user = member(town, **facts)
    second_factor.begin(PASSWORD, by=user)
    user.totp_confirmed_at = clock.now()
    db.session.commit()
    return user


def test_somebody_sets_up_a_second_factor(town, browse):
    user = member(town)
    client, other = browse(user), browse(user)
    assert client.get("/me/second-factor/qr.svg").status_code == 404
    assert client.post("/me/second-factor", data={"password": "falsch"}).status_code == 422
    assert client.get("/me/second-factor/qr.svg").status_code == 404
    client.post("/me/second-factor", data={"password": PASSWORD})
    picture = client.get("/me/second-factor/qr.svg")
    assert picture.mimetype == "image/svg+xml" and b"style=" not in picture.data
    assert picture.headers["Cache-Control"] == "no-store"
    key = totp.readable(db.session.get(type(user), user.id, populate_existing=True).totp_secret)
    assert key in client.get("/me/second-factor").text.replace(" ", "")
    assert client.post("/me/second-factor/confirmation", data={"code": "000000"}).status_code == 422
    assert client.post("/me/second-factor/confirmation", data={"code": code(user)}).status_code == 302
    assert other.get("/me").status_code == 302, "it came without a code"
    assert key not in client.get("/me/second-factor").text.replace(" ", "")
    assert client.get("/me/second-factor/qr.svg").status_code == 404


def test_signing_in_asks_for_a_code_after_the_password(town, browse, at):
    at(NOON)
    user = with_second_factor(town, sign_in_name="sanho.kim")
    client = browse()
    page = sign_in(client, "sanho.kim", next="/terms")
    assert page.status_code == 200 and 'action="/sign-in/code"' in page.text
    assert client.get("/me").status_code == 302
    assert client.post("/sign-in/code", data={"code": "000000", "next": "/terms"}).status_code == 422
    answer = client.post("/sign-in/code", data={"code": f"{code(user)[:3]} {code(user)[3:]}", "next": "/terms"})
    assert answer.location == "/terms" and client.get("/me").status_code == 200


def test_a_code_works_once(town, browse, at):
    at(NOON)
    user = with_second_factor(town, sign_in_name="sanho.kim")
    codes = []
    for _each in range(2):
        client = browse()
        sign_in(client, "sanho.kim")
        codes.append(client.post("/sign-in/code", data={"code": code(user, NOON)}).status_code)
    assert codes == [302, 422]


def test_an_older_code_does_not_work_after_a_newer_one(town, at):
    at(NOON)
    user = with_second_factor(town)
    step = totp.step_of(user.totp_secret, code(user), NOON, after=None)
    assert totp.step_of(user.totp_secret, code(user, NOON - timedelta(seconds=30)), NOON, after=step) is None
    assert totp.step_of(user.totp_secret, code(user, NOON + timedelta(seconds=30)), NOON, after=step) == step + 1


@pytest.mark.parametrize("typed", ["", "１２３４５６", "12345", "1234567", "abcdef", "\x00"])
def test_a_text_that_is_no_code_is_refused(town, typed):
    user = with_second_factor(town)
    assert totp.step_of(user.totp_secret, typed, NOON, after=None) is None


def test_there_are_five_minutes_for_the_code(town, browse, at):
    at(NOON)
    user = with_second_factor(town, sign_in_name="sanho.kim")
    client = browse()
    sign_in(client, "sanho.kim")
    late = NOON + timedelta(minutes=6)
    at(late)
    assert client.post("/sign-in/code", data={"code": code(user, late)}).location.startswith("/sign-in")
    assert client.get("/me").status_code == 302


def test_a_code_alone_signs_nobody_in(town, browse):
    with_second_factor(town)
    assert browse().post("/sign-in/code", data={"code": "123456"}).location.startswith("/sign-in")


@pytest.mark.both
def test_codes_are_not_guessed_for_ever(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 3)
    with_second_factor(town, sign_in_name="sanho.kim")
    client = browse()
    sign_in(client, "sanho.kim")
    answers = [client.post("/sign-in/code", data={"code": "000000"}).status_code for _each in range(4)]
    assert answers == [422, 422, 422, 429]


def guesses(client, number, code="000000"):
    return [client.post("/sign-in/code", data={"code": code}).status_code for _each in range(number)]


def test_one_who_goes_on_guessing_waits_longer_each_time(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 3)
    with_second_factor(town, sign_in_name="sanho.kim")
    client = browse()
    sign_in(client, "sanho.kim")
    real, waits = attempts._real_time(), []
    for minutes_later in (0, 6, 62):
        with time_machine.travel(real + minutes_later * 60, tick=False):
            sign_in(client, "sanho.kim")
            guesses(client, 3)
            refused = client.post("/sign-in/code", data={"code": "000000"})
            assert refused.status_code == 429
            waits.append(int(refused.headers["Retry-After"]) / 60)
    assert waits[0] <= 5 < waits[1] <= 60 < waits[2] <= 24 * 60 and "시간 뒤에" in refused.text


def known_with_second_factor(town, browse):
    """The owner's browser, which knows the account, signed out again."""
    user, client = with_second_factor(town, sign_in_name="sanho.kim"), browse()
    sign_in(client, "sanho.kim")
    assert client.post("/sign-in/code", data={"code": code(user, NOON)}).status_code == 302
    client.post("/sign-out")
    return user, client


def test_guesses_of_somebody_else_do_not_lock_the_owner_out(app, town, browse, monkeypatch, at):
    monkeypatch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 3)
    at(NOON)
    user, owner = known_with_second_factor(town, browse)
    for _each in range(2):
        thief = browse()
        sign_in(thief, "sanho.kim")
        assert 429 in guesses(thief, 4)
    later = NOON + timedelta(minutes=1)
    at(later)
    sign_in(owner, "sanho.kim")
    assert owner.post("/sign-in/code", data={"code": code(user, later)}).status_code == 302


def test_a_password_alone_makes_no_device_known(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 3)
    with_second_factor(town, sign_in_name="sanho.kim")
    thief, seen = browse(), []
    for _each in range(3):
        sign_in(thief, "sanho.kim")
        seen += guesses(thief, 1)
    sign_in(thief, "sanho.kim")
    assert seen == [422] * 3 and guesses(thief, 1) == [429]


def test_the_owner_is_told_of_wrong_codes_once_a_day(town, browse, at):
    at(NOON)
    with_second_factor(town, sign_in_name="sanho.kim", email="s@example.org", confirmed_email="s@example.org")
    client = browse()

    def told():
        db.session.rollback()
        return [mail.kind for mail in db.session.scalars(sa.select(OutgoingMail))].count("wrong_codes")

    sign_in(client, "sanho.kim")
    guesses(client, 2)
    assert told() == 0
    guesses(client, 6)
    assert told() == 1
    at(NOON + timedelta(hours=25))
    sign_in(client, "sanho.kim")
    guesses(client, 1)
    assert told() == 2


def test_a_password_changed_between_password_and_code_starts_again(town, browse, at):
    at(NOON)
    user = with_second_factor(town, sign_in_name="sanho.kim")
    client = browse()
    sign_in(client, "sanho.kim")
    db.session.rollback()
    user.password_hash = "changed"
    db.session.commit()
    assert "처음부터 다시" in client.post("/sign-in/code", data={"code": code(user)}).text


def test_it_is_turned_off_with_the_password_and_a_code(town, browse, at):
    at(NOON)
    user = with_second_factor(town)
    client = browse(user)
    for wrong in ({"password": "falsch", "code": code(user)}, {"password": PASSWORD},
                  {"password": PASSWORD, "code": "000000"}):
        assert client.post("/me/second-factor/end", data=wrong).status_code == 422
    assert client.post("/me/second-factor/end", data={"password": PASSWORD, "code": code(user)}).status_code == 302
    db.session.refresh(user)
    assert user.totp_secret is None and user.totp_confirmed_at is None


def test_roles_of_staff_wait_for_a_second_factor_where_it_is_required(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "STAFF_TOTP", "required")
    clerk, observer = town.clerk(password_hash=None), town.staff(Role.OBSERVER)
    assert clerk.roles == frozenset() and not clerk.neighbourhood_ids() and clerk.lacks_second_factor
    assert observer.has(Role.OBSERVER) and not observer.lacks_second_factor
    assert "2단계 인증이 필요해요" in browse(clerk).get("/me").text
    clerk.totp_confirmed_at = clock.now()
    db.session.commit()
    assert clerk.has(Role.CLERK) and clerk.neighbourhood_ids() and not clerk.lacks_second_factor


def test_roles_of_staff_do_not_wait_in_the_sample(town):
    assert town.moderator().has(Role.MODERATOR)


def test_an_administrator_takes_it_off_for_somebody_who_lost_the_telephone(town, browse):
    user, administrator = with_second_factor(town), town.administrator()
    client = browse(user)
    with pytest.raises(Denied):
        second_factor.remove(user, by=town.clerk())
    second_factor.remove(user, by=administrator)
    assert user.totp_secret is None and client.get("/me").status_code == 302
    with pytest.raises(Denied):
        second_factor.remove(administrator, by=administrator)


def test_a_second_factor_in_use_is_not_begun_anew_and_none_is_taken_off_twice(town):
    user, administrator = with_second_factor(town), town.administrator()
    secret = user.totp_secret
    with pytest.raises(Conflict):
        second_factor.begin(PASSWORD, by=user)
    assert user.totp_secret == secret
    second_factor.remove(user, by=administrator)
    with pytest.raises(Refusal, match="쓰지 않는 계정"):
        second_factor.remove(user, by=administrator)


def test_the_secret_lies_sealed_in_the_database(town):
    user = with_second_factor(town)
    assert totp.readable(user.totp_secret).encode() not in user.totp_secret
