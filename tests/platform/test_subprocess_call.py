"""Under gevent long work runs in a process of its own or pauses; elsewhere it runs right here. The same comes back."""

import os
import pickle
import resource
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum

import pytest

import config
from civic_forum.platform import subprocess_call
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.running.machine import patience

GEVENT = """
from gevent import monkey; monkey.patch_all()
import gevent, os, time
from civic_forum.app import create_app
import config
from civic_forum.platform import subprocess_call
from civic_forum.platform.errors import Unavailable
app = create_app(config.load({}, DATA=%r, SECRET_KEY="only for the tests"))
with app.test_request_context():
"""


def test_outside_of_a_server_it_is_called_right_here(town):
    assert subprocess_call.call(divmod, 17, 5) == (3, 2)
    with pytest.raises(ValueError, match="invalid literal"):
        subprocess_call.call(int, "seventeen")


@pytest.mark.both
def test_never_inside_a_transaction_and_what_was_read_is_let_go_of(town):
    with pytest.raises(RuntimeError, match="inside a transaction"), use_case(None):
        subprocess_call.call(divmod, 17, 5)
    town.resident()
    db.session.execute(db.text("SELECT 1"))
    subprocess_call.call(divmod, 17, 5)
    assert not db.session().in_transaction()


def run(tmp_path, *lines: str) -> str:
    """These lines under gevent, in the context of a request; what they print."""
    config.mark_as_sample(tmp_path / "data")
    program = GEVENT % str(tmp_path / "data") + "".join(f"    {line}\n" for line in lines)
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=config.ROOT, capture_output=True,
                          text=True,
                          timeout=patience(120))
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


@pytest.mark.in_turns(of=10)
def test_in_a_server_it_runs_in_another_process_of_lower_rank(tmp_path):
    assert run(tmp_path,
               "print(subprocess_call.call(divmod, 17, 5), subprocess_call.call(max, [3, 4, 5], key=abs))",
               "print(subprocess_call.call(os.getpid) != os.getpid(), subprocess_call.call(os.nice, 0) > os.nice(0))",
               "print(len(subprocess_call.call(sorted, list(range(300_000)), reverse=True)))",
               ) == "(3, 2) 5\nTrue True\n300000"


@pytest.mark.in_turns(of=10)
def test_an_error_raised_there_is_raised_here_and_an_end_without_an_answer_is_said(tmp_path):
    assert run(tmp_path,
               "for function, given in ((int, 'x'), (os._exit, 0), (os._exit, 3), (len, 5)):",
               "    try: subprocess_call.call(function, given)",
               "    except (ValueError, Unavailable) as wrong: print(type(wrong).__name__)",
               ) == "ValueError\nUnavailable\nUnavailable\nUnavailable"


@pytest.mark.in_turns(of=10)
def test_a_request_that_is_given_up_ends_it_and_others_have_their_turn_meanwhile(tmp_path):
    assert run(tmp_path,
               "from pathlib import Path",
               f"pipe = Path({str(tmp_path / 'pipe')!r}); os.mkfifo(pipe)",
               "def wait():",
               "    with app.app_context(): subprocess_call.call(pipe.read_text)",
               "waits, opened = gevent.spawn(wait), None",
               "while opened is None:",
               "    try: opened = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)",
               "    except OSError: gevent.sleep(0.01)",
               "children = Path(f'/proc/{os.getpid()}/task/{os.getpid()}/children')",
               "before = len(children.read_text().split())",
               "waits.kill()",
               "print(before, len(children.read_text().split()))") == "1 0"


@pytest.mark.in_turns(of=10)
def test_in_every_pause_those_who_have_come_are_served(tmp_path):
    assert run(tmp_path,
               "from gevent import socket",
               "one, other = socket.socketpair(); heard = []",
               "gevent.spawn(lambda: heard.append(other.recv(1))); gevent.sleep(0)",
               "for place in subprocess_call.with_pauses(range(2 * subprocess_call.A_BREATH + 1)):",
               "    if place == 0: one.send(b'x')",
               "print(heard)") == "[b'x']"


@pytest.mark.in_turns(of=10)
def test_of_many_who_want_a_command_at_once_one_starts_it(tmp_path):
    """As at the close of a vote that everybody is looking at."""
    told, python = tmp_path / "told", tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho \"$@\" >> {told}\n")
    python.chmod(0o755)
    assert run(tmp_path,
               "import sys",
               f"sys.executable, memory = {str(python)!r}, [bytes([n]) * 1_000_000 for n in range(100)]",
               "many = [gevent.spawn(subprocess_call.start, 'poll', 'close-due') for _ in range(30)]",
               "gevent.joinall(many, raise_error=True)",
               "_at, process = subprocess_call._started['poll', 'close-due']; process.wait()",
               "subprocess_call._started.clear(); sys.executable = '/nowhere'",
               "subprocess_call.start('poll', 'close-due')",
               "print(subprocess_call._started['poll', 'close-due'][1])") == "None"
    assert told.read_text() == "-m civic_forum.cli poll close-due\n"


