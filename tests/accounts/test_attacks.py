"""Attempts of somebody who means harm: guessing, filling postboxes, texts that take long, helping oneself."""

import time
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from civic_forum.accounts import attempts, rules
from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import AccessRecord, Letter, User
from civic_forum.accounts.services import leaving, letters, profile
from civic_forum.platform import clock, outbox
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal
from civic_forum.platform.outbox import OutgoingMail
from civic_forum.platform.web import address
from civic_forum.platform.work import use_case

from .people import ANOTHER, PASSWORD, member, sign_in

LONG = 128_000
"""Characters of four bytes that fit into a request to a form."""
GUESSED = [("/me/password", {"old": "guessed it?", "password": ANOTHER, "password_again": ANOTHER}),
           ("/me/email", {"email": "mine@example.org", "password": "guessed it?"}),
           ("/me/leaving", {"password": "guessed it?"}), ("/me/download", {"password": "guessed it?"}),
           ("/me/second-factor", {"password": "guessed it?"}),
           ("/me/second-factor/end", {"password": "guessed it?"})]


def quick(function, text) -> bool:
    begun = time.thread_time()
    function(text)
    return time.thread_time() - begun < 0.05


@pytest.mark.parametrize("character", ["\ufdfa", "\U0001d160", "\u0301", "가\u0301", "a"])
@pytest.mark.parametrize("read", [rules.nickname_fits, rules.email_address, rules.mobile_number, rules.sign_in_key])
def test_a_text_far_too_long_is_refused_before_it_costs_anything(read, character):
    assert quick(read, character * LONG) and not read(character * LONG)


@pytest.mark.parametrize("field", ["name", "nickname", "email", "mobile"])
def test_no_field_of_sign_up_holds_up_the_others(app, town, browse, field):
    client = browse()
    client.post("/sign-up")  # the first one of a process also reads the templates
    begun = time.thread_time()
    page = client.post("/sign-up", data={field: "\U0001d160" * 100_000}, content_type="multipart/form-data")
    assert page.status_code == 422 and time.thread_time() - begun < 0.6


def test_a_name_on_paper_far_too_long_is_refused_at_once(town, browse):
    client = browse(member(town))
    client.post("/me/residency/letters")
    begun = time.thread_time()
    page = client.post("/me/residency/letters", data={"name": "\ufdfa" * 160_000}, content_type="multipart/form-data")
    assert page.status_code == 422 and time.thread_time() - begun < 0.6


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("path", "data"), GUESSED, ids=[path for path, _data in GUESSED])
def test_a_found_signed_in_device_gives_no_guesses_at_the_password(app, town, browse, path, data):
    client, most = browse(member(town)), app.config["LIMIT_SIGN_IN_NAME"]
    assert {client.post(path, data=data).status_code for _try in range(most)} == {422}
    page = client.post(path, data=data)
    assert page.status_code == 429 and 0 < int(page.headers["Retry-After"]) <= 300
    right = {name: PASSWORD if value == "guessed it?" else value for name, value in data.items()}
    assert client.post(path, data=right).status_code == 429


def test_guesses_on_a_found_device_lock_its_owner_out_of_no_other(app, town, browse):
    owner = member(town)
    found, own = browse(owner), browse(owner)
    guess = {"proof_password": "guessed it?", "proof_target": "/me"}
    assert any(found.post("/sign-in/proof", data=guess).status_code == 429 for _try in range(30))
    right = own.post("/sign-in/proof", data={"proof_password": PASSWORD, "proof_target": "/me"})
    assert right.status_code == 307


def test_one_who_goes_on_guessing_on_a_signed_in_device_waits_longer_each_time(app, town, browse, monkeypatch):
    """Codes of the second factor are guessed there too, by whoever has the password and a cookie."""
    monkeypatch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 3)
    client, guess = browse(member(town)), {"proof_password": "guessed it?", "proof_target": "/me"}
    real, waits = attempts._real_time(), []
    for minutes_later in (0, 6, 62):
        with time_machine.travel(real + minutes_later * 60, tick=False):
            answers = [client.post("/sign-in/proof", data=guess) for _try in range(4)]
            waits.append(int(answers[-1].headers["Retry-After"]) / 60)
    assert waits[0] <= 5 < waits[1] <= 60 < waits[2] <= 24 * 60 and "시간 뒤에" in answers[-1].text
    with time_machine.travel(real + (62 + waits[2] - 60) * 60, tick=False):  # an hour before the wait ends
        assert "60분 뒤에" in client.post("/sign-in/proof", data=guess).text


def test_guesses_made_elsewhere_keep_nobody_out_of_a_device_that_knows_them(app, town, browse):
    member(town, sign_in_name="sanho.kim")
    at_home, most = browse(), app.config["LIMIT_SIGN_IN_NAME"]
    sign_in(at_home, "sanho.kim")
    at_home.post("/sign-out")
    for _try in range(most + 2):
        sign_in(browse(), "sanho.kim", "guessed it?")
    assert sign_in(browse(), "sanho.kim").status_code == 429
    assert sign_in(at_home, "SANHO.KIM").status_code == 302


