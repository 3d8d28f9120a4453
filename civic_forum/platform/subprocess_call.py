"""Work of seconds, while everybody else goes on being served: in a process of its own, or with pauses."""

import io
import logging
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pkgutil import resolve_name
from typing import Any, ClassVar, TypeVar

from gevent import monkey

import config

from . import asked, work
from .errors import Unavailable
from .i18n import _

log = logging.getLogger(__name__)
Thing = TypeVar("Thing")
AGAIN_S = 60
A_WALL = 4
"""Seconds by the clock for each second of processor time: others want the processor too."""
_started: dict[tuple[str, ...], tuple[float, subprocess.Popen | None]] = {}
A_BREATH = 200
A_PAUSE_S = 0.0001
"""More than nothing: after sleep(0) gevent goes on up to fifty times before it looks whether anybody has come."""


class NoAnswer(Exception):
    """The other process was ended, or ended, before it said anything that can be read; `seconds` of a processor are
    what it may have taken."""

    def __init__(self, seconds: float = 0):
        super().__init__()
        self.seconds = seconds


@dataclass(frozen=True)
class Apart:
    """A function of a module that is imported only where it is called, or where another process reads its name."""

    name: str
    """`module:function`."""

    def __call__(self, *arguments: object) -> Any:
        return resolve_name(self.name)(*arguments)

    def __reduce__(self) -> tuple[Callable, tuple[str]]:
        return resolve_name, (self.name,)


def with_pauses(things: Iterable[Thing]) -> Iterator[Thing]:
    """The same things; a server that goes through many of them serves pages in between."""
    for place, thing in enumerate(things):
        if place % A_BREATH == 0:
            time.sleep(A_PAUSE_S)
        yield thing


def call(function: Callable, *arguments: object, **named: object) -> object:
    """Result of a pure function of a module, outside of any transaction: what was read before is let go of.

    In a process that serves pages it runs in another one, which ends when this one does and gets what it is given
    through a pipe, so that nothing of it is ever on a disk; elsewhere it runs right here. ValueError comes back as it
    was raised; Unavailable where the other process ended without an answer.
    """
    _stand_outside()
    if not serves_pages():
        return function(*arguments, **named)
    outcome, _seconds = pickle.loads(_answer(pickle.dumps((function, arguments, named))))
    if isinstance(outcome, ValueError):
        raise outcome
    return outcome


def call_confined(seconds: int, megabytes: int, returned: tuple[type, ...], function: Callable,
                  *arguments: object) -> tuple[Any, float]:
    """The same for a function that reads what strangers sent: its process can open nothing, uses no more than so many
    seconds of processor time and megabytes, and is ended after four times as many seconds. Gives the seconds that it
    took, too. Of what it says only these classes are made here. Raises NoAnswer where it had to be ended, or broke.

    The module of the function imports beforehand all that it uses.
    """
    _stand_outside()
    if not serves_pages():
        began = time.process_time()
        return function(*arguments), time.process_time() - began
    answer = _asked(pickle.dumps((function, arguments, {})), seconds, megabytes)
    if not answer:
        raise NoAnswer(seconds)
    try:
        outcome, took = _Known(answer, returned).load()
        return outcome, float(took)
    except Exception as strange:
        raise NoAnswer(seconds) from strange


def call_limited(seconds: int, megabytes: int, function: Callable, *arguments: object) -> Any:
    """Result of a pure function that may take more memory than there is: always in another process, which uses no more
    than so many seconds of processor time and megabytes. Raises NoAnswer where it had to be ended, or broke."""
    _stand_outside()
    if not (answer := _asked(pickle.dumps((function, arguments, {})), seconds, megabytes, opens=True)):
        raise NoAnswer(seconds)
    outcome, _seconds = pickle.loads(answer)
    if isinstance(outcome, ValueError):
        raise outcome
    return outcome


def _stand_outside() -> None:
    if work.is_open():
        raise RuntimeError("nothing that takes long is called inside a transaction")
    work.let_go()


_BUILD = pickle._Unpickler.dispatch[pickle.BUILD[0]]


class _Known(pickle._Unpickler):
    """Whoever took the other process over says what it likes here. In Python: the one in C reserves as much memory as
    it is told to."""

    def __init__(self, answer: bytes, returned: tuple[type, ...]):
        super().__init__(io.BytesIO(answer))
        self._returned = {(cls.__module__, cls.__qualname__): cls for cls in returned}

    def find_class(self, module: str, name: str) -> type:
        return self._returned[module, name]

    def _build(self) -> None:
        """Give a new record its fields; a class, or the member of one, is everybody's here and stays as it is."""
        if isinstance(self.stack[-2], type | Enum):
            raise pickle.UnpicklingError
        _BUILD(self)

    dispatch: ClassVar[dict[int, Any]] = pickle._Unpickler.dispatch | {pickle.BUILD[0]: _build}


def serves_pages() -> bool:
    """True while others wait for their pages."""
    return monkey.is_module_patched("threading")


def start(*command: str) -> None:
    """A command of the site in a process of its own, which nobody waits for; nothing where the last one of these very
    words is not done, or was started less than `AGAIN_S` ago."""
    at, process = _started.get(command, (-AGAIN_S, None))
    if time.monotonic() - at < AGAIN_S or process is not None and process.poll() is None:
        return
    _started[command] = time.monotonic(), None  # first: others have their turn while the process begins
    try:
        process = subprocess.Popen([sys.executable, "-m", "civic_forum.cli", *command], cwd=config.ROOT,
                                   start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    except OSError as trouble:  # no room for one more: whoever asks a minute later tries again
        log.error("no process for %s: %s", " ".join(command), trouble)
    else:
        _started[command] = time.monotonic(), process


def _answer(question: bytes) -> bytes:
    answer = _asked(question)
    if not answer:
        raise Unavailable(_("하던 계산이 갑자기 멈췄어요. 아무것도 바꾸지 않았으니 다시 해 주세요."))
    return answer


def _let_go_of(process: subprocess.Popen) -> None:
    """Close the pipe of a process that has ended."""
    with suppress(OSError):  # the rest of a question that nobody reads any more
        if process.stdin is not None:
            process.stdin.close()


def _asked(question: bytes, seconds: int = 0, megabytes: int = 0, *, opens: bool = False) -> bytes:
    """Answer of another process; nothing where it ended without an answer. `opens`: it may open files."""
    reading, lifeline = os.pipe()
    answer = open(os.memfd_create("answer"), "r+b")
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", asked.__name__, *map(str, (reading, seconds, megabytes, int(opens)))],
            cwd=config.ROOT, stdin=subprocess.PIPE, stdout=answer, pass_fds=(reading,))
        try:
            process.communicate(question, timeout=A_WALL * seconds or None)
        except subprocess.TimeoutExpired:
            log.error("what was to be read apart took more than %s seconds", A_WALL * seconds)
        finally:  # also where this request is given up
            process.kill()
            process.wait()
            _let_go_of(process)
    finally:
        os.close(reading)
        os.close(lifeline)
    with answer:
        answer.seek(0)
        reply = b"" if process.returncode else answer.read()
    if not reply:
        log.error("what was to be worked out apart ended with %s", process.returncode)
    return reply
