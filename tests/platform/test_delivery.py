"""Pages as they leave: the part that a visitor's cache may keep, and the headers of every answer."""

import gzip
import secrets
from types import SimpleNamespace

import brotli
import pytest
from flask import Response, request, session

from civic_forum.platform import delivery, policy
from civic_forum.platform.base import db, is_sqlite
from civic_forum.platform.work import use_case
from tests import factories
from tests.conftest import build

LIST = "/proposals"
ANSWERS = ["/", LIST, "/accessibility", "/sign-in", "/healthz", "/static/css/app.css", "/static/css/app.css?v=1",
           "/static/nothing.css", "/nothing", "/proposals?sort=strangest", "/display?text=lg", "/display?text=huge",
           "/sign-out", "/me", "/robots.txt", "/socket.io/?EIO=4&transport=polling"]


@pytest.fixture
def pages(app, town, monkeypatch, at):
    """The pages that are kept, empty before the test, within one minute."""
    at(factories.MAY)
    monkeypatch.setitem(app.config, "PAGE_CACHE", True)
    kept = app.extensions["pages"] = delivery.PageCache()
    return kept


def closed(answer):
    """Close as a server does once it has sent everything; the body stays."""
    answer.get_data()
    answer.close()
    return answer


def change():
    with use_case(None) as work:
        work.session.add(factories.Thread(kind="proposal"))
    db.session.remove()


def test_the_same_page_has_the_same_etag_on_every_worker_and_after_a_restart(app, pages, browse):
    first = browse().get(LIST)
    app.extensions["pages"] = delivery.PageCache()
    again = browse().get(LIST)
    assert first.headers["ETag"] == again.headers["ETag"] and first.data == again.data


def test_a_page_that_is_kept_has_the_headers_of_its_first_answer(pages, browse):
    address = "/receipts/checker.html"
    first, again = browse().get(address), browse().get(address)
    assert pages.size and first.data == again.data
    assert again.headers["Content-Disposition"].startswith("attachment") and "sandbox" in again.headers[
        "Content-Security-Policy"]
    assert sorted(first.headers) == sorted(again.headers)


def test_asking_for_the_head_alone_makes_the_page_of_everybody(app, pages, browse):
    browse().head(f"{LIST}?sort=newest")
    asked = browse().get(f"{LIST}?sort=newest")
    app.extensions["pages"] = delivery.PageCache()
    assert asked.data == browse().get(f"{LIST}?sort=newest").data


def test_a_page_that_is_known_is_not_sent_again(pages, browse):
    etag = browse().get(LIST).headers["ETag"]
    known = browse().get(LIST, headers={"If-None-Match": etag})
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", etag)
    assert known.headers["Cache-Control"] == "no-cache" and "Cookie" in known.headers["Vary"]
    assert browse().get(LIST, headers={"If-None-Match": '"other", ' + etag}).status_code == 304
    assert browse().get(LIST, headers={"If-None-Match": '"other"'}).status_code == 200


def test_nothing_is_made_again_while_nothing_changes_and_everything_after_any_use_case(app, pages, browse, queries):
    browse().get(LIST)
    with queries() as seen:
        browse().get(LIST)
    assert len(seen) == (0 if is_sqlite() else 1)  # the version of the site, for which SQLite is asked apart
    before = made_at(app)
    change()
    browse().get(LIST)
    assert made_at(app) != before


def made_at(app):
    return [page.made_at for page in app.extensions["pages"].kept.values()]


