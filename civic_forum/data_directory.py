"""Facts about a data directory without importing the application, which takes a second."""

import json
import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import config
from civic_forum.sample_data import password

LOADING = "sample-loading"
"""A file that is there while the sample district is being loaded."""
ACCOUNTS = "sample-accounts"
"""The list of those who can sign in, once the sample district is loaded."""

HEADS = "heads"
"""In the keys directory: the last head that was shown of every box."""

DATABASE = "civic_forum.db"
"""The file of SQLite, unless the settings name another database."""

_ASSIGNED = re.compile(r'^(revision|down_revision) *= *"(\w+)"', re.M)


def location() -> dict[str, object]:
    """The settings before it is known whether the directory is a sample; for looking, not for serving."""
    return config.load(SECRET_KEY="only to read the other settings", CLOCK_OFFSET_S=0)


def is_prepared(settings: dict[str, object], with_sample: bool) -> bool:
    """True if the site can be served as it is. False means only that it takes a closer look."""
    data = Path(str(settings["DATA"]))
    database = Path(str(settings["DATABASE_URL"]).removeprefix("sqlite:///"))
    if not database.is_file() or (data / LOADING).exists() or not (can_write(data) and can_write(database)):
        return False
    if with_sample and settings["SAMPLE"] and not (data / ACCOUNTS).exists():
        return False
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            [(revision,)] = connection.execute("SELECT version_num FROM alembic_version")
            peopled = connection.execute("SELECT EXISTS (SELECT 1 FROM neighbourhood)").fetchone()[0]
            behind = is_behind(connection, Path(str(settings["KEYS"])))
    except (sqlite3.Error, ValueError, KeyError):
        return False
    return revision == newest_revision() and bool(peopled or not with_sample) and not behind


def is_behind(connection: sqlite3.Connection, keys: Path) -> bool:
    """True if a head was shown that this database does not have."""
    for path in (keys / HEADS).glob("*.json"):
        shown = json.loads(path.read_bytes())
        known = connection.execute("SELECT signature FROM head WHERE box_id = ? AND number = ?",
                                   (bytes.fromhex(path.stem), shown["number"])).fetchone()
        if known is None or known[0].hex() != shown["signature"]:
            return True
    return False


def can_write(path: Path) -> bool:
    """True if the site's user may change it, and whether anybody can where it lies."""
    return os.access(path, os.W_OK)


def newest_revision() -> str | None:
    """The revision that no other follows, as far as their files say."""
    named: dict[str, set[str]] = {"revision": set(), "down_revision": set()}
    for path in (config.ROOT / "migrations" / "versions").glob("*.py"):
        for kind, number in _ASSIGNED.findall(path.read_text("utf-8")):
            named[kind].add(number)
    newest = named["revision"] - named["down_revision"]
    return newest.pop() if len(newest) == 1 else None


def introduce_sample(settings: dict[str, object]) -> None:
    """Print who can sign in, and with which password, if this is a sample district."""
    accounts = Path(str(settings["DATA"])) / ACCOUNTS
    if settings["SAMPLE"] and accounts.exists():
        print("Sample accounts (invented people; sign-in name, who it is):")
        print(accounts.read_text("utf-8"), end="")
        print(f"Sample password: {password.of(str(settings['DATA']))}", flush=True)
