"""The line in which passwords wait to be hashed: bounded, known devices and confirmations first."""

import threading
import time

import pytest

from civic_forum.accounts import passwords
from civic_forum.accounts.passwords import Line, NEVER_WAIT
from civic_forum.platform.base import db
from civic_forum.platform.errors import Busy

from tests.running.machine import patience
from .people import ANOTHER, PASSWORD, application, member, password_hash, sign_in
from .test_links_and_codes import desk_code, with_code
from .test_signing_in import open_sessions


@pytest.fixture
def line(app, monkeypatch):
    """The line of this process, empty; a sentence needs an application."""
    password_hash(), passwords._stand_in()  # made before anybody holds it up
    made = Line()
    monkeypatch.setattr(passwords, "_line", lambda: made)
    with app.test_request_context():
        yield made


class Waiting:
    """People who wait in a line that somebody holds up; `order` says who had their turn."""

    def __init__(self, line):
        self.line, self.order, self.threads = line, [], []
        self.held, self.go_on = threading.Event(), threading.Event()
        self.join("holds up", False, self.hold_up)
        self.held.wait()

    def hold_up(self):
        self.held.set()
        self.go_on.wait()

    def join(self, name, first, act=lambda: None):
        places, deadline = self.places(), time.monotonic() + patience(10)

        def run():
            with self.line.turn(first):
                act()
                self.order.append(name)

        self.threads.append(threading.Thread(target=run, daemon=True))
        self.threads[-1].start()
        while act != self.hold_up and self.places() == places:
            assert time.monotonic() < deadline, f"{name} found no place"
            time.sleep(0.001)

    def places(self):
        return len(self.line._first) + len(self.line._others)

    def fill(self):
        self.line._turn_s = 0
        for number in range(NEVER_WAIT):
            self.join(number, False)

    def end(self):
        self.go_on.set()
        for thread in self.threads:
            thread.join()
        return self.order[1:]


@pytest.fixture
def waiting(line):
    people = Waiting(line)
    yield people
    people.end()


def test_those_who_are_known_come_before_the_others_each_in_their_order(waiting):
    for name, first in (("a", False), ("b", False), ("known", True), ("c", False), ("confirms", True)):
        waiting.join(name, first)
    assert waiting.end() == ["known", "confirms", "a", "b", "c"]


def test_a_turn_that_fails_holds_nobody_up(line):
    with pytest.raises(ValueError), line.turn(True):
        raise ValueError
    with line.turn(False):
        pass


@pytest.mark.parametrize("turn_s, places", [(0, 64), (5, 16), (0.4, 26)])
def test_a_line_that_is_full_or_too_slow_says_when_to_come_again(waiting, turn_s, places):
    waiting.line._turn_s = turn_s
    for number in range(places):
        waiting.join(number, False)
    with pytest.raises(Busy) as busy, waiting.line.turn(False):
        pass
    assert busy.value.status == 503 and busy.value.retry_after == max(1, -(-places * turn_s // 1))
    assert f"{busy.value.retry_after}초 뒤에" in str(busy.value)
    waiting.join("known", True)
    assert waiting.end()[0] == "known"


@pytest.fixture
def full(waiting):
    waiting.fill()
    return waiting


def test_a_sign_in_that_finds_the_line_full_leaves_no_trace_and_keeps_what_was_written(app, town, full, browse):
    member(town, sign_in_name="sanho.kim")
    for _each in range(app.config["LIMIT_SIGN_IN_NAME"] + 1):
        page = sign_in(browse(), "sanho.kim", kept="what was being sent", next="/terms")
        assert page.status_code == 503 and int(page.headers["Retry-After"]) >= 1
        assert "초 뒤에 다시" in page.text and "what was being sent" in page.text and "sanho.kim" in page.text
    full.end()
    assert open_sessions() == [] and sign_in(browse(), "sanho.kim").status_code == 302


def test_a_device_that_is_known_passes_a_full_line(town, line, browse):
    member(town, sign_in_name="sanho.kim")
    client = browse()
    sign_in(client, "sanho.kim")
    client.post("/sign-out")
    people = Waiting(line)
    people.fill()
    db.session.rollback()
    answers = []
    people.threads.append(threading.Thread(target=lambda: answers.append(sign_in(client, "sanho.kim").status_code)))
    people.threads[-1].start()
    deadline = time.monotonic() + patience(10)
    while not line._first and time.monotonic() < deadline:
        time.sleep(0.001)
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


def test_somebody_stopped_while_waiting_leaves_the_line(line, monkeypatch):
    people = Waiting(line)
    monkeypatch.setattr(passwords.threading, "Event", Stopped)
    with pytest.raises(KeyboardInterrupt), line.turn(True):
        pass
    monkeypatch.undo()
    assert people.places() == 0
    people.join("the next", False)
    people.go_on.set()
    for thread in people.threads:
        thread.join(10)
    assert people.order == ["holds up", "the next"]


class Stopped:
    """An event for which nobody waits to the end."""

    def wait(self):
        raise KeyboardInterrupt

    def is_set(self):
        return False
