"""Too often from one address or by one user: 429, a time, and a sentence."""

import pytest

from tests import limits

LIMIT = 3


@pytest.fixture
def narrow(app, town, monkeypatch):
    """A site with small limits."""
    monkeypatch.setitem(app.config, "LIMIT_ADDRESS", LIMIT)
    monkeypatch.setitem(app.config, "LIMIT_POSTS_USER", LIMIT)
    limits.forget()
    yield app
    limits.forget()


def too_often(client, ask):
    """The first answer that is a 429, and after how many others it came."""
    for count in range(LIMIT * 3):
        answer = ask(client, count)
        if answer.status_code == 429:
            return count, answer
    raise AssertionError("never too often")


ASKED = {
    "signing in": lambda client, n: client.post("/sign-in", data={"name": f"nobody{n}", "password": "wrong"}),
    "signing up": lambda client, n: client.post("/sign-up", data={"name": f"nobody{n}"}),
    "searching": lambda client, n: client.get(f"/search?q=word{n}"),
    "asking for a reset": lambda client, n: client.post("/forgotten-password", data={"name": f"nobody{n}"}),
}


@pytest.mark.parametrize("what", sorted(ASKED))
def test_too_often_is_429_with_a_time_and_a_sentence(narrow, browse, what):
    count, answer = too_often(browse(), ASKED[what])
    assert count == LIMIT
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "hd-outer" in answer.text and "다시 해 주세요" in answer.text
    assert browse().get("/proposals").status_code == 200 and browse().get("/healthz").status_code == 200


def test_a_program_is_told_in_problem_details(narrow, browse):
    _, answer = too_often(browse(), lambda client, n: client.get(
        f"/search?q=word{n}", headers={"Accept": "application/json"}))
    assert answer.mimetype == "application/problem+json" and answer.get_json(force=True)["status"] == 429


def test_another_address_is_not_held_up(narrow, browse):
    too_often(browse(), ASKED["searching"])
    assert browse().get("/search?q=other", environ_base={"REMOTE_ADDR": "10.0.0.2"}).status_code == 200


def test_nobody_gets_around_it_with_a_header(narrow, browse):
    def pretend(client, n):
        return client.get(f"/search?q=word{n}",
                          headers={"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.1.0.{n}",
                                                         "X-Real-IP": f"10.2.0.{n}"})

    assert too_often(browse(), pretend)[0] == LIMIT


def test_a_user_writes_only_so_often_whatever_the_address(narrow, browse, town):
    proposal, client = town.proposal(), browse(town.resident())

    def write(client, n):
        return client.post(f"/threads/{proposal.thread_id}/comments", data={"text": f"말 {n}", "stance": "note"},
                           environ_base={"REMOTE_ADDR": f"10.0.1.{n}"})

    count, answer = too_often(client, write)
    assert count == LIMIT and "hd-outer" in answer.text


def test_searching_120_times_a_minute_is_allowed_by_default():
    import config
    assert config.BY_NAME["LIMIT_ADDRESS"].default >= 120
