"""A copy of the site that can be taken while it is written to, and brought back.

The copy holds the database, the uploads and what features take along (`backup_parts`), never the keys directory.
It is readable by its owner only.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from flask import current_app

import config

from . import backup_parts, clock, database_copies, keys, last_backup, migrations, site_version
from .base import db
from .errors import Conflict, Invalid, Unavailable

FORMAT = 1
ABOUT = "backup.json"
KEY_CHECK = b"civic_forum"
OF_A_SAMPLE = ("sample-password", "sample-accounts")
"""What a sample district says of its invented people; it goes with their rows."""
HALF_LOADED = "sample-loading"


def backup(directory: str) -> None:
    """Write the copy into `directory`, which must be empty or new. What a failed attempt wrote is removed.

    Uploads are copied before the database and those that came meanwhile after it: a blob is written before
    the row that names it and thrown away after it, so every row of the copy finds its blob.
    """
    target = Path(directory)
    if target.exists() and any(target.iterdir()):
        raise Conflict(f"{directory} is not empty.")
    if _uploads() in target.absolute().parents:
        raise Invalid("A backup cannot lie inside the uploads.")
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    begun = clock.now()
    try:
        _write(target)
    except BaseException as trouble:
        for path in target.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if isinstance(trouble, OSError | sqlite3.OperationalError):
            raise Unavailable(f"The backup was not made: {trouble}.") from trouble
        raise
    last_backup.note(target, begun)


def _write(target: Path) -> None:
    database = target / database_copies.NAMES[db.engine.dialect.name]
    db.session.rollback()
    database_copies.refuse_missing(db.engine.url)
    backup_parts.begun(target)
    db.session.rollback()
    _add_blobs(_uploads(), target / "uploads")
    database_copies.copy(db.engine.url, database, backup_parts.in_order)
    database.chmod(0o600)
    _add_blobs(_uploads(), target / "uploads")
    for folder in backup_parts.folders:
        _add_files(_data() / folder, target / folder)
    if current_app.config["SAMPLE"]:
        _copy_files(OF_A_SAMPLE, Path(current_app.config["DATA"]), target)
    about = {"format": FORMAT, "database": db.engine.dialect.name, "revision": sorted(_revision_of(database)),
             "digest": _digest(database), "uploads": sum(1 for _ in _blobs(target / "uploads")),
             "files": {name: _digest(target / name) for name in _files_of(target)},
             "at": clock.now().isoformat(), "sample": current_app.config["SAMPLE"],
             "keys": _key_check()}
    (target / ABOUT).write_text(json.dumps(about, indent=1))


def restore(directory: str) -> list[str]:
    """Replace database and uploads by those of the copy, at the newest revision; returns what else to do.

    The copy is checked wholly before anything is changed. Blobs are added before the database changes and
    superfluous ones thrown away after it, so at no moment a row lacks its blob. Raises Invalid when the copy is
    not one of ours or damaged, Conflict when it does not fit here or the site is running.
    """
    source, data = Path(directory), Path(current_app.config["DATA"])
    about = _about(source)
    _refuse_unfitting(about, data)
    database = source / database_copies.NAMES[about["database"]]
    _refuse_damaged(about, source, database)
    database_copies.check(db.engine.url, database)
    backup_parts.check(database_copies.Copy(db.engine.url, database))
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    db.session.remove()
    db.engine.dispose()
    _forget_damaged(_uploads())
    _add_blobs(source / "uploads", _uploads())
    for folder in backup_parts.folders:
        _add_files(source / folder, data / folder)
    database_copies.put_back(db.engine.url, database)
    migrations.upgrade()
    site_version.leap()
    _keep_only(source / "uploads", _uploads())
    if about["sample"]:
        config.mark_as_sample(data)
        _copy_files(OF_A_SAMPLE, source, data)
        (data / HALF_LOADED).unlink(missing_ok=True)
    return _missing_keys(about) + backup_parts.notes()


def _about(source: Path) -> dict:
    try:
        about = json.loads((source / ABOUT).read_text())
        missing = {"format", "database", "revision", "digest", "uploads", "sample", "keys"} - about.keys()
    except (OSError, ValueError, AttributeError) as wrong:
        raise Invalid(f"{source} does not hold a backup.") from wrong
    if about.get("format") != FORMAT:
        raise Invalid(f"The format {about.get('format')} of this backup is not known.")
    if missing:
        raise Invalid(f"{source / ABOUT} is damaged.")
    return about


def _refuse_unfitting(about: dict, data: Path) -> None:
    here = db.engine.dialect.name
    if about["database"] != here:
        raise Conflict(f"This is a copy of a {about['database']} database, and the site uses {here}.")
    migrations.refuse_unknown(set(about["revision"]))
    if bool(about["sample"]) != bool(current_app.config["SAMPLE"]) and data.exists() and any(data.iterdir()):
        raise Conflict("A sample and a real site are never mixed: restore into an empty data directory.")


def _refuse_damaged(about: dict, source: Path, database: Path) -> None:
    if not database.is_file() or _digest(database) != about["digest"]:
        raise Invalid("The copy of the database is damaged.")
    blobs = list(_blobs(source / "uploads"))
    if len(blobs) < about["uploads"] or any(_digest(blob) != blob.name for blob in blobs):
        raise Invalid("The copy of the uploads is damaged.")
    for name, digest in about.get("files", {}).items():
        if name not in _files_of(source) or _digest(source / name) != digest:
            raise Invalid(f"The copy of {name} is damaged.")


def _revision_of(database: Path) -> set[str]:
    """Of the copy on SQLite, where a revision may come between; on PostgreSQL nobody upgrades a running site."""
    if db.engine.dialect.name != "sqlite":
        return migrations.current()
    copied = sqlite3.connect(database)
    try:
        return {row[0] for row in copied.execute("SELECT version_num FROM alembic_version")}
    except sqlite3.OperationalError:
        return set()
    finally:
        copied.close()


def _missing_keys(about: dict) -> list[str]:
    known = {one.hex() for one in keys.hashes("backup", KEY_CHECK)} if keys.exist() else ()
    if about["keys"] is None or about["keys"] in known:
        return []
    return [f"The keys directory {current_app.config['KEYS']} is not the one that this site was copied with. "
            "Put that one back before the site starts: without it nobody's verification can be read or recognised."]


def _key_check() -> str | None:
    """Fingerprint of these keys, without telling anything of them; None where no key was ever needed."""
    return keys.keyed_hash("backup", KEY_CHECK).hex() if keys.exist() else None


def _data() -> Path:
    return Path(current_app.config["DATA"])


def _uploads() -> Path:
    return _data() / "uploads"


def _blobs(folder: Path) -> Iterator[Path]:
    return (path for path in folder.glob("??/*") if not path.name.startswith("."))


def _add_blobs(source: Path, target: Path) -> None:
    """Copy what the target lacks, each under its name only when it is whole."""
    for blob in _blobs(source):
        kept = target / blob.parent.name / blob.name
        if kept.exists():
            continue
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = kept.with_name(f".{blob.name}")
        try:
            shutil.copyfile(blob, fresh)
            os.replace(fresh, kept)
        except FileNotFoundError:
            continue  # thrown away meanwhile: no row of the copy names it
        finally:
            fresh.unlink(missing_ok=True)


def _files_of(copy: Path) -> list[str]:
    """Every file of the folders that go along, by its path inside the copy."""
    return [str(path.relative_to(copy)) for folder in backup_parts.folders for path in _files(copy / folder)]


def _files(folder: Path) -> list[Path]:
    """Finished ones: what is still being written has a name of its own until it is whole."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(".")
                  and path.suffix != ".part")


def _add_files(source: Path, target: Path) -> None:
    """Copy files that never change; what the target has of another content is replaced, what it has more stays."""
    for path in _files(source):
        kept = target / path.relative_to(source)
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = kept.with_name(f".{path.name}")
        shutil.copyfile(path, fresh)
        fresh.chmod(0o600)
        os.replace(fresh, kept)


def _forget_damaged(folder: Path) -> None:
    for blob in _blobs(folder):
        if _digest(blob) != blob.name:
            blob.unlink()


def _copy_files(names: tuple[str, ...], source: Path, target: Path) -> None:
    for name in names:
        if (source / name).exists():
            shutil.copy2(source / name, target / name)


def _keep_only(source: Path, target: Path) -> None:
    wanted = {blob.name for blob in _blobs(source)}
    for blob in _blobs(target):
        if blob.name not in wanted:
            blob.unlink()


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()
