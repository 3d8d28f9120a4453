import re
import threading

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import Consent, User, UserSession
from civic_forum.accounts.services import entry as sign_up
from civic_forum.accounts.services.entry import NewAccount
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.outbox import OutgoingMail

from .people import ANOTHER, PASSWORD, application, password_hash


def users():
    db.session.rollback()
    return list(db.session.scalars(sa.select(User)))


def test_somebody_signs_up_and_is_signed_in(town, browse):
    client = browse()
    answer = client.post("/sign-up", data=application())
    assert answer.status_code == 302 and answer.location == "/welcome?next=/me"
    [user] = users()
    assert (user.sign_in_name, user.email, user.neighbourhood, user.is_resident) == ("sanho.kim", None, None, False)
    assert re.fullmatch("이웃 [1-9][0-9]{3}", user.nickname) and user.nickname in client.get("/welcome").text
    assert db.session.scalar(sa.select(AuditEntry.action)) == "accounts.signed_up"


def test_only_a_hash_of_the_password_is_kept(town, browse):
    browse().post("/sign-up", data=application())
    assert users()[0].password_hash.startswith("$argon2id$")


def test_a_consent_is_kept_with_its_version(town, browse):
    browse().post("/sign-up", data=application())
    kept = {one.document: (one.version, one.given) for one in db.session.scalars(sa.select(Consent))}
    assert kept == {"terms": ("1", True), "privacy": ("4", True), "collection": ("2", True), "age": ("1", True)}


def test_nothing_is_ticked_beforehand(town, browse):
    page = browse().get("/sign-up").text
    assert 'type="checkbox"' in page and not re.search(r"<input[^>]* checked", page)


@pytest.mark.parametrize(("change", "sentence"), [
    ({"name": "ab"}, "이 이름은 쓸 수 없어요"), ({"name": "administrator"}, "이 이름은 쓸 수 없어요"),
    ({"name": ""}, "로그인 이름을 적어"), ({"password": "짧다"}, "10자 이상"),
    ({"password": "a" * 12}, "알아맞히기 쉬운"), ({"terms": None}, "이용약관을"),
    ({"privacy": None}, "수집하는 것"), ({"age": None}, "만 14세부터"),
])
def test_a_form_that_is_not_right_comes_back_with_a_sentence(town, browse, change, sentence):
    answer = browse().post("/sign-up", data=application(**change))
    assert answer.status_code == 422 and sentence in answer.text
    assert f'value="{change.get("name", "sanho.kim")}"' in answer.text
    assert users() == []


def test_passwords_do_not_come_back(town, browse):
    answer = browse().post("/sign-up", data=application(age=None))
    assert answer.status_code == 422 and 'type="password"' in answer.text and PASSWORD not in answer.text


@pytest.mark.both
def test_nothing_is_stored_of_somebody_under_14(town, browse):
    client = browse()
    client.post("/sign-up", data=application(age=None))
    assert users() == [] and db.session.scalar(sa.select(sa.func.count(OutgoingMail.id))) == 0
    page = client.get("/sign-up/under-14")
    assert "보호자" in page.text and "계정이 필요 없어요" in page.text


def test_a_taken_name_and_an_unfit_one_are_told_in_the_same_words(town, browse):
    town.user(sign_in_name="sanho.kim")
    taken = browse().post("/sign-up", data=application(name="SanHo.Kim"))
    unfit = browse().post("/sign-up", data=application(name="root"))
    words = "이 이름은 쓸 수 없어요. 영문 소문자와 숫자로 4~30자인 다른 이름을 적어 주세요."
    assert words in taken.text and words in unfit.text and taken.status_code == unfit.status_code == 422


def test_twenty_sign_ups_at_once_with_one_name_make_one_account(app, town, monkeypatch):
    password_hash()  # kept before what makes it is gone
    monkeypatch.setattr(sign_up.passwords, "hashed", lambda _password, **_more: password_hash())
    account = NewAccount(name="same.name", password=ANOTHER, agrees=True)
    start, outcomes = threading.Barrier(20), []

    def run():
        with app.app_context():
            start.wait()
            try:
                outcomes.append(sign_up.sign_up(account, device=""))
            except Refusal as refusal:
                outcomes.append(refusal.field)

    threads = [threading.Thread(target=run) for _each in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("name") == 19
    assert len(users()) == 1 and db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 1


def test_the_page_opens_again_in_english(town, browse):
    client = browse()
    client.get("/display?language=en")
    page = client.get("/sign-up")
    assert page.status_code == 200 and '<html lang="en"' in page.text and "Sign up" in page.text


def test_a_visitor_needs_few_queries(town, browse, queries):
    client = browse()
    with queries() as seen:
        client.get("/sign-up")
    assert len(seen) <= 6, seen
