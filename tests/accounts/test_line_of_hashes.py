"""The lane in which passwords wait to be hashed: bounded, known devices and confirmations first."""

import threading
import time
from contextlib import suppress

import pytest
from flask import session

from civic_forum.accounts import passwords
from civic_forum.platform.base import db
from civic_forum.platform.errors import Busy
from civic_forum.platform.lanes import Lane

from tests.running.machine import patience
from .people import ANOTHER, PASSWORD, application, member, password_hash, sign_in
from .test_links_and_codes import desk_code, with_code
from .test_signing_in import open_sessions

PLACES = 3


@pytest.fixture
def lane(app, monkeypatch):
    """The lane of this process, empty and with few places."""
    password_hash(), passwords._stand_in()  # made before anybody holds it up
    made = Lane(places=1, most=PLACES, most_of_one=4, patience_s=patience(20), crowded=passwords._crowded,
                enough=passwords._crowded)
    monkeypatch.setattr(passwords, "LANE", made)
    return made


class Waiting:
    """Others who wait in a lane that one of them holds up."""

    def __init__(self, lane):
        self.lane, self.threads, self.go_on = lane, [], threading.Event()
        for number in range(PLACES + 1):
            self.threads.append(threading.Thread(target=self.wait, args=(f"browser:{number}",), daemon=True))
            self.threads[-1].start()
            self.until(lambda number=number: len(lane._waiting) + len(lane._at_work) > number)

    def wait(self, who):
        with suppress(Busy), self.lane.turn(who):  # with one more the last who came has to go
            self.go_on.wait()

    def until(self, true):
        deadline = time.monotonic() + patience(10)
        while not true():
            assert time.monotonic() < deadline
            time.sleep(0.001)

    def end(self):
        self.go_on.set()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def full(lane):
    people = Waiting(lane)
    yield people
    people.end()


def test_a_browser_is_known_by_its_sign_in_else_by_its_forms(app):
    with app.test_request_context():
        session["csrf_token"] = "forms"
        assert passwords._browser() == ("browser:forms",)
        session["_user_id"] = "sign-in"
        assert passwords._browser() == ("browser:sign-in",)
    assert passwords._browser() == ()


def test_a_sign_in_that_finds_the_line_full_leaves_no_trace_and_keeps_what_was_written(app, town, full, browse):
    member(town, sign_in_name="sanho.kim")
    for _each in range(app.config["LIMIT_SIGN_IN_NAME"] + 1):
        page = sign_in(browse(), "sanho.kim", kept="what was being sent", next="/terms")
        assert page.status_code == 503 and int(page.headers["Retry-After"]) >= 1
        assert "초 뒤에 다시" in page.text and "what was being sent" in page.text and "sanho.kim" in page.text
    full.end()
    assert open_sessions() == [] and sign_in(browse(), "sanho.kim").status_code == 302


def test_a_device_that_is_known_passes_a_full_lane(town, lane, browse):
    member(town, sign_in_name="sanho.kim")
    client = browse()
    sign_in(client, "sanho.kim")
    client.post("/sign-out")
    people = Waiting(lane)
    db.session.rollback()
    answers = []
    people.threads.append(threading.Thread(target=lambda: answers.append(sign_in(client, "sanho.kim").status_code)))
    people.threads[-1].start()
    people.until(lambda: any(job.first for job in lane._waiting))
    people.end()
    assert answers == [302]


def test_signing_up_and_the_code_of_the_desk_wait_behind(town, full, browse):
    user = member(town)
    code = desk_code(user)
    page = browse().post("/sign-up", data=application())
    assert page.status_code == 503 and "sanho.kim" in page.text
    assert with_code(browse, user, code).status_code == 503
    full.end()
    assert with_code(browse, user, code).status_code == 302


def test_a_link_that_nobody_sent_is_refused_before_anything_is_hashed(town, browse, monkeypatch):
    monkeypatch.setattr(passwords, "hashed", None)
    page = browse().post("/password-resets/nobody-sent-it", data={"password": ANOTHER, "password_again": ANOTHER})
    assert page.status_code == 422


def test_wrong_guesses_of_an_address_have_to_wait_but_not_on_devices_that_are_known(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_FAILURES_ADDRESS", 4)
    member(town, sign_in_name="sanho.kim")
    known = browse()
    assert sign_in(known, "sanho.kim").status_code == 302
    known.post("/sign-out")
    answers = [sign_in(browse(), f"nobody{number}").status_code for number in range(6)]
    assert answers == [422] * 4 + [429] * 2
    page = sign_in(browse(), "sanho.kim")
    assert page.status_code == 429 and 0 < int(page.headers["Retry-After"]) <= 300 and "분 뒤에" in page.text
    assert sign_in(known, "sanho.kim").status_code == 302
    elsewhere = browse().post("/sign-in", data={"name": "sanho.kim", "password": PASSWORD},
                              environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 302


def test_right_passwords_do_not_count_for_an_address(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_FAILURES_ADDRESS", 2)
    member(town, sign_in_name="sanho.kim")
    assert [sign_in(browse(), "sanho.kim").status_code for _each in range(4)] == [302] * 4
