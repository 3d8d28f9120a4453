"""The other process of `apart`: one question from the standard input, one answer to the standard output.

It imports nothing but what the question names, so that it is there at once.
"""

import os
import pickle
import sys
import threading

PATIENCE = 5
"""How far behind the processes that serve pages it stands (`nice`)."""


def main(lifeline: int) -> None:
    """`lifeline` is the end of a pipe that is closed when whoever asked is gone; then nobody waits for the answer."""
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    os.nice(PATIENCE)
    function, given, named = pickle.load(sys.stdin.buffer)
    try:
        said = function(*given, **named)
    except ValueError as wrong:
        said = wrong
    pickle.dump(said, sys.stdout.buffer)


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os._exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
