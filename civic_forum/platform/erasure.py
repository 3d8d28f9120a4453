"""Making sure that what was deleted is gone from the database's files as well.

SQLite overwrites what it deletes (`secure_delete`), but the write-ahead log keeps older pages
until it is cut off. PostgreSQL keeps deleted rows until they are vacuumed.
"""

import logging
import time

from .base import db, is_sqlite

log = logging.getLogger(__name__)
TRIES, PAUSE_S = 20, 0.05


def tables_about(*names: str) -> list[str]:
    """These tables and all that refer to them."""
    return [table.name for table in db.metadata.sorted_tables
            if table.name in names or any(key.column.table.name in names for key in table.foreign_keys)]


def forget_deleted(tables: list[str]) -> bool:
    """Clear what deleted rows left behind; False where somebody is reading and it has to be tried again.

    Never inside a transaction.
    """
    db.session.rollback()
    if is_sqlite():
        return _cut_off_log()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.exec_driver_sql(f'VACUUM "{table}"')
    return True


def _cut_off_log() -> bool:
    """Without waiting inside SQLite, which would hold up the whole process."""
    raw = db.engine.raw_connection()
    try:
        raw.execute("PRAGMA busy_timeout = 0")
        for _attempt in range(TRIES):
            if not raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                return True
            time.sleep(PAUSE_S)
        log.info("the write-ahead log is in use; it will be cut off later")
        return False
    finally:
        raw.execute("PRAGMA busy_timeout = 30000")
        raw.close()
