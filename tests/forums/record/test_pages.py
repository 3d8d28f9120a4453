"""The page of the record: read, searched, and at a minute of its clock; the frames for the script say the same."""

from datetime import timedelta

import pytest

from civic_forum.forums.minutes.rules import drafting as minutes
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.rules import ForumEventKind
from civic_forum.forums.tables.models import Note
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.factories import saved
from tests.forums.minutes.making import finished_forum
from tests.forums.scene import live_forum


def path(scene, rest=""):
    return f"/forums/{scene.forum.slug}/record{rest}"


def test_everything_is_read_along_the_programme(town, browse):
    scene = finished_forum(town)
    page = browse().get(path(scene)).text
    for text in ("1. <span lang=\"ko\">안내</span>", "시작할게요.", "등이 열아홉 군데 어두워요.", "언제 고치나요?", "그래요 3",
                 "가로등 테이블", "가지를 쳐요", "가려진 등을 먼저 고쳐요.", "등부터 밝혀요."):
        assert page.count(text) == 1, text


@pytest.mark.both
def test_while_it_runs_a_table_that_has_not_handed_in_stays_unread(town, browse):
    scene = live_forum(town)
    table = scene.table(1)
    saved(Note(table_id=table.id, text="아직 우리끼리", at=clock.now()))
    assert "아직 우리끼리" not in browse().get(path(scene)).text
    table = db.session.merge(table)
    table.handed_at = clock.now()
    saved(table)
    assert "아직 우리끼리" in browse().get(path(scene)).text


@pytest.mark.parametrize(("query", "found"), [("어두워요", True), ("등을 먼저", True), ("의자", True), ("주차장", False)])
def test_words_of_two_syllables_are_found(town, browse, query, found):
    scene = finished_forum(town)
    page = browse().get(path(scene, f"?q={query}")).text
    assert ("<mark>" in page) is found
    assert ("들어 있는 기록이 없어요." in page) is not found


def test_one_syllable_finds_nothing_and_says_why(town, browse):
    assert "두 글자 이상인 낱말을 적어 주세요." in browse().get(path(finished_forum(town), "?q=등")).text


def test_a_found_row_keeps_those_it_stands_in():
    sections = [{"key": minutes.TABLES, "rows": [
        {"ref": "table:1", "text": "가로등",
         "rows": [{"ref": "note:1", "text": "의자를 놓아요"}, {"ref": "note:2", "text": "나무"}]},
        {"ref": "table:2", "text": "다른 것", "rows": []}]}]
    kept = minutes.found(sections, "의자")
    assert [row["ref"] for row in minutes.rows_of(kept)] == ["table:1", "note:1"]


def happened(scene, *kinds):
    """Events every minute from the opening on: (kind, subject id)."""
    opened = scene.forum.opened_at
    for number, (kind, subject_id) in enumerate(kinds, start=1):
        db.session.add(ForumEvent(forum_id=scene.forum.id, number=number, at=opened + timedelta(minutes=number - 1),
                                  kind=kind, subject_id=subject_id, details={}))
    db.session.commit()


def played(town):
    scene = finished_forum(town)
    first, second = scene.captions
    happened(scene, (ForumEventKind.ITEM_STARTED, scene.forum.items[0].id), (ForumEventKind.CAPTION_WRITTEN, first.id),
             (ForumEventKind.ITEM_ENDED, scene.forum.items[0].id), (ForumEventKind.CAPTION_WRITTEN, second.id))
    return scene


def test_a_minute_of_the_clock_shows_what_stood_there_then(town, browse):
    scene = played(town)
    at = [f"{local(scene.forum.opened_at + timedelta(minutes=one)):%H:%M}" for one in range(4)]
    pages = [browse().get(path(scene, f"?at={one}")).text for one in at]
    shown = [page.split('data-replay-part="caption" lang="ko">')[1].split("<")[0] for page in pages]
    assert shown == ["", "시작할게요.", "시작할게요.", "등이 열아홉 군데 어두워요."]
    items = [page.split('data-replay-part="item" lang="ko">')[1].split("<")[0] for page in pages]
    assert items == ["1. 안내", "1. 안내", "", ""]
    assert f'?at={at[2]}#replay' in pages[0]


@pytest.mark.parametrize("at", ["25:00", "저녁", "19:2", "19:20:00"])
def test_a_text_that_is_no_minute_is_refused(town, browse, at):
    assert browse().get(path(finished_forum(town), f"?at={at}")).status_code == 400


def test_the_frames_tell_what_changed_and_when(town, browse):
    scene = played(town)
    told = browse().get(path(scene, "/frames.json")).json
    assert [(one["s"], sorted(set(one) - {"s"})) for one in told["frames"]] == [
        (0, ["caption", "counts", "item", "pulse", "queue", "speaker"]), (60, ["caption"]), (120, ["item"]),
        (180, ["caption"])]
    assert told["length"] == 600


def test_as_many_statements_for_a_short_record_as_for_a_long_one(town, browse, queries):
    scenes = [finished_forum(town), finished_forum(town)]
    for n in range(60):
        saved(Note(table_id=scenes[1].first_table.id, user_id=town.resident().id, text=f"쪽지 {n}", at=clock.now()))
    counted = []
    for address, speaker in [(path(one), one.speaker) for one in scenes]:
        for browser, most in ((browse(), 6), (browse(speaker), 9)):
            db.session.rollback()
            with queries() as seen:
                assert browser.get(address).status_code == 200
            assert len(seen) <= most, "\n".join(seen)
            counted.append(len(seen))
    assert counted[:2] == counted[2:]
