"""Seconds of processor time: those of other processes count too, and go to the folder that made them."""

import subprocess
import sys
import time

from .seconds import BUDGET, Meter, by_folder, over_budget

SPENDS = "import time\nwhile time.process_time() < 0.5: pass\nprint('done', flush=True)\ninput()"


def test_times_of_a_living_and_an_ended_process_are_counted_once():
    meter = Meter()
    with subprocess.Popen([sys.executable, "-c", SPENDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        time.sleep(0.25)
        living = meter.lap()
        process.communicate(b"\n")
    time.sleep(0.25)
    ended = meter.lap()
    assert 0.45 < living < 5 and 0 <= ended < 0.45


def test_folders_over_their_budget_are_named():
    folders = by_folder({"tests/a/test_x.py::test_1": BUDGET, "tests/a/b/test_y.py::test_2": BUDGET,
                         "tests/c/test_x.py::test_1": BUDGET * 1.1, "tests/browser/test_x.py::test_1": BUDGET * 2})
    assert folders == {"a": 2 * BUDGET, "browser": 2 * BUDGET, "c": BUDGET * 1.1}
    assert over_budget(folders) == {"a": BUDGET}
