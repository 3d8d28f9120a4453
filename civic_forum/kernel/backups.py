"""A copy of the site that can be taken while it is written to, and brought back.

The copy holds the database and the uploads, never the keys directory.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from . import clock
from .base import db, is_sqlite
from .errors import Conflict, Invalid

FORMAT = 1


def backup(directory: str) -> None:
    """Write the copy into `directory`, which must be empty or new.

    First the database (one consistent moment), then the uploads: a blob is written before the
    row that names it and thrown away after it, so every row of the copy finds its blob.
    """
    target = Path(directory)
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise Conflict(f"{directory} is not empty.")
    if is_sqlite():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            raw = connection.connection.dbapi_connection
            raw.execute("COMMIT") if raw.in_transaction else None
            raw.execute("VACUUM INTO ?", (str(target / "database.sqlite"),))
    else:
        _postgres("pg_dump", "--format=custom", f"--file={target / 'database.dump'}")
    uploads = Path(current_app.config["DATA"]) / "uploads"
    if uploads.is_dir():
        shutil.copytree(uploads, target / "uploads", ignore=shutil.ignore_patterns(".*"))
    about = {"format": FORMAT, "database": db.engine.dialect.name, "at": clock.now().isoformat(),
             "sample": current_app.config["SAMPLE"]}
    (target / "backup.json").write_text(json.dumps(about))


def restore(directory: str) -> None:
    """Replace database and uploads by those of the copy. Raises Invalid when it is not one of ours."""
    source = Path(directory)
    about = _about(source)
    if about["database"] != db.engine.dialect.name:
        raise Invalid(f"This copy is of a {about['database']} database.")
    data = Path(current_app.config["DATA"])
    data.mkdir(parents=True, exist_ok=True)
    db.session.remove()
    db.engine.dispose()
    if is_sqlite():
        _replace_sqlite(source / "database.sqlite", Path(str(db.engine.url.database)))
    else:
        with db.engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        _postgres("pg_restore", "--no-owner", "--exit-on-error", "--dbname={url}", str(source / "database.dump"))
    shutil.rmtree(data / "uploads", ignore_errors=True)
    if (source / "uploads").is_dir():
        shutil.copytree(source / "uploads", data / "uploads")


def _about(source: Path) -> dict:
    try:
        about = json.loads((source / "backup.json").read_text())
    except (OSError, ValueError) as missing:
        raise Invalid(f"{source} does not hold a backup.") from missing
    if about.get("format") != FORMAT:
        raise Invalid(f"The format {about.get('format')} of this backup is not known.")
    return about


def _replace_sqlite(source: Path, target: Path) -> None:
    """Through SQLite's own copying, so that an open write-ahead log cannot spoil the result."""
    target.parent.mkdir(parents=True, exist_ok=True)
    copy, live = sqlite3.connect(source), sqlite3.connect(target, timeout=5)
    try:
        if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Invalid("The copy of the database is damaged.")
        copy.backup(live)
    finally:
        copy.close()
        live.close()


def _postgres(program: str, *arguments: str) -> None:
    url = db.engine.url.set(drivername="postgresql", password=None).render_as_string()
    password = db.engine.url.password
    environment = os.environ | ({"PGPASSWORD": password} if password else {})
    filled = [argument.format(url=url) for argument in arguments]
    if program == "pg_dump":
        filled.append(f"--dbname={url}")
    done = subprocess.run([program, *filled], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise Conflict(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")
