"""Hostile texts in every field of accounts, on both databases: a sentence or a page, never a fault."""

import pytest

from tests.hostile.strings import STRINGS
from tests.running.turns import some

from .people import PASSWORD, application, member

FORMS = {
    "/sign-up": ("name", "password", "next", "kept"),
    "/sign-in": ("name", "password", "next", "kept"),
    "/sign-in/code": ("code", "next", "kept"),
    "/forgotten-password": ("who",),
    "/reset-with-code": ("name", "code"),
}
OWN = {"/me/profile": ("nickname", "mobile", "neighbourhood", "language", "next"), "/me/email": ("email", "next"),
       "/me/password": ("old", "password")}
SOME = ["주\0차장", *some([hostile.text for hostile in STRINGS], 160)]


def fine(answer):
    return answer.status_code in (200, 302, 308, 400, 403, 404, 413, 422, 429)


@pytest.mark.both
@pytest.mark.parametrize("path", FORMS)
def test_a_hostile_text_in_a_form_of_strangers_is_no_fault(app, town, browse, monkeypatch, path):
    monkeypatch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 100_000)
    client, whole = browse(), application()
    for text in SOME:
        for field in FORMS[path]:
            answer = client.post(path, data=whole | {field: text})
            assert fine(answer), (field, text)
            assert not answer.location or answer.location.startswith("/") and not answer.location.startswith("//")


@pytest.mark.parametrize("path", OWN)
def test_a_hostile_text_in_a_form_of_one_s_own_is_no_fault(town, browse, path):
    client = browse(member(town))
    whole = {"nickname": "이웃집", "mobile": "", "neighbourhood": "elsewhere", "language": "ko", "email": "",
             "password": PASSWORD, "password_again": PASSWORD, "old": "x"}
    for text in SOME:
        for field in OWN[path]:
            assert fine(client.post(path, data=whole | {field: text})), (field, text)
    assert client.get("/me").status_code == 200


def test_a_hostile_nickname_is_shown_as_it_was_typed(town, browse):
    user = member(town, nickname="<b>&'\"</b>", email="a@example.org", mobile="<i>")
    for path in ("/me", "/me/profile"):
        page = browse(user).get(path)
        assert "&lt;b&gt;&amp;&#39;&#34;&lt;/b&gt;" in page.text and "<i>" not in page.text
