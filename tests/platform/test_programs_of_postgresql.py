"""Programs of PostgreSQL that copies are made with."""


import pytest

from civic_forum.platform import database_copies
from civic_forum.platform.errors import Refusal


def test_the_newest_programs_of_postgresql_are_used_and_missing_ones_named(tmp_path, monkeypatch):
    for version in ("9", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "pg_dump").touch()
    monkeypatch.setattr(database_copies, "INSTALLED", tmp_path)
    assert database_copies.program("pg_dump") == str(tmp_path / "17" / "bin" / "pg_dump")
    with pytest.raises(Refusal, match="postgresql-client"):
        database_copies.program("pg_unknown")
