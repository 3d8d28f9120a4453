import io
import json
import zipfile
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts import documents
from civic_forum.accounts.documents import REQUIRED
from civic_forum.accounts.models import Consent
from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.accounts.policy import may_issue_desk_code
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.outbox import OutgoingMail
from tests.common import again
from tests.polls.making import voter

from .people import PASSWORD, member

PAGES = ("/me", "/me/profile", "/me/email", "/me/password", "/me/sessions", "/me/second-factor", "/me/consents",
         "/me/download", "/me/leaving")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_one_s_own_is_for_oneself(town, browse, path):
    stranger = browse().get(path)
    assert stranger.status_code == 302 and stranger.location == f"/sign-in?next={path}"
    page = browse(member(town)).get(path)
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_one_s_own_needs_few_queries(town, browse, queries, path):
    client = browse(member(town, neighbourhood_id=town.neighbourhood().id))
    with queries() as seen:
        client.get(path)
    assert len(seen) <= (16 if path == "/me" else 9), f"its lists, one statement each, however long: {seen}"


def test_somebody_changes_what_is_said_of_them(town, browse):
    user, place = member(town), town.neighbourhood()
    answer = browse(user).post("/me/profile", data={"nickname": "새 이름", "mobile": "010 1234 5678",
                                                    "neighbourhood": str(place.id), "language": "en"})
    assert answer.location == "/me"
    user = again(user)
    assert (user.nickname, user.mobile, user.neighbourhood_id, user.language) == (
        "새 이름", "010-1234-5678", place.id, "en")


@pytest.mark.parametrize("change", [{"nickname": "구청 담당자"}, {"mobile": "12"}, {"neighbourhood": "77777"},
                                    {"language": "xx"}, {"nickname": ""}])
def test_a_change_that_is_not_right_comes_back(town, browse, change):
    user = member(town)
    data = {"nickname": "새 이름", "mobile": "", "neighbourhood": "elsewhere", "language": "ko"} | change
    page = browse(user).post("/me/profile", data=data)
    assert page.status_code == 422 and "err-sum" in page.text and again(user).nickname != "새 이름"


def test_a_muted_user_takes_no_new_nickname_and_changes_the_rest(town, browse):
    user = member(town, muted_until=clock.now() + timedelta(days=7))
    data = {"nickname": "모두 보세요", "mobile": "", "neighbourhood": "elsewhere", "language": "en"}
    page = browse(user).post("/me/profile", data=data)
    assert page.status_code == 422 and "글을 쓸 수 없어요" in page.text and again(user).nickname != "모두 보세요"
    kept = browse(user).post("/me/profile", data=data | {"nickname": user.nickname})
    assert kept.status_code == 302 and again(user).language == "en"


def test_staff_keep_the_nickname_that_they_were_given(town, browse):
    clerk = town.clerk(nickname="시흥1동 담당")
    data = {"nickname": "시흥1동 담당", "mobile": "", "neighbourhood": "elsewhere", "language": "en"}
    assert browse(clerk).post("/me/profile", data=data).status_code == 302


def test_a_changed_address_is_confirmed_before_it_counts(town, browse):
    user = member(town, email="old@example.org", confirmed_email="old@example.org")
    client = browse(user)
    assert client.post("/me/email", data={"email": "new@example.org", "password": "falsch"}).status_code == 422
    assert client.post("/me/email", data={"email": "new@example.org", "password": PASSWORD}).status_code == 302
    user = again(user)
    assert (user.email, user.confirmed_email) == ("new@example.org", "old@example.org")
    told = {mail.recipient: mail.kind for mail in db.session.scalars(sa.select(OutgoingMail))}
    assert told == {"old@example.org": "email_changed", "new@example.org": "confirm_email"}
    assert "아직 확인하지 않았어요" in client.get("/me").text
    assert client.post("/me/email/confirmations").status_code == 302


def test_an_address_is_taken_away(town, browse):
    user = member(town, email="old@example.org", confirmed_email="old@example.org")
    browse(user).post("/me/email", data={"email": "", "password": PASSWORD})
    assert (again(user).email, again(user).confirmed_email) == (None, None)


def test_consents_are_shown_and_news_is_chosen_by_kind(town, browse):
    user = member(town)
    db.session.add_all([Consent(user_id=user.id, document=document, version="1", given=True, at=clock.now())
                        for document in (*REQUIRED, "news")])
    db.session.commit()
    client = browse(user)
    shown = client.get("/me/consents").text
    assert all(f'href="{documents.path(document, "1")}"' in shown for document in REQUIRED)
    assert 'href="/privacy"' in shown and shown.count("그 뒤에 새 판이 나왔어요") == 2  # privacy and collection
    assert 'href="/me/notices/settings"' in shown and "/consents/news" not in shown
    assert client.post("/me/consents/news/withdrawn").status_code == 404


def test_everything_about_oneself_comes_as_a_zip(town, browse):
    user = member(town, email="sanho@example.org", mobile="010-1234-5678", nickname="산호길")
    client = browse(user)
    assert client.post("/me/download", data={"password": "falsch"}).status_code == 422
    answer = client.post("/me/download", data={"password": PASSWORD})
    assert answer.mimetype == "application/zip" and "attachment" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        assert {name.removesuffix(".json") for name in archive.namelist()} == set(PERSONAL_DATA)
        account = json.loads(archive.read("account.json"))
    assert (account["nickname"], account["email"], account["mobile"]) == ("산호길", "sanho@example.org", "010-1234-5678")
    assert "argon2" not in json.dumps(account) and len(account["sessions"]) == 1


@pytest.mark.both
def test_the_zip_is_written_after_the_request_has_let_go_of_its_session(town, browse):
    client = browse(member(town))
    answer = client.post("/me/download", data={"password": PASSWORD}, buffered=False)
    db.session.expunge_all()
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.iter_encoded()))) as archive:
        assert json.loads(archive.read("account.json"))["sessions"]


def test_codes_at_the_desk_are_given_by_these_to_these(town):
    user, clerk, administrator = town.user(), town.clerk(), town.administrator()
    assert may_issue_desk_code(clerk, user) is None and may_issue_desk_code(administrator, clerk) is None
    assert may_issue_desk_code(clerk, administrator) and may_issue_desk_code(user, town.user())
    assert may_issue_desk_code(clerk, clerk) and may_issue_desk_code(administrator, administrator)


def test_a_neighbourhood_with_an_ampersand_is_escaped_once(town, browse):
    page = browse(voter(town, place="달빛 & 별빛동")).get("/me").text
    assert "달빛 &amp; 별빛동" in page and "&amp;amp;" not in page
