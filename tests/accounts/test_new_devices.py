"""Mail to the owner after a sign-in on a device that does not know the account."""

import pyotp
import pytest
import sqlalchemy as sa

from civic_forum.accounts import totp
from civic_forum.accounts.models import User
from civic_forum.platform.base import db
from civic_forum.platform.outbox import OutgoingMail
from tests.factories import MAY

from .people import PASSWORD, application, member, sign_in
from .test_second_factor import with_second_factor

OWN = {"sign_in_name": "sanho.kim", "email": "own@example.org", "confirmed_email": "own@example.org"}


def letters():
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutgoingMail).filter_by(kind="new_device")))


def test_the_owner_is_told_once_for_each_device(town, browse, at):
    at(MAY)
    member(town, **OWN)
    client = browse()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    for _time in range(3):
        sign_in(client, "sanho.kim")
        client.post("/sign-out")
    sent, = letters()
    assert sent.recipient == "own@example.org" and "/me/sessions" in sent.body and "18:00" in sent.body
    assert "203.0" not in sent.body
    sign_in(browse(), "sanho.kim")
    assert len(letters()) == 2


def test_people_who_share_a_device_are_told_once(town, browse):
    member(town, **OWN)
    member(town, sign_in_name="another.one", email="two@example.org", confirmed_email="two@example.org")
    client = browse()
    for name in ("sanho.kim", "another.one") * 3:
        sign_in(client, name)
        client.post("/sign-out")
    assert sorted(one.recipient for one in letters()) == ["own@example.org", "two@example.org"]


def test_a_wrong_password_tells_nobody_and_makes_no_device_known(town, browse):
    member(town, **OWN)
    client = browse()
    sign_in(client, "sanho.kim", "falsch")
    assert not letters()
    sign_in(client, "sanho.kim")
    assert len(letters()) == 1


def test_an_address_that_nobody_proved_gets_nothing(town, browse):
    member(town, sign_in_name="sanho.kim", email="perhaps@example.org")
    sign_in(browse(), "sanho.kim")
    assert not letters()


@pytest.mark.both
def test_the_device_of_the_sign_up_is_known(town, browse):
    client = browse()
    assert client.post("/sign-up", data=application()).status_code == 302
    db.session.execute(sa.update(User).values(confirmed_email="own@example.org"))
    db.session.commit()
    client.post("/sign-out")
    sign_in(client, "sanho.kim")
    assert not letters()


def test_with_a_second_factor_the_code_comes_first(town, browse, at):
    at(MAY)
    user = with_second_factor(town, **OWN)
    client = browse()
    sign_in(client, "sanho.kim", PASSWORD)
    assert not letters()
    client.post("/sign-in/code", data={"code": pyotp.TOTP(totp.readable(user.totp_secret)).at(MAY)})
    assert client.get("/me").status_code == 200 and len(letters()) == 1


@pytest.mark.parametrize("language, words", [("ko", "처음 쓰는 기기"), ("en", "a device")])
def test_it_is_in_the_language_of_the_owner(town, browse, language, words):
    member(town, language=language, **OWN)
    sign_in(browse(), "sanho.kim")
    assert words in letters()[0].body
