"""Directories of servers that refuse to run as root, or should not.

A server enters its room through an open file (`/proc/self/fd/…`), so the directories above may stay closed to it, and
no path is too long for a socket.
"""

import os
import pwd
import random
import shutil
import signal
import socket
from pathlib import Path

from civic_forum.process_group import Ended

LOWEST_PORT, HIGHEST_PORT = 20_000, 32_000
"""Below those that the kernel gives to outgoing connections: a server that comes back finds its port free."""
NOBODY = "nobody"


class ServiceDirectory:
    """A directory of one server: `path` for us, `inside` for it, whose name is `account` when we are root."""

    def __init__(self, path: Path, account: str = NOBODY):
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path, self.account = path, None
        if os.geteuid() == 0:
            self.account = owner_of(path, account)
            os.chown(path, self.account.pw_uid, self.account.pw_gid)
        self.file = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        self.inside = f"/proc/self/fd/{self.file}"

    def write(self, name: str, text: str) -> Path:
        """A file that only the server and root read."""
        path = self.path / name
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        self.hand_over(path)
        return path

    def hand_over(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def command(self, *arguments: str, last_signal: signal.Signals = signal.SIGTERM) -> list[str]:
        """The command that runs this as the server's account; the kernel sends the signal should we be killed."""
        return as_account(self.account, arguments, last_signal)

    def output(self) -> Path:
        """Output of the server; its own log is a file of its own."""
        return self.path / "output"


def owner_of(path: Path, account: str) -> pwd.struct_passwd:
    """Whoever had the room before; of a new one this account, or nobody where the machine does not know it."""
    if owner := path.stat().st_uid:
        return pwd.getpwuid(owner)
    try:
        return pwd.getpwnam(account)
    except KeyError:
        return pwd.getpwnam(NOBODY)


def as_account(account: pwd.struct_passwd | None, arguments, last_signal: signal.Signals = signal.SIGTERM) -> list[str]:
    """A command that runs as somebody else (None: as we do) and gets the signal when its parent is killed."""
    wrapped = ["setpriv", "--pdeathsig", last_signal.name.removeprefix("SIG")]
    if account:
        wrapped += ["--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups"]
    return [*wrapped, "--", *arguments]


def program(name: str, package: str) -> str:
    """The path of a program; Debian keeps those of administrators off the PATH of others."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if not path:
        raise Ended(f"{name} is not installed. As root: apt-get install {package}")
    return path


def free_port() -> int:
    for _try in range(100):
        with socket.socket() as probe:
            port = random.randint(LOWEST_PORT, HIGHEST_PORT)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Ended(f"No port from {LOWEST_PORT} to {HIGHEST_PORT} is free on this machine.")
