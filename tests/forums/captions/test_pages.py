"""The captioner's page without script, the history, the file; names follow the people."""

import pytest
import sqlalchemy as sa

from civic_forum.forums.record import captions
from civic_forum.forums.record.captions import PAGE
from civic_forum.forums.record.models import Caption
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import saved
from tests.forums.scene import key, live_forum


def path(scene, rest=""):
    return f"/forums/{scene.forum.slug}/{rest}"


def test_a_captioner_types_without_script_and_goes_on_with_the_same_speaker(town, browse):
    scene = live_forum(town)
    browser = browse(scene.captioner)
    page = browser.get(path(scene, "captioner"))
    assert page.status_code == 200
    assert 'name="text"' in page.text and "autofocus" in page.text
    duty = scene.forum.duties[0]
    answer = browser.post(path(scene, "captions"), data={"text": "시작할게요.", "key": key(), "back": "/captioner",
                                                         "speaker": str(duty.id)})
    assert answer.status_code == 303
    assert answer.location.endswith(f"/captioner?speaker={duty.id}#caption-text")
    again = browser.get(answer.location)
    assert "시작할게요." in again.text
    assert f'value="{duty.id}" id="speaker-1" data-digit="1" checked' in " ".join(again.text.split())


def test_a_script_gets_204_and_a_refusal_as_a_problem(town, browse):
    scene = live_forum(town)
    browser, accepts = browse(scene.captioner), {"Accept": "application/json"}
    assert browser.post(path(scene, "captions"), data={"text": "줄", "key": key()}, headers=accepts).status_code == 204
    refused = browser.post(path(scene, "captions"), data={"text": "", "key": key()}, headers=accepts)
    assert (refused.status_code, refused.mimetype) == (422, "application/problem+json")


def test_a_refused_line_comes_back_with_what_was_typed(town, browse):
    scene = live_forum(town)
    refused = browse(scene.captioner).post(path(scene, "captions"), data={
        "text": "번호 900101-1234568", "key": key(), "back": "/captioner"})
    assert refused.status_code == 422
    assert "번호 900101-1234568" in refused.text


def test_a_line_is_corrected_without_script(town, browse):
    scene = live_forum(town)
    line = captions.write(scene.forum.id, "가로등이 열아홉", key(), by=scene.captioner)
    browser = browse(scene.captioner)
    assert f"?correct={line.id}#correct" in browser.get(path(scene, "captioner")).text
    assert 'id="correction-text"' in browser.get(path(scene, f"captioner?correct={line.id}")).text
    answer = browser.post(path(scene, f"captions/{line.id}"), data={"text": "가로등이 열세 개", "key": key(),
                                                                   "back": "/captioner"})
    assert answer.status_code == 303
    assert "가로등이 열세 개" in browser.get(path(scene, "captions")).text


def many(scene, number):
    now = clock.now()
    db.session.add_all(Caption(forum_id=scene.forum.id, text=f"줄 {n}", at=now, speaker="별밤지기") for n in range(number))
    db.session.commit()


@pytest.mark.both
def test_the_history_pages_through_everything_once(town, browse, queries):
    scene = live_forum(town)
    many(scene, 2 * PAGE + 1)
    seen, address = [], path(scene, "captions")
    while address:
        with queries() as statements:
            page = " ".join(browse().get(address).text.split())
        assert len(statements) <= 6
        seen += [line.split("<")[0] for line in page.split('<span class="said">')[1:]]
        address = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0] if 'rel="next"' in page else None
    assert seen == [f"줄 {n}" for n in range(2 * PAGE + 1)]


def test_the_file_is_a_web_vtt_from_the_opening(town, browse):
    scene = live_forum(town)
    speaker = scene.person()
    scene.turn(speaker, seconds=None, ago=5)
    captions.write(scene.forum.id, "여기 앉아요.", key(), by=scene.captioner)
    answer = browse().get(path(scene, "captions.vtt"))
    assert answer.mimetype == "text/vtt"
    assert answer.text.startswith("WEBVTT\n\n1\n00:10:0")
    assert f"<v {speaker.nickname}>여기 앉아요." in answer.text


@pytest.mark.both
def test_somebody_who_left_has_no_name_in_captions(town, browse):
    scene = live_forum(town)
    speaker = scene.person(nickname="떠난이")
    scene.turn(speaker, seconds=None, ago=5)
    captions.write(scene.forum.id, "여기 앉아요.", key(), by=scene.captioner)
    assert "떠난이" in browse().get(path(scene, "captions")).text
    speaker = db.session.merge(speaker)
    speaker.nickname, speaker.left_at = None, clock.now()
    saved(speaker)
    for address in ("captions", "captions.vtt"):
        page = browse().get(path(scene, address)).text
        assert "떠난이" not in page
        assert "탈퇴한 회원" in page
    assert db.session.scalar(sa.select(Caption.speaker)) is None
