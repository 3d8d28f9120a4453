"""A copy of the site that can be taken while it is written to, and brought back.

The copy holds the database, the uploads and what features take along (`backup_parts`), never the keys directory.
It is readable by its owner only, and with BACKUP_RECIPIENTS by nobody who has none of their private keys: then it is
one encrypted archive of the same files.
"""

import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from flask import current_app

import config

from . import (
    backup_parts,
    clock,
    database_copies,
    encrypted_archives,
    keys,
    last_backup,
    migrations,
    site_version,
    start_checks,
    storage,
    writers,
)
from .base import db
from .errors import Conflict, Invalid, Unavailable

log = logging.getLogger(__name__)
FORMAT, ENCRYPTED = 1, 2
ABOUT = "backup.json"
ARCHIVE = "backup.tar.age"
SAID = {FORMAT: {"database", "revision", "digest", "uploads", "sample", "keys"}, ENCRYPTED: {"digest", "recipients"}}
"""Fields without which a description of each format is damaged."""
WORK = "backup-work"
"""In the data directory: plain pieces of encrypted backups while they are made or put back."""
PLAIN = ("Backups of this site are not encrypted: name who may open them in CIVIC_FORUM_BACKUP_RECIPIENTS "
         "(docs/running.md, Backup and restore).")
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
    db.session.rollback()
    database_copies.refuse_missing(db.engine.url)
    backup_parts.begun(target)
    db.session.rollback()
    if current_app.config["BACKUP_RECIPIENTS"]:
        _write_encrypted(target)
        return
    for name, file in _members(target):
        if file.name != str(target / name):
            _keep(file, target / name)


def _write_encrypted(target: Path) -> None:
    recipients = current_app.config["BACKUP_RECIPIENTS"]
    with _workplace() as folder, storage.written_alone(target / ARCHIVE) as file:
        encrypted_archives.write(file, recipients, _members(folder))
    about = {"format": ENCRYPTED, "at": clock.now().isoformat(), "digest": _digest(target / ARCHIVE),
             "recipients": recipients}
    storage.write(target / ABOUT, json.dumps(about, indent=1).encode())


