"""Many wrong sign-ins at once and one right one, on a real site."""

import re
import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest

from .site import running

WRONG = 150


class Person:
    """A browser of somebody who signs in: keeps cookies, sends forms."""

    def __init__(self, site):
        self.site, self.cookies = site, {}

    def ask(self, method, path, **fields):
        asked = HTTPConnection(urlsplit(self.site.url).netloc, timeout=120)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        asked.request(method, path, urlencode(fields) or None, headers)
        answer = asked.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        asked.close()
        return answer, text

    def opens(self):
        _answer, page = self.ask("GET", "/sign-in")
        self.token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        return self

    def signs_in(self, name, password):
        return self.ask("POST", "/sign-in", name=name, password=password, csrf_token=self.token)[0]


@pytest.mark.parametrize("wrong", [40, pytest.param(WRONG, marks=pytest.mark.long)])
def test_a_known_device_signs_in_at_once_while_one_address_guesses(sample_copy, tmp_path, wrong):
    with running(sample_copy(tmp_path)) as site:
        owner, attacker = Person(site).opens(), Person(site).opens()
        assert owner.signs_in("resident6", site.password).status == 302
        owner = known(owner).opens()
        statuses = []

        def guess(number):
            alike = Person(site)
            alike.cookies, alike.token = dict(attacker.cookies), attacker.token
            answer = alike.signs_in(f"nobody{number}", "guessed it")
            statuses.append((answer.status, answer.headers["Retry-After"]))

        guesses = [threading.Thread(target=guess, args=(number,)) for number in range(wrong)]
        for one in guesses:
            one.start()
        time.sleep(1)
        assert len(statuses) < wrong, "nothing waits any more"
        began = time.monotonic()
        assert owner.signs_in("resident6", site.password).status == 302
        waited = time.monotonic() - began
        for one in guesses:
            one.join()
    assert waited < 2, waited
    assert {status for status, _again in statuses} <= {422, 429, 503}
    assert all(again for status, again in statuses if status != 422)


def known(person):
    """The same browser later, signed out: it has the cookie by which the device is known."""
    later = Person(person.site)
    later.cookies = {name: value for name, value in person.cookies.items() if name.endswith("known_device")}
    assert later.cookies
    return later
