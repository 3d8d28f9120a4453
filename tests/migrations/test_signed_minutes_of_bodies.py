"""Minutes of bodies that were out before the release stay out, as signed ones."""

import pytest
import sqlalchemy as sa

from civic_forum.platform import migrations
from civic_forum.platform.base import db

from . import filling

SIGNED = sa.text("SELECT id, signed_version FROM forum")


@pytest.mark.in_turns(of=10)
def test_minutes_that_were_out_count_as_signed_and_other_forums_stay_as_they_were(bare):
    migrations.upgrade("0077")
    with db.engine.begin() as connection:
        filling.fill(connection)
        connection.execute(sa.text("UPDATE forum SET signed_version = NULL, is_closed = false"))
        kept = set(connection.scalars(sa.text("SELECT forum_id FROM meeting WHERE kept_at IS NOT NULL")))
        out = set(connection.scalars(sa.text("SELECT forum_id FROM forum_minutes")))
    migrations.upgrade("0078")
    with db.engine.connect() as connection:
        after = dict(connection.execute(SIGNED).all())
    assert kept and after == {number: (int(number in out) if number in kept else None) for number in after}
