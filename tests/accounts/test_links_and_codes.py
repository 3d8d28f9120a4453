import re
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

import config
from civic_forum.accounts.models import OneTimeCode, UserSession
from civic_forum.accounts.rules import Purpose
from civic_forum.accounts.services import codes, profile
from civic_forum.accounts.operations import READABLE, issue_code, readable_code
from civic_forum.platform import clock, jobs, outbox
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.platform.work import use_case
from tests.common import letters
from tests.factories import MAY

from .people import ANOTHER, PASSWORD, member, sign_in

NEW = {"password": ANOTHER, "password_again": ANOTHER}


def link(mail):
    return re.search(r"https?://[^/\s]+(/(?:email-confirmations|password-resets)/\S+)", mail.body)[1]


def wants_to_confirm(user, address="sanho@example.org"):
    profile.change_email(address, PASSWORD, by=user)
    return link(letters()[-1])


def wants_new_address(user):
    return wants_to_confirm(user, "new@example.org")


def wants_new_password(user):
    codes.ask_for_reset(user.sign_in_name)
    codes.answer_resets()
    return link(letters()[-1])


def has_address(town, **facts):
    return member(town, **{"email": "Sanho@example.org", "confirmed_email": "sanho@example.org"} | facts)


def test_a_link_confirms_the_address_only_when_the_button_is_pressed(town, browse):
    user = member(town)
    path = wants_to_confirm(user, "Sanho@example.org")
    stranger = browse()
    assert stranger.get(path).status_code == stranger.get(path).status_code == 200
    db.session.rollback()
    assert user.confirmed_email is None
    assert stranger.post(path).status_code == 302
    db.session.rollback()
    assert (user.email, user.confirmed_email) == ("Sanho@example.org", "sanho@example.org")


def test_a_link_works_once(town, browse):
    path = wants_to_confirm(member(town))
    assert [browse().post(path).status_code for _each in range(2)] == [302, 422]
    assert browse().get(path).status_code == 404


@pytest.mark.parametrize("seconds, status", [(-1, 302), (0, 422)])
def test_a_link_works_for_a_day(town, browse, at, seconds, status):
    at(MAY)
    path = wants_to_confirm(member(town))
    at(MAY + timedelta(days=1, seconds=seconds))
    assert browse().post(path).status_code == status


def test_a_newer_link_ends_the_older_one(town, browse):
    user = member(town)
    older = wants_to_confirm(user)
    codes.ask_for_confirmation(by=user)
    assert browse().post(older).status_code == 422
    assert browse().post(link(letters()[-1])).status_code == 302


@pytest.mark.parametrize("now", ["second@example.org", None])
def test_a_link_for_an_address_that_was_changed_meanwhile_does_nothing(town, browse, now):
    user = member(town)
    path = wants_to_confirm(user, "first@example.org")
    profile.change_email(now, PASSWORD, by=user)
    assert browse().post(path).status_code == 422


@pytest.mark.parametrize("asks", [wants_new_address, wants_new_password])
def test_a_link_of_an_account_that_was_blocked_meanwhile_does_nothing(town, browse, asks):
    user = has_address(town)
    path = asks(user)
    user.blocked_at = clock.now()
    db.session.commit()
    assert browse().post(path, data=NEW).status_code == 422


@pytest.mark.parametrize("facts", [{}, {"email": "Sanho@example.org", "confirmed_email": "sanho@example.org"}])
def test_there_is_no_letter_without_an_address_to_confirm(town, facts):
    with pytest.raises(Refusal, match="확인할 이메일 주소가 없어요"):
        codes.ask_for_confirmation(by=member(town, **facts))
    assert letters() == []


def test_an_account_gets_five_letters_an_hour_whatever_the_address(town, at):
    at(MAY)
    user = member(town)
    for number in range(5):
        profile.change_email(f"{number}@example.org", PASSWORD, by=user)
    with pytest.raises(Refusal, match="한 시간 뒤"):
        codes.ask_for_confirmation(by=user)
    at(MAY + timedelta(hours=1))
    codes.ask_for_confirmation(by=user)
    assert len(letters()) == 6


@pytest.mark.both
def test_two_accounts_cannot_confirm_one_address(town, browse):
    one, other = wants_to_confirm(member(town)), wants_to_confirm(member(town))
    assert browse().post(one).status_code == 302
    page = browse().post(other)
    assert page.status_code == 422 and "이미 있어요" in page.text


@pytest.mark.parametrize("code", ["x", "가나다", "%00", "a" * 3000, "..%2F..%2Fetc"])
def test_a_code_that_nobody_sent_is_refused(town, browse, code):
    assert browse().get(f"/email-confirmations/{code}").status_code in (404, 400)
    assert browse().post(f"/password-resets/{code}", data=NEW).status_code in (422, 404, 400)


def test_the_database_cannot_be_used_to_open_a_link(town):
    path = wants_to_confirm(member(town))
    code = path.rsplit("/", 1)[1]
    assert len(code) >= 43
    [row] = db.session.scalars(sa.select(OneTimeCode))
    assert len(row.code_hash) == 32 and code.encode() not in row.code_hash


