"""A feature that is not in the site, written on the blocks alone, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FEATURE = HERE / "feature"
MOST_LINES = 416


@pytest.mark.in_turns(of=10)
def test_a_petition_goes_its_way_on_the_blocks_alone(tmp_path):
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
                           f"--basetemp={tmp_path}", str(HERE / "whole.py")], capture_output=True, text=True,
                          cwd=HERE.parents[1])
    assert done.returncode == 0, done.stdout[-5_000:] + done.stderr[-2_000:]


def test_it_takes_few_lines():
    files = [file for file in FEATURE.rglob("*") if file.suffix in (".py", ".html")]
    assert sum(len(file.read_text("utf-8").splitlines()) for file in files) <= MOST_LINES
