"""Providers of identities as processes and servers of the tests."""

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request, urlopen

from civic_forum import process_group
from civic_forum.accounts.providers.rules import Claims, Provider, Purpose
from civic_forum.sample_data import provider as sample

from tests.running.machine import patience
from tests.servers.site import ROOT

from . import hostile

EXAMPLE = "연습용 본인확인(예시)"


@contextmanager
def process(module):
    """Address of a provider in a process of its own."""
    listening = process_group.listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    started = subprocess.Popen([sys.executable, "-m", module, str(listening.fileno())], cwd=ROOT,
                               pass_fds=[listening.fileno()])
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        started.kill()
        started.wait()
        listening.close()


def wait_for(port):
    until = time.monotonic() + patience(20)
    while time.monotonic() < until:
        asked = HTTPConnection("127.0.0.1", port, timeout=patience(20))
        try:
            asked.request("GET", "/.well-known/openid-configuration")
            if asked.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            asked.close()
    raise AssertionError("the provider does not answer")


def described(issuer, **changes):
    """The sample's provider, as its settings describe it."""
    return Provider(**{
        "key": "sample", "label": "연습용 본인확인(예시)", "issuer": issuer,
        "labels": {"en": "Practice identity check (example)"},
        "client_id": sample.CLIENT, "client_secret": "of an example",
        "purposes": frozenset({Purpose.RESIDENT, Purpose.SIGN_IN}),
        "claims": Claims(neighbourhood="dong"), "example": True} | changes)


class Hostile:
    """The provider of `hostile.py`, as the tests talk to it."""

    def __init__(self, issuer):
        self.issuer = issuer

    def behave(self, **behaviour):
        urlopen(Request(f"{self.issuer}/behaviour", json.dumps(behaviour).encode(), method="PUT")).close()

    def asked(self, path):
        """Times that this was asked for."""
        with urlopen(f"{self.issuer}/asked") as answer:
            return json.load(answer).get(path, 0)

    def described(self, **changes):
        return described(self.issuer, **{"client_id": hostile.CLIENT, "client_secret": hostile.SECRET} | changes)


def authorize(url):
    """Address to which a provider sends the browser that came by this one; the hostile one asks nothing."""
    asked = HTTPConnection(urlsplit(url).netloc, timeout=patience(20))
    asked.request("GET", url)
    answer = asked.getresponse()
    answer.read()
    asked.close()
    assert answer.status == 302
    return answer.headers["Location"]


def answer_of(location):
    """Parameters of the way back."""
    return dict(parse_qsl(urlsplit(location).query))
