"""Whoever leaves takes along what nobody else read, with its words and its picture."""

from io import BytesIO

import pytest

from civic_forum.accounts import desk_numbers
from civic_forum.accounts.models import User
from civic_forum.accounts.services import leaving
from civic_forum.attachments.models import Attachment
from civic_forum.intake import services
from civic_forum.intake.claims import services as claims
from civic_forum.intake.models import IntakeItem
from civic_forum.intake.rules import ItemForm, ItemRecord
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.attachments.making import png

from .test_claims import verified
from .test_window import taken


@pytest.mark.both
def test_words_and_picture_go_with_their_owner(town, browse):
    owner, typist = verified(town, "김하나"), town.moderator()
    taken(town, town.clerk(), desk_number=desk_numbers.shown(owner.id, clock.now()).text)
    slip, = services.take([ItemRecord(text="뒷길이 어두워요", key="row-1", form=ItemForm.SPOKEN)], by=typist)
    sent = browse(typist).post("/desk/intake/photographs", data={
        "key": "row-1", "photograph": (BytesIO(png(60, 40)), "note.png")})
    assert sent.status_code == 200 and claims.claim(slip.number, slip.code, by=owner).is_granted
    with use_case(owner) as work:
        leaving.erase(work, work.session.get_one(User, owner.id))
    assert db.session.query(Attachment).count() == 0
    assert {(item.text, item.facts, item.submission.owner_id, item.submission.stands)
            for item in db.session.query(IntakeItem)} == {("", None, None, False)}