def test_a_text_written_at_one_is_on_the_next_page(pages, browse, town):
    before = browse().get(LIST)
    town.proposal(title="버스 정류장에 그늘을 만들어 주세요")
    change()
    after = browse().get(LIST, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200 and "그늘을" in after.text


def test_a_page_is_made_again_when_the_minute_is_over(app, pages, browse, at):
    browse().get(LIST)
    before = made_at(app)
    at(factories.MAY.replace(minute=1))
    browse().get(LIST)
    assert made_at(app) != before


def test_somebody_signed_in_never_gets_a_kept_page_and_leaves_none(pages, browse, town):
    visitor = browse().get(LIST)
    user = town.user(nickname="가산동 이웃")
    page = browse(user).get(LIST, headers={"If-None-Match": visitor.headers["ETag"]})
    assert page.status_code == 200 and "가산동 이웃" in page.text
    assert page.headers["Cache-Control"] == "no-store" and "ETag" not in page.headers
    assert "가산동 이웃" not in browse().get(LIST).text
    assert len(pages.kept) == 1


def test_a_session_cookie_that_means_nothing_gets_a_fresh_page(pages, browse):
    browse().get(LIST)
    client = browse()
    client.set_cookie("session", "nonsense")
    assert client.get(LIST).headers["Cache-Control"] == "no-store"


def test_languages_and_display_settings_are_kept_apart(pages, browse):
    etags = set()
    for choice in ("text=", "text=lg", "text=xl", "contrast=1", "language=en"):
        client = browse()
        client.get(f"/display?{choice}")
        page = client.get("/accessibility")
        again = client.get("/accessibility", headers={"If-None-Match": page.headers["ETag"]})
        assert again.status_code == 304
        etags.add(page.headers["ETag"])
    assert len(etags) == 5
    assert browse().get("/accessibility").headers["ETag"] in etags


@pytest.mark.parametrize("path", ["/", LIST, "/accessibility", "/search?q=주차장", "/terms", "/nothing"])
def test_a_visitor_gets_no_cookie(pages, browse, path):
    for _ in range(2):
        page = browse().get(path)
        assert page.status_code == (404 if path == "/nothing" else 200) and "Set-Cookie" not in page.headers


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_every_answer_carries_the_headers(app, pages, browse, path, method, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = closed(browse().open(path, method=method))
    for name, value in delivery.HEADERS.items():
        assert answer.headers.getlist(name) == [value], (name, answer.status)
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Cache-Control" in answer.headers
    assert answer.status_code < 500


def test_https_is_asked_for_where_cookies_need_it(app, pages, browse, monkeypatch):
    assert "Strict-Transport-Security" not in browse().get(LIST).headers
    monkeypatch.setitem(app.config, "COOKIE_SECURE", True)
    assert browse().get(LIST).headers["Strict-Transport-Security"] == "max-age=31536000"
    monkeypatch.setitem(app.config, "HSTS_SUBDOMAINS", True)
    assert browse().get(LIST).headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", [LIST, "/static/css/app.css", "/feeds/proposals.atom", "/nothing"])
def test_nothing_is_for_pages_of_other_sites(pages, browse, path):
    assert closed(browse().get(path)).headers.getlist("Cross-Origin-Resource-Policy") == ["same-origin"]


def test_a_file_with_its_mark_is_kept_for_a_year(browse, app):
    with app.test_request_context():
        from civic_forum.platform.web import asset
        path = asset("css/app.css")
    assert "immutable" in closed(browse().get(path)).headers["Cache-Control"]
    for other in ("/static/css/app.css", "/static/css/app.css?v=1", f"{path}&x=1"):
        assert closed(browse().get(other)).headers["Cache-Control"] == "no-cache"


def test_a_file_is_the_same_for_everybody(town, browse):
    for browser in (browse(), browse(town.resident())):
        answer = closed(browser.get("/static/css/app.css", headers={"Accept-Encoding": "br"}))
        assert answer.headers["Vary"] == "Accept-Encoding" and "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("taken", "packing"), [
    ("gzip, br", "br"), ("gzip, br;q=0", "gzip"), ("deflate, gzip", "gzip")])
@pytest.mark.parametrize("path", [LIST, "/sign-in", "/static/css/app.css", "/nothing"])
def test_a_compressed_text_is_the_same(pages, browse, path, taken, packing):
    plain = closed(browse().get(path))
    for _ in range(2):
        packed = closed(browse().get(path, headers={"Accept-Encoding": taken}))
        assert packed.headers["Content-Encoding"] == packing and "Accept-Encoding" in packed.headers["Vary"]
        unpacked = {"br": brotli.decompress, "gzip": gzip.decompress}[packing](packed.data)
        assert unpacked == plain.data and len(packed.data) < len(plain.data) / 2
        assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Content-Encoding" not in plain.headers


def test_head_says_what_get_would_say(pages, browse):
    for path in (LIST, "/nothing", "/static/css/app.css"):
        head, get = closed(browse().head(path)), closed(browse().get(path))
        assert head.data == b"" and head.status_code == get.status_code
        for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control"):
            assert head.headers.get(name) == get.headers.get(name), (path, name)
    etag = browse().get(LIST).headers["ETag"]
    assert browse().head(LIST, headers={"If-None-Match": etag}).status_code == 304


def page(size):
    return delivery.KeptPage(("1", 1), "etag", b"x" * size)


def test_the_kept_pages_stay_within_their_bounds():
    kept = delivery.PageCache()
    for n in range(delivery.MOST_PAGES + 50):
        kept.put((n,), page(10))
    assert len(kept.kept) == delivery.MOST_PAGES and kept.get((0,)) is None and kept.get((561,))
    half = delivery.MOST_BYTES // 2
    for n in range(5):
        kept.put(("large", n), page(half))
        kept.put(("large", n), page(half))
        assert kept.size == sum(one.size for one in kept.kept.values()) <= delivery.MOST_BYTES
    assert kept.get(("large", 4)) and not kept.get(("large", 2))


