"""Statements that are compared between the databases."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from .statements import Statements, parts, plain, texts


def test_a_statement_has_one_text_on_both_however_much_is_put_into_it():
    table = sa.table("poll", sa.column("id"), sa.column("state"))
    statement = sa.select(table.c.id).where(table.c.id.in_([1, 2, 3])).with_for_update()
    assert texts(statement.compile()) == texts(statement.compile(dialect=postgresql.dialect()))
    assert plain("VALUES (?, ?), (?, ?), (?, ?)") == plain("VALUES (?, ?)") == "VALUES (?)"


def test_of_rows_changed_by_their_key_each_column_counts():
    assert parts("UPDATE poll SET state=?, title=? WHERE poll.id = ?") == [
        "UPDATE poll SET state=? WHERE poll.id = ?", "UPDATE poll SET title=? WHERE poll.id = ?"]
    assert parts("UPDATE poll SET n=(SELECT count(*) FROM vote) WHERE poll.id = ?") == [
        "UPDATE poll SET n=(SELECT count(*) FROM vote) WHERE poll.id = ?"]


def test_statements_that_nobody_sent_on_postgresql_are_named():
    statements = Statements()
    statements.pytest_worker_told({"statements": {"sqlite": {"a": "t1", "b": "t1"}, "postgresql": {"a": "t2"}}})
    statements.pytest_worker_told({"statements": {"sqlite": {"b": "t3", "c": "t3"}, "postgresql": {"c": "t4"}}})
    assert statements.missing() == {"b": "t1"}
