"""Rows that each post and each look at one's own page reads are found by a key, however many there are."""

import pytest
import sqlalchemy as sa

from civic_forum.ballots.voting import own
from civic_forum.comments.models import Comment
from civic_forum.comments.queries import records
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import saved

from .plans import scanned

pytestmark = pytest.mark.both

MANY = 1_000
"""Rows of others, so that PostgreSQL's planner has a reason for a key whatever it knew of the table before."""


@pytest.fixture
def walked(town):
    """Tables that an act reads from end to end."""
    def of(act) -> set[str]:
        sent = []

        def note(_connection, _cursor, statement, parameters, _context, _many):
            sent.append((statement, parameters))

        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        with db.engine.connect() as connection:
            return set().union(*(scanned(connection, *pair) for pair in sent if pair[0].startswith(("SELECT", "WITH"))))
    return of


def test_the_page_on_which_a_comment_stands(town, walked):
    proposal, other = town.proposal(), town.proposal()
    note = {"author_id": proposal.author_id, "stance": "note", "source": "글", "html": "<p>글</p>", "at": clock.now()}
    db.session.execute(sa.insert(Comment), [note | {"thread_id": other.thread_id}] * MANY)
    comment = saved(Comment(thread_id=proposal.thread_id, **note))
    db.session.execute(sa.text("ANALYZE comment"))
    assert "comment" not in walked(lambda: records.place(comment))
    assert "comment" in walked(lambda: db.session.scalars(sa.select(Comment.id).order_by(Comment.id)).all())


def test_the_votes_in_which_somebody_took_part(town, walked):
    assert "participated" not in walked(lambda: own.took_part(town.resident()))
