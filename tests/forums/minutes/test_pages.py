"""The pages of the minutes: read by everybody, kept by forms, without names of who left and words of what is hidden."""

import pytest
import sqlalchemy as sa

from civic_forum.accounts import passwords
from civic_forum.accounts.models import User
from civic_forum.forums.minutes import services as minutes
from civic_forum.forums.minutes.models import Correction, Minutes
from civic_forum.forums.minutes.rules.drafting import CORRECTED_WITHIN
from civic_forum.forums.tables.models import Note
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests import limits
from tests.factories import saved
from tests.forums.minutes.making import finished_forum


def path(scene, rest=""):
    return f"/forums/{scene.forum.slug}/minutes{rest}"


@pytest.mark.in_turns(of=5)
def test_the_whole_way_by_forms(app, town, browse, at, monkeypatch):
    scene = finished_forum(town)
    host, speaker, visitor = browse(scene.host), browse(scene.speaker), browse()
    assert "아직 회의록이 없어요." in visitor.get(path(scene)).text
    assert host.post(path(scene), data={"back": "/minutes"}).status_code == 303
    page = speaker.get(path(scene)).text
    for text in ("가려진 등을 먼저 고쳐요.", "언제 고치나요?", "올해 안에 고쳐요.", "가지를 쳐요", "의자 노아주세요", "종이 쪽지"):
        assert page.count(text) >= 1
    place = f"caption:{scene.captions[1].id}"
    assert f"?place=caption%3A{scene.captions[1].id}#correct" in page
    assert "등이 열아홉 군데 어두워요.</textarea>" in speaker.get(path(scene, f"?place={place}")).text
    asked = speaker.post(path(scene, "/corrections"), data={
        "place": place, "was": "열아홉", "becomes": "열세", "back": "/minutes"})
    assert asked.status_code == 303
    correction = db.session.scalar(sa.select(Correction))
    unfit = host.post(path(scene, f"/corrections/{correction.id}"), data={"reply": "들어 봤어요.", "back": "/minutes"})
    assert (unfit.status_code, "받아들일지 골라 주세요." in unfit.text) == (422, True)
    assert host.post(path(scene, f"/corrections/{correction.id}"), data={
        "verdict": "accept", "reply": "들어 봤어요.", "back": "/minutes"}).status_code == 303
    assert host.post(path(scene, "/versions"), data={"note": "한 곳을 고쳤어요.", "back": "/minutes"}).status_code == 303
    changes = visitor.get(path(scene, "/changes")).text
    assert "<del>" in changes and "열세" in changes and "<h2>자막</h2>" in changes
    at(clock.now() + CORRECTED_WITHIN)
    db.session.rollback()
    user = db.session.get_one(User, scene.host.id)
    user.password_hash = passwords.hashed("별과 나무와 바람 7")
    saved(user)
    wrong = host.post(path(scene, "/signature"), data={"seen": "2", "password": "아무거나", "back": "/minutes"})
    assert (wrong.status_code, "비밀번호가 맞지 않아요" in wrong.text) == (422, True)
    with monkeypatch.context() as patch:
        patch.setitem(app.config, "LIMIT_SIGN_IN_NAME", 1)
        assert [host.post(path(scene, "/signature"), data={"seen": "2", "password": "아무거나"}).status_code
                for _try in range(2)] == [422, 429]
    limits.forget()
    assert host.post(path(scene, "/signature"), data={
        "seen": "2", "password": "별과 나무와 바람 7", "back": "/minutes"}).status_code == 303
    assert "서명했어요" in visitor.get(path(scene)).text
    assert "서명했어요</b>" not in visitor.get(path(scene, "?version=1")).text
    assert visitor.get(path(scene, "?version=9")).status_code == 404


@pytest.mark.both
def test_somebody_who_left_has_no_name_and_a_hidden_text_no_words_in_any_version(town, browse):
    scene = finished_forum(town, nickname="떠난이")
    minutes.draft(scene.forum.id, by=scene.host)
    assert "떠난이" in browse().get(path(scene)).text
    speaker = db.session.merge(scene.speaker)
    question, note = (db.session.merge(one) for one in (scene.questions[0], scene.notes[0]))
    speaker.nickname, speaker.left_at, question.hidden_at, note.removed_at = None, *[clock.now()] * 3
    saved(speaker)
    page = browse().get(path(scene, "?version=1")).text
    for gone in ("떠난이", "언제 고치나요?", "올해 안에 고쳐요.", "가지를 쳐요"):
        assert gone not in page
    assert "탈퇴한 회원" in page and "누가 고치나요?" in page


@pytest.mark.in_turns(of=5)
def test_as_many_statements_for_a_short_record_as_for_a_long_one(town, browse, queries):
    scene = finished_forum(town)
    minutes.draft(scene.forum.id, by=scene.host)
    long = finished_forum(town)
    db.session.add_all(Note(table_id=long.first_table.id, user_id=town.resident().id, text=f"쪽지 {n}", at=clock.now())
                       for n in range(60))
    db.session.commit()
    minutes.draft(long.forum.id, by=long.host)
    counted = []
    for one in (scene, long):
        for browser, most in ((browse(), 6), (browse(one.speaker), 9), (browse(one.host), 9)):
            address = path(one)
            db.session.rollback()
            with queries() as seen:
                assert browser.get(address).status_code == 200
            assert len(seen) <= most, "\n".join(one[:200] for one in seen)
            counted.append(len(seen))
    assert counted[:3] == counted[3:]


def test_minutes_of_a_forum_from_before_this_site_are_read_and_compared(town, browse):
    scene = finished_forum(town, signed_version=2)
    for version, text in ((1, "등이 없는 곳은 아홉 군데예요."), (2, "등이 없는 곳은 여섯 군데예요.")):
        saved(Minutes(forum_id=scene.forum.id, version=version, kind="signed" if version == 2 else "draft",
                      sections=[{"title": "나눈 이야기", "text": text}], made_at=clock.now(), published_at=clock.now(),
                      signed_at=clock.now() if version == 2 else None, signed_by="별밤지기(진행)" if version == 2 else None))
    page = browse().get(path(scene)).text
    assert "나눈 이야기" in page and "여섯 군데예요." in page and "별밤지기(진행)" in page
    assert "아홉" in browse().get(path(scene, "/changes")).text
