"""Debian's clamd with one signature of our own; nothing is downloaded."""

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import processes

INFECTED = b"what the tests call a virus"
SIGNATURE = "Tests.Virus"


@dataclass(frozen=True)
class Scanner:
    by_socket: str
    by_port: str


@contextmanager
def running():
    """A scanner that finds INFECTED anywhere in a file, by its two addresses."""
    with processes.room() as home:
        port, log, line = processes.free_port(), home / "log", home / "socket"
        (home / "signatures").mkdir()
        (home / "signatures" / "tests.ndb").write_text(f"{SIGNATURE}:0:*:{INFECTED.hex()}\n")
        (home / "conf").write_text(
            f"DatabaseDirectory {home}/signatures\nLocalSocket {line}\nTCPSocket {port}\nTCPAddr 127.0.0.1\n"
            "Foreground yes\nMaxThreads 2\nStreamMaxLength 25M\nConcurrentDatabaseReload no\n")
        program = shutil.which("clamd") or Path("/usr/sbin/clamd")
        server = processes.start([program, "-c", home / "conf"], log, cwd=home)
        try:
            processes.wait_until(lambda: line.exists() and processes.answers(port), server, log, 60)
            yield Scanner(f"unix:{line}", f"tcp://127.0.0.1:{port}")
        finally:
            processes.stop(server)
