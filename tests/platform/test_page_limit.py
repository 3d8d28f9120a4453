"""Pages without end for one address: 429, before anything is read."""

import pytest

from civic_forum.platform import page_limit
from civic_forum.platform.base import db
from civic_forum.platform.delivery import HEADERS
from civic_forum.platform.security_log import NAME
from tests.conftest import build

MOST = 5
ELSEWHERE = {"REMOTE_ADDR": "10.0.0.2"}


@pytest.fixture
def limited(app, town, monkeypatch):
    """The application behind a limit."""
    monkeypatch.setattr(page_limit, "A_MINUTE", 10**9)  # none ends within the test
    made = page_limit.PageLimit(app.wsgi_app, MOST, list(HEADERS.items()), app.extensions[NAME])
    monkeypatch.setattr(app, "wsgi_app", made)
    return made


@pytest.fixture
def client(limited, browse):
    return browse()


def test_pages_without_end_are_429_with_a_time_and_a_sentence(client):
    assert [client.get("/accessibility").status_code for _number in range(MOST)] == [200] * MOST
    answer = client.get("/accessibility")
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) >= 1
    assert "다시 해 주세요" in answer.get_data(as_text=True) and "try again" in answer.get_data(as_text=True)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    asked = client.head("/accessibility")
    assert asked.status_code == 429 and asked.data == b"" and asked.content_length == len(answer.data)


def test_health_styles_and_forms_are_not_counted(client):
    for _number in range(MOST + 1):
        client.get("/nothing")
    counted = {"/healthz": False, "/healthz-and-more": True, "/readyz": True, "/static/css/app.css": False,
               "/service-worker.js": False, "/service-worker.js-and-more": True}
    for path, counts in counted.items():
        with client.get(path) as answer:
            assert (answer.status_code == 429) is counts, path
    assert client.post("/sign-in", data={"name": "nobody"}).status_code not in (429, 500)
    assert client.get("/accessibility", environ_base=ELSEWHERE).status_code == 200


def test_the_next_minute_begins_anew(client, limited):
    for _number in range(MOST + 1):
        client.get("/accessibility")
    limited.minute = -1
    assert client.get("/accessibility").status_code == 200
    assert limited.counts == {"127.0.0.1": 1}


@pytest.mark.in_turns(of=5)
def test_the_setting_says_how_many_and_0_any_number(app, tmp_path):
    assert not isinstance(app.wsgi_app, page_limit.PageLimit)
    other = build(tmp_path / "data", LIMIT_PAGES_ADDRESS=7)
    assert other.wsgi_app.most == 7
    with other.app_context():
        db.engine.dispose()
