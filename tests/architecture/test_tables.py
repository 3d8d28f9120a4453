import sqlalchemy as sa

from civic_forum.platform.base import db


def test_every_constraint_and_index_has_a_name(sqlite_app):
    assert [table.name for table in db.metadata.sorted_tables
            if not all(named.name for named in (*table.constraints, *table.indexes))] == []


def test_every_foreign_key_leads_to_a_key(sqlite_app):
    unique = {constraint.columns[0] for table in db.metadata.sorted_tables for constraint in table.constraints
              if isinstance(constraint, sa.UniqueConstraint) and len(constraint.columns) == 1}
    assert [f"{table.name}.{key.parent.name}" for table in db.metadata.sorted_tables
            for key in table.foreign_keys if not key.column.primary_key and key.column not in unique] == []
