"""A process of the site begins without what few of its pages use."""

import json
import subprocess
import sys
from pathlib import Path

import sqlalchemy as sa

from civic_forum.platform.base import db
from civic_forum.preparation import without_waiting_for_the_disk

ROOT = Path(__file__).resolve().parents[2]
LATER = ("PIL", "aiohttp", "alembic", "authlib", "email_validator", "fontTools", "fpdf", "hypothesis", "joserfc",
         "lxml", "mako", "numpy", "openpyxl", "pikepdf", "psycopg", "pygments", "redis", "requests", "webauthn",
         "xlsxwriter")
"""Imported where they are first used: by an upload, a count, a passkey, a sheet, another worker."""
MOST_MB = 185
START = """
import json, sys
from civic_forum.app import make_app
app = make_app(DATA=sys.argv[1], SECRET_KEY="only for this test " * 3)
memory = next(line for line in open("/proc/self/status") if line.startswith("VmRSS"))
built = sum("_build" in vars(rule) and rule._build.__name__ != "first" for rule in app.url_map.iter_rules())
print(json.dumps([[*sys.modules], int(memory.split()[1]) // 1024, built]))
"""


def test_an_application_begins_without_what_few_use(tmp_path):
    started = subprocess.run([sys.executable, "-c", START, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert started.returncode == 0, started.stderr
    modules, megabytes, built = json.loads(started.stdout)
    assert not {name.split(".")[0] for name in modules}.intersection(LATER)
    assert megabytes <= MOST_MB and not built


def test_a_sample_is_loaded_without_waiting_for_the_disk_at_each_commit(sqlite_app):
    with sqlite_app.app_context():
        with without_waiting_for_the_disk():
            assert db.session.scalar(sa.text("PRAGMA synchronous")) == 0
        assert db.session.scalar(sa.text("PRAGMA synchronous")) == 2
        db.session.remove()