def test_compressed_copies_count_and_go_with_their_page(pages, browse):
    for path in (LIST, "/accessibility", "/terms"):
        browse().get(path)
        browse().get(path, headers={"Accept-Encoding": "gzip"})
    assert pages.size == sum(one.size for one in pages.kept.values())
    for key in list(pages.kept):
        pages.drop(key)
    assert pages.size == 0


@pytest.fixture
def workshop(tmp_path, at):
    """A site with a few pages more, to look at what is kept, within one minute."""
    at(factories.MAY)
    app = build(tmp_path / "data")
    app.config |= {"PAGE_CACHE": True, "PROPAGATE_EXCEPTIONS": False}
    made = SimpleNamespace(app=app, count=0)

    def plain():
        made.count += 1
        return f"<p>{'금천 ' * 300}{made.count}</p>"

    def asking():
        first = request.args.get("a")
        return f"<p>{plain()}<b>{first}{request.args.get('b') if first else ''}</b>"

    def with_form():
        session["token"] = "of one person"
        return plain()

    def streamed():
        return Response((part for part in ["<p>", "one", "</p>"]), mimetype="text/html")

    def refused():
        policy.require(None, lambda _actor, _subject: "안 돼요.", None)

    for view in (plain, asking, with_form, streamed, refused):
        app.add_url_rule(f"/{view.__name__}", view_func=view)
    yield made
    with app.app_context():
        db.engine.dispose()


@pytest.mark.in_turns(of=5)
def test_a_page_with_a_form_of_one_person_is_not_kept_for_the_next(workshop):
    for _ in range(2):
        answer = workshop.app.test_client().get("/with_form")
        assert "Set-Cookie" in answer.headers and answer.headers["Cache-Control"] == "no-store"
    assert workshop.count == 2 and not workshop.app.extensions["pages"].kept


@pytest.mark.in_turns(of=5)
def test_streams_and_refusals_are_not_kept(workshop):
    assert workshop.app.test_client().get("/streamed").text == "<p>one</p>"
    assert workshop.app.test_client().get("/refused").status_code == 403
    assert not workshop.app.extensions["pages"].kept


@pytest.mark.in_turns(of=5)
def test_another_value_that_the_view_asks_for_is_another_page(workshop):
    paths = ("/asking", "/asking?a=1", "/asking?a=2", "/asking?b=3", "/asking?a=1&b=3", "/asking", "/asking?b=4&a=1")
    texts = [workshop.app.test_client().get(path).text for path in paths]
    assert workshop.count == len(set(texts)) == 6 and texts[0] == texts[5]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("first", ["/asking?b=3", "/asking?a=1&b=3", "/asking?c=1"])
def test_the_first_page_teaches_what_makes_another(workshop, first):
    """Each address gives what it gives where nothing is kept, whatever was asked for before."""
    client = workshop.app.test_client()
    client.get(first)
    for path in ("/asking", "/asking?a=1", "/asking?a=1&b=2", "/asking?a=1&b=3", "/asking?b=2", "/asking?a=2&c=5"):
        kept = client.get(path).text.partition("<b>")[2]
        workshop.app.config["PAGE_CACHE"] = False
        assert client.get(path).text.partition("<b>")[2] == kept
        workshop.app.config["PAGE_CACHE"] = True


@pytest.mark.both
def test_names_that_no_view_asks_for_make_no_page(pages, browse):
    clean = browse().get(LIST)
    held = dict(pages.kept)
    for number in range(2000):
        assert browse().get(f"{LIST}?{secrets.token_hex(4)}={number}").headers["ETag"] == clean.headers["ETag"]
    assert pages.kept == held
    mixed = browse().get(f"{LIST}?zz=1&sort=supported&q")
    assert mixed.data == browse().get(f"{LIST}?sort=supported").data and len(pages.kept) == len(held) + 1


def test_a_page_links_to_itself_by_what_it_knows(pages, browse):
    page = browse().get(f"{LIST}?zz=1&sort=supported").text
    assert "back=/proposals%3Fsort%3Dsupported" in page and "zz" not in page


@pytest.mark.in_turns(of=5)
def test_a_page_for_a_very_long_query_is_not_kept(workshop):
    for _ in range(2):
        assert workshop.app.test_client().get(f"/asking?a={'x' * 1000}").status_code == 200
    assert workshop.count == 2


@pytest.mark.in_turns(of=5)
def test_the_cache_can_be_switched_off(workshop):
    workshop.app.config["PAGE_CACHE"] = False
    first, second = (workshop.app.test_client().get("/plain") for _ in range(2))
    assert workshop.count == 2 and first.headers["ETag"] != second.headers["ETag"]
