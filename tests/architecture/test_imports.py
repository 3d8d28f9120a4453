import subprocess
import sys
from pathlib import Path

CONFIGURATION = Path(__file__).with_name("importlinter.ini")


def test_every_import_contract_is_kept():
    """In a process of its own: the linter sets logging up anew and silences every logger that is there."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--config", CONFIGURATION, "--no-cache"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
