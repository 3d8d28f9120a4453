"""A mobile number is proven by digits that were sent there; until then nothing else leaves to it."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import OneTimeCode, User
from civic_forum.accounts.services import codes, leaving
from civic_forum.accounts.services import entry as sessions
from civic_forum.platform import clock, keys
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound, Refusal
from civic_forum.platform.outbox import Carrier, OutgoingMail
from tests.racing import at_once

from .people import PASSWORD, member

NUMBER, PAGE = "010-0000-1234", "/me/mobile"


@pytest.fixture
def owner(town):
    return member(town, mobile=NUMBER)


def messages() -> list[OutgoingMail]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OutgoingMail).filter_by(carrier=Carrier.SMS).order_by(OutgoingMail.id)))


def asked(user) -> str:
    """The digits that were sent."""
    codes.ask_for_code(by=user)
    return re.search(r"[0-9]{6}", messages()[-1].body.partition("]")[2])[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def proven(user) -> bool:
    db.session.rollback()
    db.session.refresh(user)
    return user.confirmed_mobile is not None


def test_on_the_page_from_the_number_to_the_proof(owner, browse):
    client = browse(owner)
    assert "아직 확인하지 않았어요" in client.get("/me").text and NUMBER in client.get(PAGE).text
    assert "문자를 보냈어요" in client.post(f"{PAGE}/codes", follow_redirects=True).text
    [message] = messages()
    assert message.recipient == NUMBER and message.kind == "confirm_mobile"
    assert len(message.body.encode("cp949")) <= 90
    code = re.search(r"[0-9]{6}", message.body.partition("]")[2])[0]
    assert client.post(PAGE, data={"code": wrong(code)}).status_code == 422 and not proven(owner)
    assert "휴대전화 번호를 확인했어요" in client.post(PAGE, data={"code": code}, follow_redirects=True).text
    assert proven(owner) and owner.confirmed_mobile == NUMBER
    assert code not in str([entry.details for entry in db.session.scalars(sa.select(AuditEntry))])


@pytest.mark.parametrize("form", ["{0}", " {0} ", "{1} {2}", "{1}-{2}"])
def test_digits_count_however_they_are_grouped(owner, form):
    code = asked(owner)
    codes.confirm(form.format(code, code[:3], code[3:]), by=owner)
    assert proven(owner)


@pytest.mark.parametrize("language, name", [("ko", "SITE_NAME"), ("en", "SITE_NAME_EN")])
def test_a_message_begins_with_the_name_of_the_site_in_the_language_of_its_reader(app, town, language, name):
    assert app.config["SITE_NAME"] != app.config["SITE_NAME_EN"]
    asked(member(town, mobile=NUMBER, language=language))
    assert messages()[-1].body.startswith(f"[{app.config[name]}] ")


def test_the_log_tells_of_digits_that_were_asked_for_and_typed(owner):
    codes.confirm(asked(owner), by=owner)
    assert db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all() == [
        "accounts.mobile_confirmation_asked", "accounts.mobile_confirmed"]


def test_full_width_digits_count(owner):
    codes.confirm(asked(owner).translate({48 + digit: 0xff10 + digit for digit in range(10)}), by=owner)
    assert proven(owner)


def test_a_code_works_once_for_its_owner_and_ten_minutes(town, owner, at):
    code, other = asked(owner), member(town, mobile=NUMBER)
    with pytest.raises(NotFound):
        codes.confirm(code, by=other)
    codes.confirm(code, by=owner)
    with pytest.raises(NotFound):
        codes.confirm(code, by=owner)
    late = asked(other)
    at(clock.now() + timedelta(minutes=10, seconds=1))
    with pytest.raises(NotFound):
        codes.confirm(late, by=other)
    assert not proven(other)


def test_five_tries_and_then_a_new_code_is_needed(owner):
    code = asked(owner)
    for left in (4, 3, 2, 1):
        with pytest.raises(Refusal, match=f"{left}번 더"):
            codes.confirm(wrong(code), by=owner)
    with pytest.raises(Refusal, match="다섯 번"):
        codes.confirm(wrong(code), by=owner)
    with pytest.raises(NotFound):
        codes.confirm(code, by=owner)
    codes.confirm(asked(owner), by=owner)
    assert proven(owner)


def test_a_newer_code_ends_the_older_one(owner):
    older, newer = asked(owner), asked(owner)
    if older != newer:
        with pytest.raises(Refusal):
            codes.confirm(older, by=owner)
    codes.confirm(newer, by=owner)
    assert proven(owner)


def test_one_number_gets_five_an_hour_whoever_asks(town, owner, at):
    for user in (owner, *(member(town, mobile=NUMBER) for _each in range(4))):
        codes.ask_for_code(by=user)
    with pytest.raises(Refusal, match="한 시간 뒤"):
        codes.ask_for_code(by=member(town, mobile=NUMBER))
    assert len(messages()) == 5
    at(clock.now() + timedelta(hours=1, seconds=1))
    codes.ask_for_code(by=owner)


def test_an_account_gets_five_an_hour_whatever_the_number(owner, browse):
    for number in range(5):
        change(browse(owner), f"010-0000-000{number}")
        db.session.refresh(owner)
        codes.ask_for_code(by=owner)
    change(browse(owner), NUMBER)
    with pytest.raises(Refusal, match="한 시간 뒤"):
        codes.ask_for_code(by=owner)


def test_one_number_gets_ten_a_day_whoever_asks(town, owner, at):
    start = clock.now()
    for hour in range(10):
        at(start + timedelta(hours=hour * 2))
        codes.ask_for_code(by=member(town, mobile=NUMBER))
    at(start + timedelta(hours=23))
    sessions.throw_away_old()
    with pytest.raises(Refusal, match="내일 다시"):
        codes.ask_for_code(by=owner)
    assert len(messages()) == 10
    at(start + timedelta(hours=24, seconds=1))
    codes.ask_for_code(by=owner)


def test_an_account_gets_ten_a_day_whatever_the_number(owner, browse, at):
    start = clock.now()
    for hour in range(10):
        at(start + timedelta(hours=hour * 2))
        change(browse(owner), f"010-0000-000{hour}")
        db.session.refresh(owner)
        codes.ask_for_code(by=owner)
    change(browse(owner), NUMBER)
    with pytest.raises(Refusal, match="내일 다시"):
        codes.ask_for_code(by=owner)


def test_accounts_that_come_and_leave_send_no_more_to_a_number(town, browse):
    for _each in range(5):
        passing = member(town, mobile=NUMBER)
        assert "문자를 보냈어요" in browse(passing).post(f"{PAGE}/codes", follow_redirects=True).text
        leaving.leave(PASSWORD, by=passing)
    passing = member(town, mobile=NUMBER)
    assert "여러 번 보냈어요" in browse(passing).post(f"{PAGE}/codes", follow_redirects=True).text
    assert messages() == []


def test_five_wrong_ones_at_once_and_the_right_one_is_void(app, owner):
    code, number = asked(owner), owner.id
    others = [f"{(int(code) + n) % 1_000_000:06}" for n in range(1, 9)]
    db.session.rollback()
    said = at_once(app, 8, lambda n: codes.confirm(others[n], by=db.session.get(User, number)))
    assert all(isinstance(one, Refusal) for one in said)
    assert sum(isinstance(one, NotFound) for one in said) == 3, "only five were looked at"
    with pytest.raises(NotFound):
        codes.confirm(code, by=owner)
    assert not proven(owner)


def test_codes_are_compared_in_constant_time(owner, monkeypatch):
    compared, is_one_of = [], keys.is_one_of
    monkeypatch.setattr(
        keys, "is_one_of", lambda given, known: compared.append((given, *known)) or is_one_of(given, known))
    code = asked(owner)
    with pytest.raises(Refusal):
        codes.confirm(wrong(code), by=owner)
    codes.confirm(code, by=owner)
    assert len(compared) == 2 and {len(one) for both in compared for one in both} == {32}


def change(client, number: str) -> None:
    answer = client.post("/me/profile", data={"nickname": "산호길 산책", "mobile": number, "neighbourhood": "elsewhere",
                                              "language": "ko"})
    assert answer.status_code == 302
    db.session.rollback()


def test_a_number_that_is_changed_or_taken_away_is_unproven_and_its_code_is_void(owner, browse):
    codes.confirm(asked(owner), by=owner)
    change(browse(owner), NUMBER)
    assert proven(owner), "nothing was changed"
    change(browse(owner), "010-0000-4321")
    assert not proven(owner)
    code = asked(owner)
    change(browse(owner), "010-0000-9999")
    with pytest.raises(NotFound):
        codes.confirm(code, by=owner)
    change(browse(owner), "")
    with pytest.raises(Refusal):
        codes.ask_for_code(by=owner)


def test_a_proven_fact_is_not_asked_for_again(owner):
    codes.confirm(asked(owner), by=owner)
    with pytest.raises(Refusal, match="확인할 휴대전화 번호가 없어요"):
        codes.ask_for_code(by=owner)


def test_a_number_may_belong_to_two_of_a_household(town, owner):
    other = member(town, mobile=NUMBER)
    for user in (owner, other):
        codes.confirm(asked(user), by=user)
    assert proven(owner) and proven(other)


@pytest.mark.both
def test_leaving_takes_number_codes_and_messages_along(owner):
    codes.confirm(asked(owner), by=owner)
    leaving.leave(PASSWORD, by=owner)
    assert messages() == [] and db.session.scalar(sa.select(OneTimeCode.id)) is None
    db.session.refresh(owner)
    assert owner.confirmed_mobile is None
