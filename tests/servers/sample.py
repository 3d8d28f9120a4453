"""The sample district, loaded once a run on each database by a real first start, and copied for whoever uses it."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

LOADED_WITHIN_S = 900
"""A minute of work, and as long again for each that works beside it."""
FIRST_LOG = "first-start.log"
"""Output of the first start, beside a copy of what it made."""


def place_of_the_run(tmp_path_factory) -> Path:
    """The directory of pytest for all processes of this run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def copy(source: Path, folder: Path) -> Path:
    """The data directory in `folder` that is a copy of this one, its keys beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = source.with_name("data-keys")
    subprocess.run(["cp", "-a", source, *([keys] if keys.exists() else []), folder], check=True)
    shutil.copy(source.with_name("data.log"), folder / FIRST_LOG)
    return folder / "data"


def loaded(place: Path, kind: type) -> Path:
    """The data directory of a `kind` (Site or Cluster) that was started on nothing and stopped.

    Who asks first loads it; others that ask meanwhile wait.
    """
    home = place / f"sample-{kind.__name__}"
    home.mkdir(parents=True, exist_ok=True)
    with open(home / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "whole").exists():
            for left in ("data", "data-keys"):
                shutil.rmtree(home / left, ignore_errors=True)
            site = kind(home / "data")
            try:
                site.start(LOADED_WITHIN_S)
            finally:
                site.stop()
            (home / "whole").touch()
    return home / "data"
