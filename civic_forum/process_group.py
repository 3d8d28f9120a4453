"""Child processes that run together and end together."""

import contextlib
import os
import resource
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

WAKING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
STOPPING = frozenset(WAKING) - {signal.SIGCHLD}
ENDING_S = 1.6
"""How long the children have to end by themselves: all must be over within 2 s."""
ENDING_LAST_S = 10
"""How long those have that end last: a database writes to its disk what it still holds in memory."""
LEAST_PROGRESS = 0.05
"""Processor time of a second that is progress; a worker that idles beside takes a hundredth."""
STABLE_S = 10
MOST_QUICK_ENDS = 5
LONGEST_PAUSE_S = 2
OPEN_FILES = 16_384
"""Each socket of somebody who follows a forum is one, and before nginx two."""


class Stopped(Exception):
    """Somebody asked the group to stop."""


class Ended(Exception):
    """A part of the site will not run; the sentence says which, or is empty when the part said it itself."""


class PortTaken(Exception):
    """Something else listens where the site should."""


@dataclass
class Child:
    name: str
    command: list[str]
    files: tuple[int, ...] = ()
    needed: bool = True
    """Without a part that is not needed the site goes on: it is tried again for as long as it takes."""
    ends_last: bool = False
    """Others use it to their end."""
    ends_on: signal.Signals = signal.SIGTERM
    log: Path | None = None
    """Where its output goes, if not to ours."""
    process: subprocess.Popen | None = field(default=None, init=False)
    started: float = field(default=0, init=False)
    again_at: float = field(default=0, init=False)
    quick_ends: int = field(default=0, init=False)

    def start(self) -> None:
        with open(self.log, "ab") if self.log else contextlib.nullcontext() as output:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                            pass_fds=self.files)
        self.started = time.monotonic()

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def plan_restart(self) -> None:
        """Start again after a pause that doubles; Ended when it never lives long."""
        code = self.process.returncode
        self.quick_ends = self.quick_ends + 1 if time.monotonic() - self.started < STABLE_S else 0
        if self.needed and self.quick_ends >= MOST_QUICK_ENDS:
            reason = f"The {self.name} ended {self.quick_ends} times within seconds, at last with code {code}."
            raise Ended(f"{reason} {self.log} says more." if self.log else reason)
        self.process = None
        self.again_at = time.monotonic() + min(0.1 * 2 ** self.quick_ends, LONGEST_PAUSE_S)


@dataclass
class Patience:
    """So many seconds for whoever answers but is not ready, and for whoever does nothing."""

    seconds: float
    since: float | None = None
    used: float = 0
    answered: bool = False

    def is_over(self, now: float, used: float, answers: bool) -> bool:
        """At this second, after so many seconds of processor time, for one that answers or does not yet."""
        if self.since is None or answers and not self.answered:
            self.since, self.used, self.answered = now, used, answers
        if now - self.since <= self.seconds:
            return False
        gets_on = used - self.used >= LEAST_PROGRESS * (now - self.since) and not self.answered
        self.since, self.used = now, used
        return not gets_on


class Supervisor:
    """Leads a process group of its own and keeps the children in it running."""

    def __init__(self):
        self.children: list[Child] = []
        self.terminal = lead_own_group()
        self.waking, writing = os.pipe()
        os.set_blocking(self.waking, False)
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in WAKING:
            signal.signal(number, lambda *_: None)

    def run(self, child: Child) -> int:
        """Run to its end and return its exit code. Raises Stopped."""
        child.start()
        while child.process.poll() is None:
            self.wait(1)
        return child.process.returncode

    def keep(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    def watch(self, seconds: float = 1) -> None:
        """Wait for news and start again what has ended. Raises Stopped and Ended."""
        self.wait(seconds)
        for child in self.children:
            if child.process is None:
                if time.monotonic() >= child.again_at:
                    child.start()
            elif child.process.poll() is not None:
                child.plan_restart()

    def wait_for(self, name: str, is_ready: Callable[[], bool | None], seconds: float) -> None:
        """Until it is ready. While it does not answer at all (None) it has as long as the group gets on. Raises Stopped
        and Ended."""
        waiting = Patience(seconds)
        while not (state := is_ready()):
            self.watch(0.05)
            if waiting.is_over(time.monotonic(), processor_time(), answers=state is not None):
                raise Ended(f"The {name} was not ready within {seconds} seconds.")

    def wait(self, seconds: float) -> None:
        """Return after a signal or the time; raise Stopped when the signal was to stop."""
        if select.select([self.waking], [], [], seconds)[0] and STOPPING.intersection(os.read(self.waking, 512)):
            raise Stopped

    def end(self) -> None:
        """End every process of the group but this one, the slow ones by force; at last those that others use."""
        last = [child for child in self.children if child.ends_last and child.runs()]
        kept = frozenset(child.process.pid for child in last)
        send(others_in_group(kept), signal.SIGTERM)
        end_within(ENDING_S, kept)
        for child in last:
            send([child.process.pid], child.ends_on)
        if last:
            end_within(ENDING_LAST_S)
        give_terminal_to(self.terminal)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; PortTaken says in a sentence what stands in the way."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as taken:
        why = (taken.strerror or str(taken)).split(" (")[0]
        raise PortTaken(f"Cannot listen on {host}, port {port}: {why}. "
                        "Choose another with --port, or stop what runs there.") from taken


def listen_again(host: str, port: int) -> socket.socket:
    """A listening socket on the port of an earlier start while nobody else has it, or else on one that the system
    gives."""
    try:
        return listen(host, port)
    except PortTaken:
        return listen(host, 0)


def lead_own_group() -> int | None:
    """Leave the group of whoever started us; returns the group that had the terminal, if we took it."""
    if os.getpgrp() == os.getpid():
        return None
    before = os.getpgrp()
    os.setpgid(0, 0)
    with contextlib.suppress(OSError):
        if os.tcgetpgrp(0) == before:
            give_terminal_to(os.getpgrp())
            return before
    return None


def give_terminal_to(group: int | None) -> None:
    """Let Ctrl-C reach this group; nothing to do where there is no terminal."""
    if group is None:
        return
    heard = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(0, group)
    finally:
        signal.signal(signal.SIGTTOU, heard)


def end_within(seconds: float, kept: frozenset[int] = frozenset()) -> None:
    """Wait until all of the group have ended but ourselves and those kept, and end by force whoever has not."""
    deadline = time.monotonic() + seconds
    while others_in_group(kept) and time.monotonic() < deadline:
        time.sleep(0.02)
    send(others_in_group(kept), signal.SIGKILL)


def allow_open_files() -> None:
    """Let the children open as many files as they need, as far as this machine lets us."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def others_in_group(kept: frozenset[int] = frozenset()) -> list[int]:
    """The process ids of our group without ourselves and those kept."""
    return [pid for pid in members(os.getpgrp()) if pid != os.getpid() and pid not in kept]


def members(group: int) -> list[int]:
    """The process ids of a group, without those that are over and only not yet reaped."""
    numbers = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                state, _parent, its_group = (folder / "stat").read_text().rsplit(")", 1)[1].split()[:3]
                if int(its_group) == group and state != "Z":
                    numbers.append(int(folder.name))
    return sorted(numbers)


def processor_time() -> float:
    """Seconds of processor time that the others of our group have used."""
    ticks = 0
    for pid in others_in_group():
        with contextlib.suppress(OSError):
            ticks += sum(map(int, Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
