"""Text size, contrast, colours and language: cookies by choice only, and the way back."""

import pytest

ELSEWHERE = ["//evil.example", "https://evil.example", "http:evil.example", "/\\evil.example", "\\\\evil.example",
             "/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "javascript:alert(1)",
             "evil.example", "///evil.example", "/%0a/evil.example\r\nSet-Cookie: a=b", "/ok\r\nX: y",
             "", "/" + "a" * 600, "http://[bad", "/\x00", "//evil.example/%2f..", "https:/evil.example",
             "/\\/evil.example"]


@pytest.mark.parametrize("choice, cookie", [("text=lg", "text=lg"), ("text=xl", "text=xl"), ("text=", "text="),
                                            ("contrast=1", "contrast=1"), ("contrast=", "contrast="),
                                            ("look=dark", "look=dark"), ("look=", "look="),
                                            ("language=en", "language=en"), ("language=ko", "language=ko")])
def test_a_choice_is_kept_in_a_cookie_that_scripts_cannot_read(app, browse, town, choice, cookie):
    answer = browse().get(f"/display?{choice}&back=/proposals?sort%3Dnewest")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/proposals?sort=newest")
    [set_cookie] = answer.headers.getlist("Set-Cookie")
    assert set_cookie.startswith(f"{cookie};") and "HttpOnly" in set_cookie and "SameSite=Lax" in set_cookie
    assert "Secure" not in set_cookie and "Max-Age=31536000" in set_cookie


def test_the_cookie_is_for_https_where_the_session_is(app, browse, town, monkeypatch):
    monkeypatch.setitem(app.config, "COOKIE_SECURE", True)
    client = browse()
    [line] = client.get("/display?text=lg").headers.getlist("Set-Cookie")
    assert line.startswith("__Host-text=lg;") and "; Secure" in line and "; Path=/" in line and "Domain" not in line
    assert 'data-text="lg"' in client.get("/accessibility", base_url="https://localhost").text
    client.set_cookie("text", "xl")  # as another host of the domain, or somebody on the way, would set it
    assert 'data-text="lg"' in client.get("/accessibility", base_url="https://localhost").text


def test_the_choice_shows_on_the_page(app, browse, town):
    client = browse()
    client.get("/display?text=xl&contrast=1&language=en")
    page = client.get("/accessibility").text
    assert 'lang="en"' in page and 'data-text="xl"' in page and 'data-krds-mode="high-contrast"' in page


def test_colours_are_those_of_the_device_until_somebody_chooses(app, browse, town):
    client = browse()
    of_device = client.get("/accessibility").text
    assert "data-look" not in of_device and of_device.count('name="theme-color"') == 2
    client.get("/display?look=dark")
    page = client.get("/accessibility").text
    assert 'data-look="dark"' in page and page.count('name="theme-color"') == 1
    client.get("/display?contrast=1")
    assert "data-look" not in client.get("/accessibility").text


@pytest.mark.parametrize("asks, chosen, offered", [
    ("en-US,en;q=0.9,ko;q=0.8", None, True), ("EN", None, True), ("ko-KR,ko;q=0.9,en;q=0.8", None, False),
    ("zh-CN,en;q=0.5", None, False), ("", None, False), ("en", "ko", False), ("en", "en", False)])
def test_english_is_offered_to_browsers_that_ask_for_it_first(app, browse, town, asks, chosen, offered):
    client = browse()
    for _again in range(2):  # made, and as it was kept
        client.get("/accessibility")
        if chosen:
            client.get(f"/display?language={chosen}")
        page = client.get("/accessibility", headers={"Accept-Language": asks})
        assert ("Read this page in English" in page.text) == offered
        assert chosen == "en" or 'lang="ko"' in page.text
        assert "Accept-Language" in page.headers["Vary"]


@pytest.mark.parametrize("query", ["text=huge", "contrast=2", "look=blue", "language=jp", "text=lg&language=<b>"])
def test_an_unknown_choice_is_refused_and_keeps_nothing(app, browse, town, query):
    answer = browse().get(f"/display?{query}")
    assert answer.status_code == 400 and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("name", ["text", "contrast", "look", "language"])
@pytest.mark.parametrize("value", ["huge", "<script>", '"', "가", "x" * 4000])
def test_a_cookie_with_nonsense_counts_as_none(app, browse, town, name, value):
    client = browse()
    client.set_cookie(name, value)
    page = client.get("/accessibility")
    assert page.status_code == 200 and 'lang="ko"' in page.text
    assert "data-krds-mode" not in page.text and "data-look" not in page.text


@pytest.mark.parametrize("back", ELSEWHERE)
def test_the_way_back_never_leaves_the_site(app, browse, town, back):
    answer = browse().get("/display", query_string={"text": "lg", "back": back})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_the_way_back_keeps_korean_words(app, browse, town):
    answer = browse().get("/display", query_string={"text": "lg", "back": "/search?q=주차장"})
    assert answer.headers["Location"] in ("/search?q=주차장", "/search?q=%EC%A3%BC%EC%B0%A8%EC%9E%A5")