CONFINED = "call = lambda function, *given: subprocess_call.call_confined(1, 200, (), function, *given)"


@pytest.mark.in_turns(of=10)
def test_confined_it_has_its_time_and_memory_and_opens_nothing(tmp_path):
    (tmp_path / "secret").touch()
    assert run(tmp_path, CONFINED,
               "import itertools, collections",
               "answer, seconds = call(divmod, 17, 5)",
               "print(answer, 0 < seconds < 1)",
               "started = time.monotonic()",
               "for function, given in ((collections.deque, itertools.count()), (bytes, 400_000_000),",
               "                        (time.sleep, 60),",
               f"                        (open, {str(tmp_path / 'secret')!r})):",
               "    try: call(function, given)",
               "    except subprocess_call.NoAnswer: print('no answer')",
               "print(time.monotonic() - started < 20)") == "(3, 2) True\n" + "no answer\n" * 4 + "True"


@pytest.mark.in_turns(of=10)
def test_of_what_a_confined_process_says_nothing_is_made_but_what_was_expected(tmp_path):
    assert run(tmp_path, CONFINED,
               "from decimal import Decimal; from pathlib import PosixPath",
               "print(subprocess_call.call_confined(1, 200, (Decimal,), Decimal, '1.5')[0])",
               "try: call(PosixPath, '/etc')",
               "except subprocess_call.NoAnswer: print('no answer')") == "1.5\nno answer"


class Lamp(StrEnum):
    """A kind, whose members are the same objects everywhere in a process."""

    RED = "red"


@dataclass
class Bulb:
    """A record that may come back."""

    watts: int
    label = "shown"


SAID = [Bulb(7), Lamp.RED, {"a": (b"b", None)}]
POISON = [
    b"c%(here)s\nBulb\n(N}(Vlabel\nVhidden\nutb.",  # a field of the class, for everybody
    b"c%(here)s\nLamp\n(Vred\ntR(N}(V_value_\nVhidden\nutb.",  # a field of a member
    b"c%(here)s\nLamp\n(Vred\ntR}(V_value_\nVhidden\nub.",
    b"cposix\nsystem\n(Vtrue\ntR.",
    pickle.PROTO + b"\x04" + pickle.NONE + pickle.LONG_BINPUT + b"\xff\xff\xff\x7f.",  # memory for 2,147,483,647 notes
]


@pytest.mark.parametrize("answer", POISON)
def test_a_confined_process_changes_nothing_in_the_one_that_asked(monkeypatch, answer):
    """A class that may come back was once a class that could be written to."""
    monkeypatch.setattr(subprocess_call, "_stand_outside", lambda: None)
    monkeypatch.setattr(subprocess_call, "serves_pages", lambda: True)
    monkeypatch.setattr(subprocess_call, "_asked", lambda *_given: answer.replace(b"%(here)s", __name__.encode()))
    before, _most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, _most))
    try:
        assert subprocess_call.call_confined(1, 200, (Bulb, Lamp), divmod) is None
    except subprocess_call.NoAnswer:
        pass
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, _most))
    assert (Bulb.label, Lamp.RED.value, Lamp.RED.__dict__.get("_value_")) == ("shown", "red", "red")


def test_records_and_members_come_back_as_they_were_said(monkeypatch):
    monkeypatch.setattr(subprocess_call, "_stand_outside", lambda: None)
    monkeypatch.setattr(subprocess_call, "serves_pages", lambda: True)
    monkeypatch.setattr(subprocess_call, "_asked", lambda *_given: pickle.dumps((SAID, 0.5)))
    assert subprocess_call.call_confined(1, 200, (Bulb, Lamp), divmod) == (SAID, 0.5)


def endless():
    """A confined process that never stops answering."""
    while True:
        os.write(1, bytes(1 << 20))


@pytest.mark.in_turns(of=10)
def test_an_answer_without_end_fills_no_memory(tmp_path):
    assert run(tmp_path, "import resource",
               "from tests.platform.test_subprocess_call import endless",
               "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss",
               "try: subprocess_call.call_confined(2, 400, (), endless)",
               "except subprocess_call.NoAnswer: print('no answer')",
               "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000)") == "no answer\nTrue"
