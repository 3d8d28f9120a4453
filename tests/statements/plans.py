"""Tables that a statement reads from end to end, by its plan: as the planner of its database sees them."""

import re

import sqlalchemy as sa

from civic_forum.platform.base import db

SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?(?! VIRTUAL)")
OPEN = re.compile("_open|_waiting")
"""In names of indexes of some rows alone: they shrink as work is done."""
NAMED = re.compile(r'"?(\w+)"? AS "?(\w+)"?')
KEYED = ("SET LOCAL enable_seqscan = off", "SET LOCAL enable_hashjoin = off", "SET LOCAL enable_mergejoin = off")
"""PostgreSQL goes by a key wherever there is one, as it would in tables that are full."""
WALKS = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")


def scanned(connection: sa.Connection, statement: str, parameters) -> set[str]:
    """Names of the tables; a walk of a whole index counts, one of an index of what is open alone does not. The
    statement is that of the driver, and is not carried
    out."""
    tables = db.metadata.tables.keys()
    if connection.dialect.name == "sqlite":
        lines = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        names = {alias: table for table, alias in NAMED.findall(statement) if table in tables}
        walked = [scan[1] for *_numbers, line in lines if (scan := SCAN.match(line)) and not OPEN.search(scan[2] or "")]
        return {names.get(name, name) for name in walked} & tables
    for setting in KEYED:
        connection.exec_driver_sql(setting)
    [plan] = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
    return _walked(plan["Plan"], "") & tables


def _walked(node: dict, above: str) -> set[str]:
    table = node.get("Relation Name", above)
    inside = (_walked(part, table) for part in node.get("Plans", ()))
    here = {table} if node["Node Type"] in WALKS and "Index Cond" not in node else set()
    return here.union(*inside)
