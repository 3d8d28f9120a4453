"""Brings the data of a site to where it can be served: `python -m civic_forum.preparation`.

A process of its own, so that the one that stays holds none of it in memory.
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import OperationalError

import config
from civic_forum.accounts import cli as accounts
from civic_forum.accounts.services import first_links
from civic_forum.app import defaults, make_app
from civic_forum.data_directory import ACCOUNTS, DATABASE, HEADS, LOADING, can_write, location
from civic_forum.platform import health, migrations, start_checks
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.sample_data import loader, password, people


class Unfinished(Exception):
    """The data cannot be brought to where they should be; the sentence says what to do."""


def main() -> None:
    """Exit code 0 when the site can be served, 1 with a sentence when not."""
    try:
        prepare(with_sample="--empty" not in sys.argv[1:])
    except (config.SettingError, Unfinished) as reason:
        sys.exit(str(reason))
    except OperationalError as reason:
        sys.exit(f"The database cannot be reached: {reason.orig}")
    except OSError as reason:
        sys.exit(f"The data directory cannot be used: {reason}")


def prepare(with_sample: bool) -> None:
    if with_sample:
        mark_when_new()
    settings = config.load()
    data = Path(str(settings["DATA"]))
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if locked := next((path for path in (data, data / DATABASE) if path.exists() and not can_write(path)), None):
        raise Unfinished(f"The site cannot write to {locked}. Give its user the right to, or choose another "
                         "directory with --data.")
    if (data / LOADING).exists():
        clear_half_loaded(data, database_of(settings))
    with make_app().app_context():
        if not health.migrations_are_newest():
            migrations.upgrade()
        if current_app.config["SAMPLE"]:
            if with_sample and not loader.is_loaded():
                load_sample(data)
            if loader.is_loaded():
                list_accounts(data)
        check()
        if not current_app.config["SAMPLE"]:
            show_first_links()


def show_first_links() -> None:
    """Print the links of the first two administrators at the first start, unless a journal would keep them."""
    stdout = os.fstat(1)
    if os.environ.get("JOURNAL_STREAM") != f"{stdout.st_dev}:{stdout.st_ino}":
        accounts.show_links(first_links.make_at_the_first_start())


def check() -> None:
    """Raises Unfinished when the site must not be served as it is."""
    try:
        start_checks.run()
    except Refusal as reason:
        raise Unfinished(str(reason)) from reason


def load_sample(data: Path) -> None:
    print("Loading the sample district, once …", flush=True)
    (data / LOADING).touch()
    set_heads_aside(Path(str(current_app.config["KEYS"])))
    with without_waiting_for_the_disk():
        loader.load(password.of(str(data)))
    (data / LOADING).unlink()


@contextmanager
def without_waiting_for_the_disk() -> Iterator[None]:
    """On SQLite no commit within the block waits until it is written, only the end does: a sample that was loaded by
    half is thrown away."""
    if not is_sqlite(db.engine.url):
        yield
        return

    def hurry(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    sa.event.listen(db.engine, "connect", hurry)
    db.session.remove()
    db.engine.dispose()
    try:
        yield
    finally:
        sa.event.remove(db.engine, "connect", hurry)
        db.session.remove()
        db.engine.dispose()
    path = str(db.engine.url.database)
    with closing(sqlite3.connect(path)) as connection, open(path, "rb") as file:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.fsync(file.fileno())


def set_heads_aside(keys: Path) -> None:
    """Set aside the heads of a sample district that is gone: they bind the new one to nothing."""
    if (keys / HEADS).exists():
        number = sum(1 for _path in keys.glob(f"{HEADS}.before-*")) + 1
        (keys / HEADS).rename(keys / f"{HEADS}.before-{number}")


def list_accounts(data: Path) -> None:
    """Keep for every start who can sign in."""
    lines = [f"  {person['name']:<14} {', '.join(filter(None, (person['nickname'], person.get('note'))))}\n"
             for person in people.read("people") if person["name"].startswith(people.SIGN_IN)]
    (data / ACCOUNTS).write_text("".join(lines), "utf-8")


def mark_when_new() -> None:
    """Mark a data directory as a sample, if there is neither data in it nor a database with tables."""
    settings = location()
    data = Path(str(settings["DATA"]))
    if data.exists() and any(data.iterdir()):
        return
    url = database_of(settings)
    if not is_sqlite(url) and has_tables(url):
        return
    config.mark_as_sample(data)


def clear_half_loaded(data: Path, url: sa.URL) -> None:
    """Throw away a sample district whose loading was cut off; nobody has seen it yet."""
    if not is_sqlite(url):
        raise Unfinished(f"Loading the sample district was cut off. Empty the database {url.database}, "
                         f"remove {data / LOADING}, and start again.")
    for path in Path(url.database).parent.glob(f"{Path(url.database).name}*"):
        path.unlink()
    for folder in ("uploads", "records"):
        shutil.rmtree(data / folder, ignore_errors=True)
    (data / LOADING).unlink()


def database_of(settings: dict[str, object]) -> sa.URL:
    return sa.make_url(str(defaults(settings)["SQLALCHEMY_DATABASE_URI"]))


def is_sqlite(url: sa.URL) -> bool:
    return url.get_backend_name() == "sqlite"


def has_tables(url: sa.URL) -> bool:
    engine = sa.create_engine(url)
    try:
        return bool(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
