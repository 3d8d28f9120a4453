"""The real shape of a database: every table, column, constraint, index and trigger by name, as it says itself."""

import re

import sqlalchemy as sa

ALEMBIC = "alembic_version"

_CONSTRAINTS = """
    SELECT conrelid::regclass::text || ' ' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace"""
_INDEXES = "SELECT tablename || ' ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
_COLUMNS = """
    SELECT table_name || '.' || column_name, data_type || coalesce('(' || character_maximum_length || ')', '') || ' '
           || is_nullable || ' ' || coalesce(column_default, '')
    FROM information_schema.columns WHERE table_schema = 'public'"""


def of(connection: sa.Connection) -> dict[str, str]:
    read = _sqlite if connection.dialect.name == "sqlite" else _postgres
    return {name: text for name, text in read(connection).items() if ALEMBIC not in name}


def _postgres(connection: sa.Connection) -> dict[str, str]:
    """Without casts and brackets, which PostgreSQL words differently when it reads its own words again."""
    return {name: re.sub(r"::[a-z ]+(\[\])?|[()]", "", text) for query in (_CONSTRAINTS, _INDEXES, _COLUMNS)
            for name, text in connection.exec_driver_sql(query)}


def _sqlite(connection: sa.Connection) -> dict[str, str]:
    found = {}
    for kind, name, text in connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master").fetchall():
        if kind == "table" and not text.upper().startswith("CREATE VIRTUAL"):
            found |= {f"{name}: {part}": "" for part in _parts(text)}
        else:
            found[f"{kind} {name}"] = _plainly(text or "")
    return found


def _parts(text: str) -> list[str]:
    """The parts between the outer brackets of CREATE TABLE, in whatever order it was written."""
    inside, depth, parts, quoted = text[text.index("(") + 1:text.rindex(")")], 0, [""], False
    for character in inside:
        quoted ^= character == "'"
        if not quoted:
            depth += (character == "(") - (character == ")")
            if character == "," and depth == 0:
                parts.append("")
                continue
        parts[-1] += character
    return [_plainly(part) for part in parts]


def _plainly(text: str) -> str:
    return re.sub(r"\s*([(),])\s*", r"\1", re.sub(r"\s+", " ", text.replace('"', ""))).strip()
