"""The other process of `subprocess_call`: one question from the standard input, one answer to the standard output.

It imports nothing but what the question names, so that it is there at once.
"""

import codecs
import os
import pickle
import resource
import sys
import threading
import time

ENCODINGS = ("ascii", "cp437", "cp949", "latin-1", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le")
"""Of what strangers send: Python imports each when it is first asked for, which a confined process cannot."""
LONGEST = 64 * 1024 * 1024
"""Bytes of an answer about what strangers send; a file has at most 10 MB."""
PATIENCE = 5
"""Steps of `nice` behind the processes that serve pages, and so many more at most if it may take long."""


def main(lifeline: int, seconds: int = 0, megabytes: int = 0, opens: int = 0) -> None:
    """Answer with the seconds of a processor that it took. `lifeline` is the end of a pipe that is closed when whoever
    asked is gone; then nobody waits for the answer."""
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    os.nice(PATIENCE + min(seconds, PATIENCE))
    function, arguments, named = pickle.load(sys.stdin.buffer)
    if seconds:
        _limit(seconds, megabytes)
    if seconds and not opens:
        _confine()
    try:
        answer = function(*arguments, **named)
    except ValueError as wrong:
        answer = wrong
    pickle.dump((answer, time.process_time()), sys.stdout.buffer)


def _limit(seconds: int, megabytes: int) -> None:
    """From here on no more than this is used."""
    for what, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, megabytes * 1024 * 1024),
                       (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def _confine() -> None:
    """From here on no file or connection can be opened, and nothing is written but an answer that is not too long."""
    for name in ENCODINGS:
        codecs.lookup(name)
    for what, most in ((resource.RLIMIT_FSIZE, LONGEST), (resource.RLIMIT_NOFILE, 0)):
        resource.setrlimit(what, (most, most))


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