def test_a_forgotten_password_is_answered_the_same_for_everybody(town, browse):
    has_address(town, sign_in_name="sanho.kim")
    member(town, sign_in_name="without.address")
    pages = {browse().post("/forgotten-password", data={"who": who}).text
             for who in ("sanho.kim", "SANHO@example.org", "without.address", "nobody.here", "nobody@example.org")}
    assert len(pages) == 1 and outbox.deliver_due() == 0
    codes.answer_resets()
    assert [mail.recipient for mail in letters()] == ["sanho@example.org", "sanho@example.org"]


def test_asking_for_a_new_password_is_the_same_work_for_everybody(town, browse, queries):
    has_address(town, sign_in_name="sanho.kim")
    member(town, sign_in_name="without.address")
    sent = []
    for who in ("sanho.kim", "sanho@example.org", "without.address", "nobody.here", "sanho.kim"):
        client = browse()
        with queries() as seen:
            client.post("/forgotten-password", data={"who": who})
        sent.append(list(seen))
    assert all(one == sent[0] for one in sent) and any("INSERT INTO outgoing_mail" in one for one in sent[0])


def test_links_leave_once_whichever_worker_is_first(app, town):
    codes.ask_for_reset(has_address(town).sign_in_name)
    codes.ask_for_reset("nobody.here")
    assert codes.answer_resets() == 2 and [mail.kind for mail in letters()] == ["reset_password"]
    assert codes.answer_resets() == 0 and outbox.deliver_due() == 1


def test_a_new_password_by_link_ends_every_session(town, browse):
    user = has_address(town)
    client = browse(user)
    path = wants_new_password(user)
    assert browse().get(path).status_code == 200 and client.get("/me").status_code == 200
    assert browse().post(path, data=NEW | {"password_again": "x"}).status_code == 422
    assert browse().post(path, data=NEW).location == "/sign-in"
    assert client.get("/me").status_code == 302
    assert sign_in(browse(), user.sign_in_name, ANOTHER).status_code == 302
    assert [mail.kind for mail in letters()[-2:]] == ["password_changed", "new_device"]


def test_no_log_of_nginx_has_the_address_of_a_letter(town):
    """Secrets in addresses: a reader of logs could use them before their owner."""
    site = (config.ROOT / "deploy" / "nginx" / "site.conf").read_text()
    unlogged = re.findall(r"location ~ (\S+) \{(?:\n    \w.*)*?\n    access_log off;\n    error_log /dev/null", site)
    assert len(unlogged) >= 2
    kept_out = re.compile("|".join(unlogged))
    assert kept_out.search(wants_new_password(has_address(town)))
    assert kept_out.search(wants_to_confirm(member(town), "dolsan@example.org"))
    assert kept_out.search("/unsubscribe/x") and not kept_out.search("/proposals/password-resets/")


def test_a_new_password_ends_links_and_codes_for_another_one(town, browse):
    user = has_address(town)
    path, code = wants_new_password(user), desk_code(user)
    profile.change_password(PASSWORD, ANOTHER, keep_session=None, by=user)
    assert browse().post(path, data=NEW).status_code == with_code(browse, user, code).status_code == 422


def test_a_link_sent_to_an_address_does_nothing_once_another_one_is_confirmed(town, browse):
    user = has_address(town)
    confirms, resets = wants_new_address(user), wants_new_password(user)
    assert [mail.recipient for mail in letters()[-2:]] == ["new@example.org", "sanho@example.org"]
    assert browse().post(confirms).status_code == 302
    assert browse().post(resets, data=NEW).status_code == 422


def test_an_easy_password_is_refused_and_leaves_link_and_code_open(town, browse):
    user = has_address(town, sign_in_name="sanho.kim")
    path, code = wants_new_password(user), desk_code(user)
    for act in (lambda: codes.reset_password(path.rsplit("/", 1)[1], "tkfkdgo1234"),
                lambda: codes.reset_with_desk_code("sanho.kim", code, "sanho.kim has 7 otters")):
        with pytest.raises(Refusal, match="알아맞히기 쉬운") as refused:
            act()
        assert refused.value.field == "password"
    assert with_code(browse, user, code).status_code == 302


@pytest.mark.both
def test_the_log_tells_of_links_that_were_asked_for_and_used(town):
    user = member(town)
    wants_to_confirm(user)
    codes.ask_for_confirmation(by=user)
    codes.confirm_email(link(letters()[-1]).rsplit("/", 1)[1])
    codes.reset_password(wants_new_password(user).rsplit("/", 1)[1], ANOTHER)
    told = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [one.action for one in told] == [f"accounts.{what}" for what in (
        "email_changed", "email_confirmation_asked", "email_confirmed", "password_reset_asked", "password_reset")]
    assert {one.subject for one in told} == {f"user:{user.id}"} and told[-1].details == {"by": "email"}


