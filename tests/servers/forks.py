"""Processes that start from one that has read the site's code: reading it takes three seconds of each that does."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from civic_forum.app import FEATURES, MODULES
from tests.running.machine import patience

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    ["civic_forum.cli", "tests.ballots.killed", "tests.faults.towns",
     *(f"civic_forum.{feature}.{module}" for feature in FEATURES for module in MODULES)])
PATIENCE_S = patience(120)


class Command:
    """A started `bin/civic-forum`, in a process of its own with these settings, and what it says."""

    def __init__(self, arguments, environment: Mapping[str, str], cwd: Path):
        self.room = TemporaryDirectory()
        self.said = [Path(self.room.name, name) for name in ("stdout", "stderr")]
        given = [*map(str, arguments)], dict(environment), str(cwd), self.said
        self.process = PROCESSES.Process(target=_run, args=given)
        self.process.start()

    def ended(self) -> subprocess.CompletedProcess:
        self.process.join(PATIENCE_S)
        if self.process.exitcode is None:
            self.process.kill()
            raise TimeoutError(self.process.name)
        with self.room:
            return subprocess.CompletedProcess((), self.process.exitcode, *(path.read_text() for path in self.said))


def _run(arguments, environment, cwd, said):
    from civic_forum import cli

    for number, path in enumerate(said, start=1):
        with open(path, "wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.argv[1:] = arguments
    cli.run()
