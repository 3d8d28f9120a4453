"""Brings the data of a site to where it can be served: `python -m civic_forum.preparation`.

A process of its own, so that the one that stays holds none of it in memory.
"""

import sys
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

import config
from civic_forum.app import make_app
from civic_forum.kernel import health, migrations


def main() -> None:
    """Exit code 0 when the site can be served, 1 with a sentence when not."""
    try:
        prepare(load_sample="--empty" not in sys.argv[1:])
    except config.SettingError as reason:
        sys.exit(str(reason))
    except OperationalError as reason:
        sys.exit(f"The database cannot be reached: {reason.orig}")


def prepare(load_sample: bool) -> None:
    if load_sample:
        mark_when_new()
    Path(str(config.load()["DATA"])).mkdir(parents=True, exist_ok=True)
    with make_app().app_context():
        if not health.migrations_are_newest():
            migrations.upgrade()


def mark_when_new() -> None:
    """Mark a data directory as a sample, if there is neither data in it nor a database with tables."""
    settings = config.load(SECRET_KEY="only to read the other settings")
    data = Path(str(settings["DATA"]))
    if data.exists() and any(data.iterdir()):
        return
    url = sa.make_url(str(settings["DATABASE_URL"]))
    if not url.drivername.startswith("sqlite") and has_tables(url):
        return
    config.mark_as_sample(data)


def has_tables(url: sa.URL) -> bool:
    engine = sa.create_engine(url)
    try:
        return bool(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