def test_letters_for_whoever_asked_leave_without_waiting_for_their_minute(town, monkeypatch):
    begun = []
    monkeypatch.setitem(jobs.queued, "mail", lambda: begun.append("mail"))
    assert codes.answer_resets() == 0 and begun == []
    wants_new_password(has_address(town))
    assert begun == ["mail"]


def test_an_unconfirmed_address_gets_no_link(town):
    codes.ask_for_reset(member(town, email="sanho@example.org").sign_in_name)
    codes.answer_resets()
    assert letters() == []


def test_nobody_s_postbox_is_filled(town):
    user = has_address(town)
    for _each in range(9):
        codes.ask_for_reset(user.sign_in_name)
    codes.answer_resets()
    assert len(letters()) == codes.MAILS_AN_HOUR


def test_two_clicks_at_once_use_a_link_once(app, town):
    code = wants_new_password(has_address(town)).rsplit("/", 1)[1]
    start, outcomes = threading.Barrier(2), []

    def click(password):
        with app.app_context():
            start.wait()
            try:
                codes.reset_password(code, password)
                outcomes.append("done")
            except Refusal:
                outcomes.append("refused")

    threads = [threading.Thread(target=click, args=(word,)) for word in (ANOTHER, "zweites neues Wort")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]


def desk_code(user):
    with use_case(None) as work:
        return issue_code(work.session, user.id, Purpose.DESK_RESET, at=work.at)


def test_a_code_from_the_desk_is_long_and_easy_to_read():
    code = readable_code()
    assert len(READABLE) ** len(code.replace("-", "")) >= 2**60 and not set("01loi") & set(code)


def with_code(browse, user, code, **changes):
    return browse().post("/reset-with-code", data={"name": user.sign_in_name, "code": code} | NEW | changes)


def test_a_code_from_the_desk_sets_a_new_password_in_any_case_and_grouping(town, browse):
    user = member(town)
    client, code = browse(user), desk_code(user)
    assert with_code(browse, user, f" {code.upper().replace('-', ' ')} ").location == "/sign-in"
    assert client.get("/me").status_code == 302 and sign_in(browse(), user.sign_in_name, ANOTHER).status_code == 302
    assert with_code(browse, user, code).status_code == 422
    trail = db.session.scalars(sa.select(AuditEntry.action)).all()
    assert "accounts.password_reset" in trail


def test_a_code_from_the_desk_is_for_one_person_only(town, browse):
    code = desk_code(member(town))
    assert with_code(browse, member(town), code).status_code == 422


@pytest.mark.both
def test_a_code_from_the_desk_may_be_typed_wrong_five_times(town, browse):
    user = member(town)
    code = desk_code(user)
    for _each in range(5):
        page = with_code(browse, user, "abcde-abcde-abcde")
        assert page.status_code == 422 and "맞지 않아요" in page.text
    assert with_code(browse, user, code).status_code == 422
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(UserSession.id))) == 0


def test_a_right_code_at_the_fifth_try_works(town, browse):
    user = member(town)
    code = desk_code(user)
    for _each in range(4):
        with_code(browse, user, "abcde-abcde-abcde")
    assert with_code(browse, user, code).status_code == 302


def test_an_unknown_name_is_told_nothing_else(town, browse):
    user = member(town)
    desk_code(user)
    known = with_code(browse, user, "wrong").text
    unknown = with_code(browse, user, "wrong", name="nobody.here").text
    assert known.replace(user.sign_in_name, "") == unknown.replace("nobody.here", "")


def test_mail_leaves_through_a_real_server_and_its_link_works(app, town, browse, postbox, monkeypatch):
    monkeypatch.setitem(app.config, "SMTP_URL", postbox.url)
    browse(member(town, nickname="산호길 산책")).post("/me/email", data={"email": "sanho@example.org", "password": PASSWORD})
    assert outbox.deliver_due() == 1
    [letter] = postbox.letters_to("sanho@example.org")
    assert letter.get_content_type() == "text/plain" and "산호길 산책 님" in letter.get_content()
    path = re.search(r"/email-confirmations/\S+", letter.get_content())[0]
    assert browse().post(path).status_code == 302
    [row] = letters()
    assert (row.body, row.recipient) == ("", "") and row.sent_at


def test_a_letter_is_in_the_language_of_its_reader(town):
    user = member(town, language="en", nickname="Mai")
    wants_to_confirm(user)
    letter = letters()[-1]
    assert letter.subject == "[Geumcheon 1st Street] Please confirm your email address"
    assert letter.body.startswith("Hello Mai,") and not re.search("[가-힣]", letter.body)


def test_a_letter_is_in_the_language_of_its_reader_whatever_that_of_the_page_is(town, browse):
    for page, reader, words in (("en", "ko", "비밀번호를 다시 정해 주세요"), ("ko", "en", "Please set a new password")):
        user = has_address(town, language=reader, email=f"{reader}@example.org",
                           confirmed_email=f"{reader}@example.org")
        client = browse()
        client.set_cookie("language", page)
        client.post("/forgotten-password", data={"who": user.sign_in_name})
        codes.answer_resets()
        assert words in letters()[-1].subject and letters()[-1].recipient == user.email
