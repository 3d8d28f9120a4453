"""Pictures of options: put in at the desk, shown to whom a poll is shown."""

from io import BytesIO

from civic_forum.platform.base import db
from civic_forum.polls import services as rehearsing
from civic_forum.polls.models import Poll
from civic_forum.polls.queries import records

from tests.common import form_of, picture
from .making import unannounced, voter
from .test_desk import DESK


def test_a_picture_needs_words_and_can_be_replaced_and_taken_down(town, browse):
    made, page = unannounced(town), browse(town.moderator())
    here = f"{DESK}/{made.slug}/options/1"
    answer = page.post(here, data=form_of(page, here) | {"picture": (picture(), "a.png")})
    assert answer.status_code == 422 and 'id="picture_description-error"' in answer.text
    for words in ("처음 그림", "다음 그림"):
        page.post(here, data=form_of(page, here) | {"picture": (picture(), "a.png"), "picture_description": words})
    db.session.rollback()
    option = records.option(made.id, 1)
    assert option.picture.description == "다음 그림"
    assert browse().get(f"/attachments/{option.picture.key}").status_code == 404  # not announced
    page.post(here, data=form_of(page, here) | {"picture_description": "고친 설명"})
    db.session.rollback()
    assert records.option(made.id, 1).picture.description == "고친 설명"
    page.post(f"{here}/picture-removals", data={"version": db.session.get(Poll, made.id).version})
    db.session.rollback()
    assert records.option(made.id, 1).picture is None


def test_people_who_rehearse_see_the_pictures_before_they_are_public(town, browse):
    made, guest, moderator = unannounced(town), voter(town), town.moderator()
    page, here = browse(moderator), f"{DESK}/{made.slug}/options/1"
    page.post(here, data=form_of(page, here) | {"picture": (picture(), "a.png"), "picture_description": "그림"})
    db.session.rollback()
    address = f"/attachments/{records.option(made.id, 1).picture.key}"
    db.session.rollback()
    assert browse(guest).get(address).status_code == 404
    rehearsing.rehearse(made.id, [guest.sign_in_name], hours=1, by=moderator)
    with browse(guest).get(address) as given:
        assert given.status_code == 200
    assert browse().get(address).status_code == 404


def test_a_file_that_is_no_picture_is_refused(town, browse):
    made, page = unannounced(town), browse(town.moderator())
    here = f"{DESK}/{made.slug}/options/1"
    answer = page.post(here, data=form_of(page, here) | {
        "picture": (BytesIO(b"%PDF-1.4 not a picture"), "a.pdf"), "picture_description": "무엇"})
    assert answer.status_code == 422 and 'id="picture-error"' in answer.text
