"""Rows for the tables of any revision, from what the database itself says of them."""

import re
import warnings
from datetime import date, datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

ROWS = 4
OWN = ("alembic_version", "search_index")
"""Kept by Alembic, or made by hand for full-text search."""
MAY_1 = datetime(2030, 5, 1, 9)
# What a check between columns asks for; everything else follows from types, references and allowed words.
TOGETHER = {
    "category": lambda n: {"id": n + 10, "closed_at": None, "successor_id": None, **earlier(n)},
    "reason": lambda n: {"id": n + 10, "closed_at": None, "successor_id": None, **earlier(n)},
    **dict.fromkeys(("neighbourhood", "department", "audience", "ready_text"), lambda n: earlier(n)),
    "role_grant": lambda n: {"neighbourhood_id": None},
    "absence": lambda n: {"until_day": date(2030, 5, 9)}, "affiliation": lambda n: {"user_id": n},
    "ballot_box": lambda n: {"closes_at": MAY_1 + timedelta(days=n)},
    "consultation": lambda n: {"closes_at": MAY_1 + timedelta(days=n)},
    "award_round": lambda n: {"criteria": [f"{n} 새로움", "도움"], "winners": 1},
    "award_score": lambda n: {"points": [n, 9]},
    "evaluation": lambda n: {"ends_on": date(2040, 1, n)},
    "change_vote": lambda n: {"votes_for": n, "votes_against": 1, "abstained": 0, "voting": n + 1},
    "series_step": lambda n: {"until_on": None},
    "year_series": lambda n: {"neighbourhood_id": n, "after_id": n - 1 or None},
    "survey": lambda n: {"closes_at": MAY_1 + timedelta(days=n)},
    "call": lambda n: {"closes_at": MAY_1 + timedelta(days=n)}, "call_application_step": lambda n: {"passed": True},
    "opinion_letter_run": lambda n: {"posted_by_id": n % ROWS + 1},
    "opinion_response": lambda n: {"value": n % 2},
    "poll": lambda n: {"closes_at": MAY_1 + timedelta(days=n), "admits_residents": True},
    "election_season": lambda n: {"last_day": date(2030, 6, n)},
    "author_objection": lambda n: {"link_id": n if n % 2 else None, "merge_id": None if n % 2 else n},
    "proposal_merge": lambda n: {"into_id": n % ROWS + 1},
    "forum": lambda n: {"ends_at": MAY_1 + timedelta(days=n)}, "forum_duty": lambda n: {"user_id": n},
    "forum_table": lambda n: {"projected": False}, "programme_item": lambda n: {"forum_id": n},
    "body": lambda n: {"access_reason": f"{n} 이유", "ends": None},
    "membership": lambda n: {"until": None, "seat_id": n, "about_kind": "body", "about_id": None},
    "meeting_item": lambda n: {"undoes_id": 1 if n == ROWS else None},
    "budget_round": lambda n: {"admits_residents": True},
    "budget_phase": lambda n: {"ends_at": MAY_1 + timedelta(days=n)},
    "duty": lambda n: {"proposal_id": n, "about_kind": None, "about_id": None, "department_id": None},
    "choice_group": lambda n: {"min_choices": 0}, "project": lambda n: {"merged_into_id": None},
}


def earlier(n: int) -> dict[str, list]:
    """Names of before of an entry of the district's lists."""
    return {"earlier": [[f"{n} 옛 이름", f"{n} Old", MAY_1.isoformat()]]}


def tables(connection: sa.Connection) -> list[sa.Table]:
    """The tables of this revision, those first that others refer to."""
    found = sa.MetaData()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*expression-based index")
        found.reflect(connection, only=lambda name, _: not name.startswith(OWN))
    return found.sorted_tables


def fill(connection: sa.Connection) -> None:
    """Put a few rows into every table, each tied to rows of the others, with every column set in some row."""
    for table in tables(connection):
        allowed = words(connection, table)
        for n in range(1, ROWS + 1):
            row = {column.name: value(column, n, allowed.get(column.name)) for column in table.columns}
            if table.name in TOGETHER:
                row |= {name: cell for name, cell in TOGETHER[table.name](n).items() if name in table.c}
            connection.execute(table.insert().values(row))
        if connection.dialect.name == "postgresql" and "id" in table.c:
            connection.execute(sa.text("SELECT setval(s, :n) FROM pg_get_serial_sequence(:name, 'id') AS s"
                                       " WHERE s IS NOT NULL"), {"n": ROWS, "name": f'"{table.name}"'})
    index(connection)


def index(connection: sa.Connection) -> None:
    """Make the first entry of the search index findable by `주차`."""
    key, tokens = ("rowid", ":tokens") if connection.dialect.name == "sqlite" else ("id", "CAST(:tokens AS tsvector)")
    connection.execute(sa.text(f"INSERT INTO search_index ({key}, tokens) VALUES (1, {tokens})"), {"tokens": "주차"})


def found(connection: sa.Connection) -> list[int]:
    """The entries of the search index that say `주차`."""
    how = ("SELECT rowid FROM search_index WHERE search_index MATCH '\"주차\"'" if connection.dialect.name == "sqlite"
           else "SELECT id FROM search_index WHERE tokens @@ CAST('주차' AS tsquery)")
    return list(connection.execute(sa.text(how)).scalars())


def rows(connection: sa.Connection) -> dict[str, list[dict]]:
    """Every row of every table."""
    found = {}
    for table in tables(connection):
        ordered = sa.select(table).order_by(*table.primary_key)
        found[table.name] = [dict(row._mapping) for row in connection.execute(ordered)]
    return found


def upgraded(start: str, end: str = "head") -> tuple[dict[str, list[dict]], dict[str, list[dict]]]:
    """Every row of a filled database of one revision, and every row after its upgrade to another."""
    migrations.upgrade(start)
    with db.engine.begin() as connection:
        fill(connection)
        before = rows(connection)
    migrations.upgrade(end)
    with db.engine.connect() as connection:
        return before, rows(connection)


def words(connection: sa.Connection, table: sa.Table) -> dict[str, list[str]]:
    """Column → the words that a check constraint allows in it."""
    allowed = {}
    for check in sa.inspect(connection).get_check_constraints(table.name):
        name = re.match(r"\W*(\w+)\W*(?:::text|::character varying)?\W*(?:IN|= ANY)\b", check["sqltext"])
        if name:
            allowed[name[1]] = re.findall(r"'([^']*)'", check["sqltext"])
    return allowed


def value(column: sa.Column, n: int, allowed: list[str] | None) -> object:
    """The value of this column in the n-th row. Odd rows leave out what may be left out."""
    if column.foreign_keys:
        [key] = column.foreign_keys
        if key.column.table is column.table:
            return None if n == 1 or column.nullable and n % 2 else 1
        return value(key.column, n, None) if not column.nullable or n % 2 == 0 else None
    if column.nullable and n % 2:
        return None
    if allowed:
        return allowed[n % len(allowed)]
    return _plain(column, n)


def _plain(column: sa.Column, n: int) -> object:
    match column.type:
        case sa.Boolean():
            return n % 2 == 0
        case sa.Integer():
            return n
        case sa.Float():
            return n / 2
        case sa.DateTime():
            return MAY_1 + timedelta(hours=n, microseconds=n)
        case sa.Date():
            return date(2030, 5, n)
        case sa.LargeBinary():
            return sha256(f"{column.name} {n}".encode()).digest()
        case sa.JSON():
            return {"번호": n}
        case sa.String():
            return f"{n} 금천 {column.name}"[:column.type.length]
    raise AssertionError(f"no value for {column!r}")
