from datetime import timedelta

import pytest

from civic_forum.platform.base import db
from civic_forum.search import operations
from tests.factories import MAY


@pytest.fixture
def write(town):
    """Puts a text into the index, each a day newer than the one before; returns its `ref_id`."""
    written = []

    def write(title="", body="", kind="proposal", ref_id=None, at=None):
        written.append(title)
        ref_id = ref_id or len(written)
        operations.put(db.session, kind, ref_id, title=title, body=body, at=at or MAY + timedelta(days=len(written)))
        db.session.commit()
        return ref_id

    return write
