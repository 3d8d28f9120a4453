from civic_forum.kernel.base import db


def test_every_constraint_and_index_has_a_name(sqlite_app):
    for table in db.metadata.sorted_tables:
        assert all(constraint.name for constraint in table.constraints), table.name
        assert all(index.name for index in table.indexes), table.name


def test_every_foreign_key_leads_to_a_key(sqlite_app):
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys:
            assert key.column.primary_key, f"{table.name}.{key.parent.name}"
