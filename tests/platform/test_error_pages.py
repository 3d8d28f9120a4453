"""Every refusal is a page in the site's look, or problem details for programs."""

import errno

import pytest
import sqlalchemy as sa
from flask import abort, request

from civic_forum.platform import errors
from civic_forum.platform.base import db
from tests.conftest import build

STATUSES = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]
KINDS = {422: errors.Refusal, 400: errors.Invalid, 403: errors.Denied, 404: errors.NotFound, 409: errors.Conflict,
         429: errors.TooMany, 503: errors.Unavailable}
ASKS_JSON = [{"Accept": "application/json"}, {"Accept": "application/problem+json"}]


class Orig(Exception):
    pass


FAULTS = {
    "operational": sa.exc.OperationalError("SELECT 1", {}, Orig()),
    "interface": sa.exc.InterfaceError("SELECT 1", {}, Orig()),
    "pool": sa.exc.TimeoutError("no connection became free"),
    "disk": OSError(errno.ENOSPC, "No space left on device"),
    "quota": OSError(errno.EDQUOT, "Disk quota exceeded"),
    "readonly": OSError(errno.EROFS, "Read-only file system"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with pages that fail in every way there is."""
    app = build(tmp_path_factory.mktemp("errors") / "data")
    app.config |= {"PROPAGATE_EXCEPTIONS": False, "TESTING": False}
    app.add_url_rule("/abort/<int:status>", view_func=lambda status: abort(status), endpoint="abort")
    app.add_url_rule("/abort/<int:status>.json", view_func=lambda status: abort(status), endpoint="abort_json")

    def refuse(status):
        raise KINDS[status]("<b>먼저</b> 확인해 주세요.")

    def fail(kind):
        raise FAULTS[kind]

    def fault():
        raise ZeroDivisionError("secret of the code")

    def read():
        return str(len(request.get_data()))

    app.add_url_rule("/refuse/<int:status>", view_func=refuse)
    app.add_url_rule("/fail/<kind>", view_func=fail)
    app.add_url_rule("/fault", view_func=fault)
    app.add_url_rule("/read", view_func=read, methods=["POST"])
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_a_page_in_the_look_of_the_site(site, status):
    answer = site.test_client().get(f"/abort/{status}")
    assert answer.status_code == status and answer.mimetype == "text/html"
    assert "<h1>" in answer.text and "hd-outer" in answer.text and str(status) in answer.text
    assert "첫 화면으로 가기" in answer.text


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("how", [*ASKS_JSON, ".json"])
def test_every_status_is_problem_details_for_programs(site, status, how):
    path, headers = (f"/abort/{status}{how}", {}) if isinstance(how, str) else (f"/abort/{status}", how)
    answer = site.test_client().get(path, headers=headers)
    assert answer.status_code == status and answer.mimetype == "application/problem+json"
    problem = answer.get_json(force=True)
    assert problem["status"] == status and problem["title"] and problem["detail"] and problem["type"] == "about:blank"


def test_words_are_in_the_language_of_the_page(site):
    client = site.test_client()
    korean = client.get("/abort/404").text
    client.set_cookie("language", "en")
    assert client.get("/abort/404").text != korean and 'lang="en"' in client.get("/abort/404").text


@pytest.mark.parametrize("status", sorted(KINDS))
def test_a_refusal_says_its_own_sentence_and_nothing_of_it_runs(site, status):
    page = site.test_client().get(f"/refuse/{status}")
    assert page.status_code == status and "&lt;b&gt;먼저&lt;/b&gt; 확인해 주세요." in page.text
    problem = site.test_client().get(f"/refuse/{status}", headers=ASKS_JSON[0])
    assert problem.get_json(force=True)["detail"] == "<b>먼저</b> 확인해 주세요."


def test_too_often_says_when_it_works_again(site):
    assert site.test_client().get("/refuse/429").headers["Retry-After"] == "60"


@pytest.mark.parametrize("kind", sorted(FAULTS))
def test_a_database_or_disk_that_is_away_is_503(site, kind):
    answer = site.test_client().get(f"/fail/{kind}")
    assert answer.status_code == 503 and "hd-outer" in answer.text and answer.headers["Retry-After"] == "30"
    assert site.test_client().get("/proposals").status_code == 200


def test_a_fault_tells_nothing_of_the_code(site):
    for headers in ({}, *ASKS_JSON):
        answer = site.test_client().get("/fault", headers=headers)
        assert answer.status_code == 500
        assert "secret" not in answer.text and "ZeroDivision" not in answer.text and "Traceback" not in answer.text


def test_the_address_of_a_form_leads_to_the_page_above_it(site):
    answer = site.test_client().get("/proposals/2026-0001/supports")
    assert answer.status_code == 405 and 'href="/proposals/2026-0001">돌아가기' in answer.text


def test_a_wrong_method_says_which_are_right(site):
    answer = site.test_client().delete("/proposals")
    assert answer.status_code == 405 and set(answer.headers["Allow"].split(", ")) >= {"GET", "HEAD"}


@pytest.mark.parametrize("method", ["TRACE", "PUT", "DELETE", "PROPFIND"])
def test_methods_of_no_page_are_refused(site, method):
    answer = site.test_client().open("/", method=method, headers={"X-Secret": "not to be repeated"})
    assert answer.status_code == 405 and "not to be repeated" not in answer.text


def test_a_form_that_is_too_large_is_413(site):
    answer = site.test_client().post("/read", data=b"x" * (600 * 1024))
    assert answer.status_code == 413 and "hd-outer" in answer.text
    assert site.test_client().post("/read", data=b"x" * (400 * 1024)).text == str(400 * 1024)


@pytest.mark.parametrize("path",
                         ["/%00", "/proposals/%00", "/proposals?after=%00", "/%ff%fe", "/static/..%2f..%2fconfig.py",
                                  "/static/%00", "//evil.example", "/proposals/1/../../x", "/" + "a" * 5000])
def test_strange_addresses_are_refused_and_never_a_fault(site, path):
    answer = site.test_client().get(path)
    assert answer.status_code in (308, 400, 404) and "SETTINGS" not in answer.text
    answer.close()


@pytest.mark.parametrize("number", ["0", "-1", "01", "1.5", "a", "9" * 19, "9" * 400, "%EF%BC%91", "1%0A", "1%20"])
def test_a_row_number_that_no_database_holds_is_not_found(app, browse, town, number):
    assert browse().get(f"/comments/{number}").status_code == 404


def test_the_largest_row_number_is_asked_for(app, browse, town):
    assert browse().get(f"/comments/{'9' * 18}").status_code == 404
