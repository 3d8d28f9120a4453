"""The background work is killed, and there are two of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import config
from civic_forum.app import ROOT
from civic_forum.platform import outbox
from civic_forum.platform.work import use_case
from tests.running.machine import patience
from tests.servers import smtp

from . import towns

pytestmark = pytest.mark.long
LETTERS = 30


def post(town, first):
    with town.app.app_context(), use_case(None):
        for n in range(first, first + LETTERS):
            outbox.post(to=f"reader{n}@example.org", subject="소식", body="새 답변이 있어요.", kind="notice")
    towns.leave(town.app)


def worker_of(site):
    [pid] = [pid for pid in site.processes() if "civic_forum.worker" in Path(f"/proc/{pid}/cmdline").read_text()]
    return pid


def each_once(postbox, first):
    deadline = time.monotonic() + patience(150)
    wanted = sorted(f"reader{n}@example.org" for n in range(first, first + LETTERS))
    while time.monotonic() < deadline:
        got = sorted(letter.recipients[0] for letter in postbox.letters)
        if len(got) >= len(wanted):
            break
        time.sleep(0.2)
    time.sleep(2)
    assert sorted(letter.recipients[0] for letter in postbox.letters) == wanted
    postbox.letters.clear()


def test_mail_leaves_once_though_a_worker_was_killed_and_another_works_beside_it(settle):
    town = settle(people=1)
    with smtp.running() as postbox, towns.running(town, SMTP_URL=postbox.url) as site:
        killed = worker_of(site)
        os.kill(killed, signal.SIGKILL)
        post(town, 0)
        each_once(postbox, 0)
        assert worker_of(site) != killed

        settings = towns.SETTINGS | {"DATA": town.data, "SMTP_URL": postbox.url}
        environment = {config.PREFIX + name: str(value) for name, value in settings.items()}
        second = subprocess.Popen([sys.executable, "-m", "civic_forum.worker"], cwd=ROOT, env=os.environ | environment,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            post(town, 100)
            each_once(postbox, 100)
            assert second.poll() is None
        finally:
            second.terminate()
            second.wait(10)
