"""People who were verified before names were folded."""

from datetime import date

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity, identity_hash, normalised_before
from civic_forum.accounts.queries import people
from civic_forum.accounts.services import people as access
from civic_forum.platform import keys, migrations
from civic_forum.platform.base import db

BORN = date(1985, 4, 2)


@pytest.mark.in_turns(of=10)
def test_somebody_verified_before_is_found_by_the_name_without_marks_and_keeps_the_hash(bare):
    migrations.upgrade("0046")
    kept = {name: keys.keyed_hash("person", f"{normalised_before(name)}\n{BORN}".encode())
            for name in ("김\u034f하늘", "박바다")}
    with db.engine.begin() as connection:
        persons = sa.Table("person", sa.MetaData(), autoload_with=connection)
        for name, identity in kept.items():
            connection.execute(persons.insert().values(
                identity_hash=identity, key_id=1, distinguisher=0, name_sealed=keys.seal("person.name", name),
                birth_date_sealed=keys.seal("person.birth_date", BORN.isoformat()), created_at=sa.func.now()))
    migrations.upgrade()
    assert access.fold_names() == 2
    for name, identity in kept.items():
        for typed in (name, name.replace("\u034f", "")):
            person, = people.namesakes(Identity(typed, BORN))
            assert person.identity_hash == identity and person.folded_hash == identity_hash(typed, BORN)
