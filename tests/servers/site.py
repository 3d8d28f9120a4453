"""The real site, started as `bin/run` starts it, in a process group of its own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import config
from civic_forum import process_group

from tests.running.machine import patience
from . import processes

ROOT = Path(__file__).parents[2]


OF_THE_TESTS = ("CIVIC_FORUM_CHROMIUM", "CIVIC_FORUM_PABULIB_DIR", "CIVIC_FORUM_PICTURES")
"""Of the tests alone: a site refuses settings that it does not know."""


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OF_THE_TESTS}


class Site:
    """A running site: `url`, the sample accounts' `password`, its `data` directory and its `log`."""

    module = "civic_forum.serve"

    def __init__(self, data, *options, **settings):
        self.data, self.options = Path(data), options
        self.settings = {name: str(value) for name, value in settings.items()}
        self.log = self.data.parent / f"{self.data.name}.log"
        self.process = self.url = self.password = None

    def start(self, seconds=300):
        """Start (again) on the same data and return when it says that it is ready."""
        self.log.unlink(missing_ok=True)
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.module,
                 "--port", "0", "--data", str(self.data), *self.options],
                cwd=ROOT, env=environment() | self.settings, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        processes.wait_until(lambda: self.said("Ready"), self.process, self.log, seconds)
        self.url, self.password = self.said("Ready"), self.said("Sample password")
        return self

    def said(self, label):
        """The text after `label:` in what the site has printed so far, or None."""
        found = re.search(rf"^{label}: (.+)$", self.log.read_text(errors="replace"), re.M)
        return found and found[1].strip()

    def stop(self, with_signal=signal.SIGTERM):
        """Ask the whole group to stop, as Ctrl-C does."""
        self._signal(with_signal)
        try:
            self.process.wait(patience(60))  # two, where nothing else runs
        finally:
            self.kill()

    def kill(self):
        """End every process of the site at once, as a power cut does; returns when all are gone."""
        self._signal(signal.SIGKILL)
        self.process.wait()
        while self.processes():
            time.sleep(0.02)

    def processes(self, running=""):
        """The process ids in the site's group, or of those in it that are `running` this."""
        return [pid for pid in process_group.members(self.process.pid) if running in command_of(pid)]

    def _signal(self, number):
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def make_sample(data):
    """Mark what was a site of people, with its keys, as a sample."""
    config.mark_as_sample(data)
    Path(f"{data}-keys", config.OF_PEOPLE).unlink(missing_ok=True)


def command_of(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


@contextlib.contextmanager
def running(data, *options, **settings):
    """A ready Site on `data`; `options` are those of bin/run, `settings` its environment."""
    site = Site(data, *options, **settings)
    try:
        yield site.start()
    finally:
        site.kill()