def _members(folder: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Everything that a copy holds, its description last; what has to be made for it is made in `folder`."""
    blobs: set[str] = set()
    yield from _new_blobs(blobs)
    database = folder / database_copies.NAMES[db.engine.dialect.name]
    database_copies.copy(db.engine.url, database, backup_parts.in_order)
    database.chmod(0o600)
    yield from _opened(database, folder)
    yield from _new_blobs(blobs)
    files = {str(path.relative_to(_data())): path for part in backup_parts.folders for path in _files(_data() / part)}
    digests = {}
    for name, path in files.items():
        digests[name] = _digest(path)
        yield from _opened(path, _data())
    if current_app.config["SAMPLE"]:
        for path in (_data() / name for name in OF_A_SAMPLE):
            if path.exists():
                yield from _opened(path, _data())
    about = {"format": FORMAT, "database": db.engine.dialect.name, "revision": sorted(_revision_of(database)),
             "digest": _digest(database), "uploads": len(blobs), "files": digests, "at": clock.now().isoformat(),
             "sample": current_app.config["SAMPLE"], "keys": _key_check()}
    (folder / ABOUT).write_text(json.dumps(about, indent=1))
    yield from _opened(folder / ABOUT, folder)


def _opened(path: Path, folder: Path) -> Iterator[tuple[str, BinaryIO]]:
    with storage.opened(path) if folder == _data() else open(path, "rb") as file:
        yield str(path.relative_to(folder)), file


def _new_blobs(known: set[str]) -> Iterator[tuple[str, BinaryIO]]:
    """Blobs that are not known yet; those that are thrown away meanwhile no row of the copy names."""
    for blob in _blobs(_uploads()):
        if blob.name not in known:
            with suppress(FileNotFoundError), storage.opened(blob) as file:
                known.add(blob.name)
                yield str(blob.relative_to(_data())), file


@contextmanager
def _workplace() -> Iterator[Path]:
    """An empty folder for plain pieces, for one at a time. It is gone afterwards; what somebody left in it who was
    killed goes before."""
    place = _data() / WORK
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with writers.turn_at(place / "turn"):
        folder = place / "pieces"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@start_checks.before_serving
def forget_pieces() -> None:
    """Delete what a backup left in plain when it was killed."""
    place = _data() / WORK
    if (place / "pieces").exists() and not writers.is_taken(place / "turn"):
        with _workplace():
            pass


@start_checks.before_serving
def warn_of_plain_copies() -> None:
    """One line in the log of a site that people reach and whose backups anybody can read who finds one."""
    if (current_app.config["URL"].startswith("https://") and not current_app.config["SAMPLE"]
            and not current_app.config["BACKUP_RECIPIENTS"]):
        log.warning(PLAIN)


def restore(directory: str, identity: bytes | None = None) -> list[str]:
    """Replace database and uploads by those of the copy, at the newest revision; returns what else to do. `identity`
    is the file of private keys that opens an encrypted copy.

    The copy is checked wholly before anything is changed. Blobs are added before the database changes and
    superfluous ones thrown away after it, so at no moment a row lacks its blob. Raises Invalid when the copy is
    not one of ours or damaged, Conflict when it does not fit here or the site is running.
    """
    with _plain(Path(directory), identity) as source:
        return _put_back(source)


@contextmanager
def _plain(source: Path, identity: bytes | None) -> Iterator[Path]:
    """The folder with the files of a copy, wherever they are as long as it lasts."""
    about = _about(source)
    if about["format"] != ENCRYPTED:
        if identity is not None:
            raise Invalid("This backup is not encrypted: it needs no identity.")
        yield source
        return
    if identity is None:
        raise Invalid("This backup is encrypted: name the file of a private key that opens it with --identity FILE.")
    opening = encrypted_archives.identities(identity)
    if not (source / ARCHIVE).is_file() or _digest(source / ARCHIVE) != about["digest"]:
        raise Invalid("The encrypted backup is damaged.")
    with _workplace() as folder:
        encrypted_archives.extract(source / ARCHIVE, opening, folder)
        yield folder


def _put_back(source: Path) -> list[str]:
    data = _data()
    about = _about(source)
    if about["format"] != FORMAT:
        raise Invalid("There is no backup in the encrypted archive.")
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
        wanted = SAID.get(about.get("format"))
    except (OSError, ValueError, AttributeError, TypeError) as wrong:
        raise Invalid(f"{source} does not hold a backup.") from wrong
    if wanted is None:
        raise Invalid(f"The format {about.get('format')} of this backup is not known.")
    if wanted - about.keys():
        raise Invalid(f"{source / ABOUT} is damaged.")
    return about


def _refuse_unfitting(about: dict, data: Path) -> None:
    here = db.engine.dialect.name
    if about["database"] != here:
        raise Conflict(f"This is a copy of a {about['database']} database, and the site uses {here}.")
    migrations.refuse_unknown(set(about["revision"]))
    peopled = any(path.name != WORK for path in data.glob("*"))
    if bool(about["sample"]) != bool(current_app.config["SAMPLE"]) and peopled:
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
    known = {digest.hex() for digest in keys.hashes("backup", KEY_CHECK)} if keys.exist() else ()
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
    return (path for path in folder.glob("??/*") if storage.DIGEST.fullmatch(path.name) and not path.is_symlink())


def _add_blobs(source: Path, target: Path) -> None:
    """Copy what the target lacks."""
    for blob in _blobs(source):
        kept = target / blob.parent.name / blob.name
        if not kept.exists():
            with open(blob, "rb") as file:
                _keep(file, kept)


def _files_of(copy: Path) -> list[str]:
    """Every file of the folders that go along, by its path inside the copy."""
    return [str(path.relative_to(copy)) for folder in backup_parts.folders for path in _files(copy / folder)]


def _files(folder: Path) -> list[Path]:
    """Finished ones: what is still being written has a name of its own until it is whole. No links: they may lead to a
    key."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()
                  and not path.name.startswith(".") and path.suffix != ".part")


def _add_files(source: Path, target: Path) -> None:
    """Copy files that never change; what the target has of another content is replaced, what it has more stays."""
    for path in _files(source):
        with open(path, "rb") as file:
            _keep(file, target / path.relative_to(source))


def _keep(file: BinaryIO, path: Path) -> None:
    """Copy the file, under its name only when it is whole."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}")
    try:
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600), "wb") as copy:
            shutil.copyfileobj(file, copy)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


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
