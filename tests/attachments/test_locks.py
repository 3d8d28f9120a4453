"""Changes of a set of files: each waits for whoever holds it, as sizes and places are counted together."""

import pytest

from civic_forum.attachments.models import AttachmentSet
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.proposals.services import drafts
from tests.proposals.test_writing import drafted
from tests.racing import held, on_postgresql

pytestmark = on_postgresql


def test_a_file_is_taken_out_after_whoever_holds_the_set(town):
    author = town.resident()
    draft = drafted(author)
    with held(db.session.get(AttachmentSet, draft.attachment_set_id)), pytest.raises(NotFound):
        drafts.detach(draft.draft_key, "x" * 22, by=author)
