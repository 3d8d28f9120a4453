"""Many wrong sign-ins at once and one right one, on a real site."""

import re
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest

from tests.running.machine import patience
from .site import ROOT, environment, running

pytestmark = pytest.mark.servers
WRONG = 150
NAME, PASSWORD = "sanho.kim", "eleven wet otters"
SETTINGS = {"CIVIC_FORUM_SECRET_KEY": "a long text that only this test knows"}


class Person:
    """A browser of somebody who signs in: keeps cookies, sends forms."""

    def __init__(self, site, cookies=None, token=None, address="127.0.0.1"):
        self.site, self.cookies, self.token, self.address = site, cookies or {}, token, address

    def ask(self, method, path, **fields):
        asked = HTTPConnection(urlsplit(self.site.url).netloc, timeout=patience(120), source_address=(self.address, 0))
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


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("wrong", [80, pytest.param(WRONG, marks=pytest.mark.long)])
def test_devices_sign_in_while_one_address_guesses(tmp_path, wrong):
    """One that is known at once, and soon one that is new, at another address or the same."""
    with running(tmp_path / "data", "--empty", **SETTINGS) as site:
        subprocess.run([sys.executable, "-m", "civic_forum.cli", "--data", site.data, "user", "create", NAME,
                        "--password-stdin"], cwd=ROOT, env=environment() | SETTINGS, input=PASSWORD,
                       text=True, check=True)
        owner, attacker = Person(site).opens(), Person(site).opens()
        assert owner.signs_in(NAME, PASSWORD).status == 302
        owner, answers = known(owner).opens(), []
        new = [Person(site, address=address).opens() for address in ("127.0.0.2", "127.0.0.1")]

        def guess(number):
            alike = Person(site, dict(attacker.cookies), attacker.token)
            answer = alike.signs_in(f"nobody{number}", "guessed it")
            answers.append((answer.status, answer.headers["Retry-After"]))

        guesses = [threading.Thread(target=guess, args=(number,)) for number in range(wrong)]
        for one in guesses:
            one.start()
        waited = []
        for device in (owner, *new):
            began = time.monotonic()
            assert device.signs_in(NAME, PASSWORD).status == 302
            waited.append(time.monotonic() - began)
        for one in guesses:
            one.join()
    assert waited[0] < patience(2) and max(waited) < patience(5), waited
    assert {status for status, _again in answers} <= {422, 429, 503}
    assert all(again for status, again in answers if status != 422)


def known(person):
    """The same browser later, signed out: it has the cookie by which the device is known."""
    later = Person(person.site, {name: value for name, value in person.cookies.items() if "known_device" in name})
    assert later.cookies
    return later