def test_a_device_that_knows_an_account_guesses_no_more_often_than_others(app, town, browse):
    for name in ("sanho.kim", "dolsan.lee"):
        member(town, sign_in_name=name)
    client, most = browse(), app.config["LIMIT_SIGN_IN_NAME"]
    sign_in(client, "dolsan.lee")
    client.post("/sign-out")
    for name in ("dolsan.lee", "sanho.kim"):
        assert {sign_in(client, name, "guessed it?").status_code for _try in range(most)} == {422}
        assert sign_in(client, name).status_code == 429
    client.set_cookie("known_device", "made.up.byhand", path="/sign-in")
    assert sign_in(client, "dolsan.lee").status_code == 302


def test_a_right_password_forgets_the_wrong_ones(app, town, browse):
    client = browse(member(town))
    for _round in range(2):
        for _try in range(app.config["LIMIT_SIGN_IN_NAME"] - 1):
            assert client.post("/me/download", data={"password": "guessed it?"}).status_code == 422
        assert client.post("/me/download", data={"password": PASSWORD}).status_code == 200


def letters_to(recipient: str) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(OutgoingMail)
                             .where(sa.func.lower(OutgoingMail.recipient) == recipient))


@pytest.mark.parametrize("is_known", [False, True], ids=["unknown", "registered"])
def test_many_accounts_do_not_fill_one_postbox(town, is_known, at):
    if is_known:
        member(town, email="victim@example.org", confirmed_email="victim@example.org")
    senders = [member(town) for _each in range(rules.MAILS_AN_HOUR + 2)]
    for number, sender in enumerate(senders):
        text = "victim@example.org" if number % 2 else "VICTIM@example.org"
        if number < rules.MAILS_AN_HOUR:
            profile.change_email(text, PASSWORD, by=sender)
        else:
            with pytest.raises(Refusal) as refused:
                profile.change_email(text, PASSWORD, by=sender)
            assert refused.value.field == "email"
    assert letters_to("victim@example.org") == rules.MAILS_AN_HOUR
    at(clock.now() + timedelta(minutes=61))
    profile.change_email("victim@example.org", PASSWORD, by=db.session.get_one(User, senders[-1].id))
    assert letters_to("victim@example.org") == rules.MAILS_AN_HOUR + 1


@pytest.mark.both
def test_leaving_does_not_empty_the_log_of_look_ups(town):
    clerk, puppet = town.clerk(), member(town, nickname="주민", sign_in_name="puppet.name")
    db.session.add(AccessRecord(by_id=clerk.id, reason="주민 전화를 받고 Puppet.Name 님을 찾음", at=clock.now()))
    db.session.add(AccessRecord(by_id=clerk.id, user_id=puppet.id, reason="전화로 물어 와서", at=clock.now()))
    db.session.commit()
    leaving.leave(PASSWORD, by=puppet)
    db.session.rollback()
    assert sorted(db.session.scalars(sa.select(AccessRecord.reason))) == ["", "… 전화를 받고 … 님을 찾음"]


@pytest.mark.both
def test_leaving_takes_no_letter_of_somebody_else_along(town):
    member(town, email="Victim@example.org", confirmed_email="victim@example.org")
    stranger = member(town, email="victim@example.org")
    with use_case(None):
        outbox.post(to="victim@example.org", subject="", body="", kind="password_changed", user_id=None)
    leaving.leave(PASSWORD, by=stranger)
    assert letters_to("victim@example.org") == 1


def test_a_clerk_does_not_print_the_letter_to_themselves(town):
    place = town.neighbourhood()
    clerk, neighbour = town.clerk(neighbourhood=place), town.clerk(neighbourhood=place)
    letter = letters.request(Identity("남의이름", date(1980, 1, 2)), "금하로 00길 12", place.id, by=clerk)
    with pytest.raises(Denied):
        letters.print_batch([letter.id], by=clerk)
    db.session.rollback()
    assert db.session.get_one(Letter, letter.id, populate_existing=True).code_hash is None
    assert len(letters.print_batch([letter.id], by=neighbour)) == 1


def test_a_number_without_end_at_the_desk_is_no_fault(town, browse):
    place = town.neighbourhood()
    data = {"account": "none", "new_name": "haneul1234", "nickname": "맑은 하늘", "consent": "y", "name": "김하나",
            "birth_date": "19800102", "kinds": "live", "neighbourhood": str(place.id), "evidence": "passport",
            "among": "9" * 5000, "decision": "9" * 5000}
    answer = browse(town.clerk(neighbourhood=place)).post("/desk/residents", data=data)
    assert answer.status_code in (302, 409)


@pytest.mark.parametrize(("one", "other", "same"), [
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True), ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ("192.0.2.1", "192.0.2.2", False), ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False)])
def test_one_network_of_ipv6_counts_as_one_address(app, one, other, same):
    seen = []
    for client in (one, other):
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": client}):
            seen.append(address())
    assert (seen[0] == seen[1]) is same
