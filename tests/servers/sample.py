"""The sample district, loaded once on each database by a real first start, and copied for whoever uses it.

What was loaded is kept in `.samples/` for other runs, as long as nothing that makes it has changed and for six hours:
what is open in it is dated relative to its loading.
"""

import fcntl
import hashlib
import shutil
import subprocess
import time
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".samples"
MAKING = ("civic_forum", "migrations", "templates", "config.py", "requirements.txt",
          "requirements-sample.txt", "tests/servers")
LOADED_WITHIN_S = 900
"""A minute of work, and as long again for each that works beside it."""
LASTS_S = 6 * 3600
FIRST_LOG = "first-start.log"
"""Output of the first start, beside a copy of what it made."""


@cache
def of_now() -> str:
    """A digest of everything that makes the sample."""
    digest = hashlib.sha256()
    for place in MAKING:
        top = ROOT / place
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def copy(source: Path, folder: Path) -> Path:
    """The data directory in `folder` that is a copy of this one, its keys beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = source.with_name("data-keys")
    subprocess.run(["cp", "-a", source, *([keys] if keys.exists() else []), folder], check=True)
    shutil.copy(source.with_name("data.log"), folder / FIRST_LOG)
    return folder / "data"


def loaded(kind: type) -> Path:
    """The data directory of a `kind` (Site or Cluster) that was started on nothing and stopped.

    Who asks first loads it; others that ask meanwhile wait.
    """
    home, made = HOME / kind.__name__, HOME / kind.__name__ / "made"
    home.mkdir(parents=True, exist_ok=True)
    with open(home / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made.exists() and made.read_text() == of_now() and time.time() - made.stat().st_mtime < LASTS_S):
            made.unlink(missing_ok=True)
            for left in ("data", "data-keys"):
                shutil.rmtree(home / left, ignore_errors=True)
            site = kind(home / "data")
            try:
                site.start(LOADED_WITHIN_S)
            finally:
                site.stop()
            made.write_text(of_now())
    return home / "data"
