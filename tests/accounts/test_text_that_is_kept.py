import io
import re

import pytest

from civic_forum.accounts.views import kept
from civic_forum.platform.base import db

from .people import PASSWORD, member, sign_in
from .test_second_factor import code, with_second_factor

TEXT = "횡단보도의 초록불이 너무 짧아서 어르신들이 길을 다 건너지 못해요.\n조금만 길게 해 주세요."


def token(page, name):
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page.text)
    return found[1] if found else ""


def test_a_post_by_a_stranger_keeps_the_text_and_sends_it_after_signing_in(app, town, browse, csrf):
    proposal = town.proposal()
    member(town, sign_in_name="sanho.kim")
    client = browse()
    client.get("/sign-in")
    with client.session_transaction() as session:
        assert session["csrf_token"]
    path = f"/threads/{proposal.thread_id}/comments"
    form = {"csrf_token": token(client.get("/sign-in"), "csrf_token"), "stance": "note", "source": TEXT, "text": TEXT}
    page = client.post(path, data=form)
    assert page.status_code in (401, 403) and "적은 글은 지워지지 않았어요" in page.text
    assert TEXT.splitlines()[0] in page.text
    signed = sign_in(client, "sanho.kim", csrf_token=token(page, "csrf_token"), kept=token(page, "kept"))
    assert signed.status_code == 200 and f'action="{path}"' in signed.text
    assert TEXT.splitlines()[0] in signed.text and 'name="stance" value="note"' in signed.text
    sent = client.post(path, data=form | {"csrf_token": token(signed, "csrf_token")})
    assert sent.status_code not in (400, 401, 403)


def test_an_act_without_a_text_goes_on_without_a_word_of_one(app, town, browse, csrf):
    member(town, sign_in_name="sanho.kim")
    client, path = browse(), f"/proposals/{town.proposal().number}/supports"
    page = client.post(path, data={"csrf_token": token(client.get("/sign-in"), "csrf_token")})
    signed = sign_in(client, "sanho.kim", csrf_token=token(page, "csrf_token"), kept=token(page, "kept"))
    assert signed.status_code == 200 and f'action="{path}"' in signed.text
    assert "이어서 하기" in signed.text and "적은 글" not in signed.text


def test_a_form_older_than_the_cookie_keeps_the_text_for_who_is_signed_in(app, town, browse, csrf):
    client = browse(member(town))
    page = client.post("/threads/1/comments", data={"csrf_token": "old", "source": TEXT, "form_key": "0" * 32})
    assert page.status_code == 400 and TEXT.splitlines()[0] in page.text and "적은 글이 그대로 있어요" in page.text
    assert page.text.count("<textarea") == 1 and f'type="hidden" name="form_key" value="{"0" * 32}"' in page.text
    assert 'action="/threads/1/comments"' in page.text and token(page, "csrf_token") != "old"


def test_a_form_older_than_the_cookie_keeps_the_text_for_a_stranger(app, town, browse, csrf):
    page = browse().post("/threads/1/comments", data={"source": TEXT})
    assert page.status_code == 400 and token(page, "kept") and TEXT.splitlines()[0] in page.text


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
                                     {"Origin": "null"}, {"Referer": "https://evil.example/x"}])
def test_a_form_on_another_site_is_not_kept(app, town, browse, csrf, headers):
    page = browse(member(town)).post("/threads/1/comments", data={"source": TEXT}, headers=headers)
    assert page.status_code == 400 and TEXT.splitlines()[0] not in page.text


def test_passwords_and_codes_are_never_kept(app, town, browse, csrf):
    secret = "a very secret sentence that nobody sees"
    for path in ("/me/password", "/sign-in", "/reset-with-code", "/sign-up"):
        page = browse().post(path, data={"password": secret, "old": secret, "name": TEXT, "code": secret})
        assert secret not in page.text and not token(page, "kept")


def test_a_real_name_and_how_to_reach_somebody_are_never_kept(app, town, browse, csrf):
    proposal, contact = town.proposal(), "누구에게도 보이지 않아야 하는 연락처, 가산디지털1로 1 9층 901호"
    path = f"/proposals/{proposal.number}/formal"
    for client in (browse(), browse(proposal.author)):
        page = client.post(path, data={"name": "김서윤", "contact": contact})
        assert page.status_code in (400, 401, 403)
        assert contact not in page.text and "김서윤" not in page.text and not token(page, "kept")


def test_a_kept_text_that_we_did_not_sign_is_nothing(app, town, browse):
    member(town, sign_in_name="sanho.kim")
    for made_up in ("x", "W10.x.y", "가"):
        assert sign_in(browse(), "sanho.kim", kept=made_up).location == "/"


def test_a_kept_text_is_thrown_away_after_an_hour(app, monkeypatch):
    with app.test_request_context("/"):
        packed = kept.pack(kept.Kept("/x", [("a", TEXT)], False))
        assert kept.unpack(packed) == kept.Kept("/x", [("a", TEXT)], False)
        monkeypatch.setattr(kept, "MAX_AGE_S", -1)
        assert kept.unpack(packed) is None


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example"])
def test_a_kept_text_never_goes_to_another_site(app, path):
    with app.test_request_context(path, method="POST", data={"source": TEXT}):
        found = kept.of_request()
        assert found is None or found.path.startswith("/") and not found.path.startswith(("//", "/\\"))


def test_files_are_not_kept_and_the_page_says_so(app, town, browse, csrf):
    page = browse().post("/threads/1/comments", data={"source": TEXT, "files": (io.BytesIO(b"x"), "a.png")},
                         content_type="multipart/form-data")
    assert "파일은 담아 두지 못해요" in page.text


def test_too_much_is_not_kept(app):
    with app.test_request_context("/x", method="POST", data={"source": "가" * 60_001}):
        assert kept.of_request() is None


def test_scripts_get_problem_details(app, town, browse):
    answer = browse().post("/me/email/confirmations", headers={"Accept": "application/json"})
    assert answer.status_code == 401 and answer.mimetype == "application/problem+json"


def test_the_kept_text_travels_through_the_second_factor(app, town, browse):
    user = with_second_factor(town, sign_in_name="sanho.kim")
    with app.test_request_context("/"):
        packed = kept.pack(kept.Kept("/threads/1/comments", [("source", TEXT)], False))
    client = browse()
    page = sign_in(client, "sanho.kim", PASSWORD, kept=packed)
    done = client.post("/sign-in/code", data={"code": code(user), "kept": token(page, "kept")})
    assert done.status_code == 200 and TEXT.splitlines()[0] in done.text
    db.session.rollback()
