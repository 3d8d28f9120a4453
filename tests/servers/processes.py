"""Starting and ending the processes behind the tests."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from civic_forum.cluster.rooms import as_account
from tests.running.machine import patience

MEMORY = Path("/dev/shm")
PORTS = range(15_000, 32_000)
ROOMY = 2 * 1024 ** 3
"""Bytes that a cluster of the tests never needs."""


class DidNotStart(Exception):
    """A server ended, or said nothing, before it was ready; carries the end of its log."""


def free_port():
    """A port that nobody listens on: below those that the kernel gives to connections, which it would not keep free
    until the server is up, and drawn at random, as another process of the tests looks for one too."""
    while True:
        port = PORTS.start + secrets.randbelow(len(PORTS))
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def answers(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def room(owner=None, in_memory=False):
    """A directory with a short path (sockets allow about 90 characters), removed afterwards.

    Root hands it to `owner`, because several servers refuse to run as root. `in_memory` where the machine has that.
    """
    fits = in_memory and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOMY
    path = Path(tempfile.mkdtemp(prefix="cf-", dir=MEMORY if fits else "/tmp"))
    try:
        if owner and os.geteuid() == 0:
            account = pwd.getpwnam(owner)
            os.chown(path, account.pw_uid, account.pw_gid)
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def start(arguments, log, owner=None, last_signal="TERM", **options):
    """A child with its output in `log`, told `last_signal` by the kernel should we be killed."""
    account = pwd.getpwnam(owner) if owner and os.geteuid() == 0 else None
    wrapped = as_account(account, map(str, arguments), signal.Signals[f"SIG{last_signal}"])
    with open(log, "ab") as output:
        return subprocess.Popen(
            wrapped, stdout=output, stderr=subprocess.STDOUT, **{"stdin": subprocess.DEVNULL} | options)


def wait_until(ready, process, log, seconds=20):
    """Return when `ready()`; raise DidNotStart when the process ends or the time is over."""
    deadline = time.monotonic() + patience(seconds)
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            said = Path(log).read_text(errors="replace")[-2000:]
            stop(process, signal.SIGKILL)
            raise DidNotStart(f"{process.args[-1]} was not ready within {seconds} s:\n{said}")
        time.sleep(0.02)


def stop(process, with_signal=signal.SIGTERM, seconds=5):
    """End the process and wait for it; after `seconds` it is killed."""
    if process.poll() is None:
        process.send_signal(with_signal)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
