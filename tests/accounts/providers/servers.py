"""Providers of identities as processes and servers of the tests."""

import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection

from civic_forum import process_group
from civic_forum.accounts.providers.rules import Claims, Provider, Purpose
from civic_forum.sample_data import provider as sample

from tests.servers.site import ROOT


@contextmanager
def sample_provider():
    """Address of the provider that a sample has, in a process of its own."""
    listening = process_group.listen("127.0.0.1", 0)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    process = subprocess.Popen([sys.executable, "-m", "civic_forum.sample_data.provider", str(listening.fileno())],
                               cwd=ROOT, pass_fds=[listening.fileno()])
    try:
        wait_for(listening.getsockname()[1])
        yield address
    finally:
        process.kill()
        process.wait()
        listening.close()


def wait_for(port):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        asked = HTTPConnection("127.0.0.1", port, timeout=20)
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
        "key": "sample", "label": "연습용 본인확인(예시)", "label_en": "Practice identity check (example)", "issuer": issuer,
        "client_id": sample.CLIENT, "client_secret": "of an example", "purposes": frozenset({Purpose.RESIDENT, Purpose.SIGN_IN}),
        "claims": Claims(neighbourhood="dong"), "example": True} | changes)
