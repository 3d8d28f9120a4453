"""The pages of tables, with forms alone: who reads what, and that sending leads back to where one was."""

import pytest

from civic_forum.forums.rules import Seating
from civic_forum.forums.tables import notes, queries
from civic_forum.forums.tables import services as tables
from civic_forum.forums.tables.models import Note, Seat
from civic_forum.platform.base import db
from tests.forums.notes.working import at_work
from tests.forums.scene import key, live_forum


@pytest.fixture
def scene(town):
    return at_work(town)


def address(scene, *rest):
    return "/".join(("/forums", scene.forum.slug, "tables", *map(str, rest)))


def sent(scene, browser, where, page=None, /, **data):
    back = f"/tables/{page}" if page else "/tables"
    return browser.post(address(scene, *where), data={"key": key(), "back": back} | data)


@pytest.mark.both
def test_a_table_writes_sorts_and_hands_over_without_a_script(scene, browse):
    anna, lead = browse(scene.anna), browse(scene.lead)
    answer = sent(scene, anna, (1, "notes"), 1, text="발밑만 비추는 등이 좋아요")
    assert (answer.status_code, answer.location) == (303, f"{address(scene, 1)}#notes")
    sent(scene, lead, (1, "paper-notes"), 1, text="이백 걸음마다 하나 있으면 좋겟어요")
    first, second = (note.id for note in db.session.query(Note).order_by(Note.id))
    sent(scene, anna, (1, "arrangement"), 1, do="make", note=[str(first), str(second)], title="낮은 빛")
    db.session.rollback()
    group = queries.board(scene.first)[0].group
    sent(scene, anna, (1, "arrangement"), 1, do="put", note=str(second), group="")
    assert sent(scene, lead, (1, "arrangement"), 1, do="mark", note=str(first)).status_code == 303
    sent(scene, anna, (1, "arrangement"), 1, do="rename", group=str(group.id), title="낮고 따뜻한 빛")
    sent(scene, anna, (1, "messages"), 1, text="반가워요")
    sent(scene, lead, (1, "without-device"), 1, number="2")
    page = anna.get(address(scene, 1)).text
    for text in ("낮고 따뜻한 빛", "발밑만 비추는 등이 좋아요", "가장 중요해요", "좋겟어요", "종이 쪽지", "반가워요",
                 "휴대전화 없이 앉은 분 2명은", scene.anna.nickname, scene.lead.nickname):
        assert text in page
    assert "결과 내기" not in page
    assert sent(scene, lead, (1, "result"), 1, result="낮은 빛부터 시작해요.").status_code == 303
    shown = browse().get(address(scene)).text
    assert "낮은 빛부터 시작해요." in shown and "발밑만 비추는 등이 좋아요" in shown
    whole = browse().get(address(scene, 1)).text
    assert "좋겟어요" in whole
    assert "반가워요" not in whole and "쪽지 붙이기" not in whole and 'id="arrange"' not in whole


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("who, expected", [
    (None, 403), ("stranger", 403), ("ben", 403), ("captioner", 403), ("anna", 200), ("lead", 200), ("host", 200),
    ("moderator", 200), ("clerk", 200)])
def test_texts_of_a_table_are_its_own_until_it_hands_over(scene, browse, who, expected):
    notes.write(scene.forum.id, 1, "우리끼리 쓴 쪽지", key(), by=scene.anna)
    notes.say(scene.forum.id, 1, "우리끼리 한 말", key(), by=scene.anna)
    user = {"stranger": scene.town.resident, "clerk": scene.town.clerk}.get(who, lambda: who and getattr(scene, who))()
    answer = browse(user).get(address(scene, 1))
    assert answer.status_code == expected
    assert ("우리끼리 쓴 쪽지" in answer.text) is (expected == 200)
    assert ("우리끼리 한 말" in answer.text) is (expected == 200 and who != "clerk")
    tables.hand_in(scene.forum.id, 1, "결과", key(), by=scene.lead)
    after = browse(user).get(address(scene, 1))
    assert after.status_code == 200
    assert ("우리끼리 한 말" in after.text) is ("우리끼리 한 말" in answer.text)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("to, data", [
    ((1, "notes"), {"text": "남의 쪽지"}), ((1, "messages"), {"text": "여보세요"}), ((1, "paper-notes"), {"text": "종이"}),
    ((1, "arrangement"), {"do": "make", "title": "가로챔"}), ((1, "result"), {"result": "가로챔"}),
    ((1, "without-device"), {"number": "3"}), ((1, "people"), {"person": "1", "to": "2"}), ((1, "removal"), {}),
    ((1,), {"places": "3"}), ((), {"places": "3"}), (("question",), {"question": "바꿔치기"}), (("making",), {"size": "8"}),
    (("seating",), {"how": "random"}), (("opening",), {"minutes": "5"}), (("closing",), {}),
    (("projection",), {"number": "1"})])
def test_people_of_another_table_are_refused_with_the_reason_as_page_and_as_json(scene, browse, to, data):
    before = scene.forum.last_number
    ben = browse(scene.ben)
    assert sent(scene, ben, to, 1, **data).status_code == 403
    problem = ben.post(address(scene, *to), data={"key": key()} | data, headers={"Accept": "application/json"})
    assert (problem.status_code, problem.mimetype) == (403, "application/problem+json")
    assert problem.json["detail"]
    assert browse().post(address(scene, *to), data=data).status_code in (302, 401)
    db.session.refresh(scene.forum)
    assert scene.forum.last_number == before


def test_a_note_that_is_too_long_comes_back_as_it_was_typed(scene, browse):
    answer = sent(scene, browse(scene.anna), (1, "notes"), 1, text="나" * 81)
    assert answer.status_code == 422
    assert "80자 이하로 줄여 주세요" in answer.text and f'value="{"나" * 81}"' in answer.text


def test_a_refusal_is_said_at_the_top_of_the_page_with_the_way_to_the_form(town, browse):
    scene = live_forum(town)
    scene.people(9)
    scene.table(1)
    answer = sent(scene, browse(scene.host), ("seating",), back="/host", how="random", who="came")
    assert answer.status_code == 422
    main = answer.text.partition("<main")[2]
    assert "개 모자라요" in main.partition("<h2")[2].partition("</ul>")[0]
    assert 'href="#refused-tables_seating"' in main and 'id="refused-tables_seating"' in main


def test_the_script_gets_nothing_back_or_the_reason(scene, browse):
    anna = browse(scene.anna)
    json = {"Accept": "application/json"}
    assert anna.post(address(scene, 1, "notes"), data={"text": "하나", "key": key()}, headers=json).status_code == 204
    too_long = anna.post(address(scene, 1, "notes"), data={"text": "나" * 81, "key": key()}, headers=json)
    assert (too_long.status_code, too_long.json["detail"]) == (422, "80자 이하로 줄여 주세요.")


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("data", [
    {"do": "burn"}, {}, {"do": "put"}, {"do": "put", "note": "x"}, {"do": "put", "note": "9" * 30},
    {"do": "mark", "note": "1"}, {"do": "drop", "group": "1.5"}, {"do": "rename", "title": "ㄱ"}])
def test_an_arrangement_that_makes_no_sense_changes_nothing(scene, browse, data):
    assert sent(scene, browse(scene.lead), (1, "arrangement"), 1, **data).status_code in (400, 404, 422)


@pytest.mark.both
def test_the_host_sets_up_seats_opens_moves_projects_and_closes(town, browse):
    scene = live_forum(town)
    people = scene.people(13)
    host = browse(scene.host)
    for to, data in ((("question",), {"question": "꼭 하나만 바꾼다면 무엇을 바꿀까요?"}), (("making",), {"size": "6"}),
                     ((), {"name": "온라인", "places": "9", "way": "online", "host_name": "야간버스614"}),
                     (("seating",), {"how": "mixed", "who": "came"}), (("opening",), {"minutes": "30"})):
        assert sent(scene, host, to, **data).status_code == 303, to
    page = host.get(address(scene)).text
    assert "모둠 시간 마치기" in page and "꼭 하나만 바꾼다면" in page and "야간버스614" in page
    db.session.rollback()
    cards = queries.cards(scene.forum.id)
    assert sum(len(card.members) for card in cards) == len(people)
    moved = cards[0].members[0]
    assert sent(scene, host, (1, "people"), 1, person=str(moved), to="2").status_code == 303
    assert sent(scene, host, (2, "people"), 2, person=str(moved), to="").status_code == 303
    db.session.rollback()
    assert db.session.query(Seat).filter_by(user_id=moved).count() == 0
    assert sent(scene, host, (1, "result"), 1, result="테이블 1의 결과").status_code == 303
    assert sent(scene, host, ("projection",), number="1").status_code == 303
    db.session.rollback()
    assert queries.projected(scene.forum.id).table.number == 1
    assert sent(scene, host, ("projection",), number="").status_code == 303
    assert sent(scene, host, ("closing",)).status_code == 303
    assert sent(scene, host, ("closing",)).status_code == 409


@pytest.mark.both
def test_a_table_is_chosen_and_left_on_the_page(town, browse):
    scene = live_forum(town)
    scene.table(1), scene.table(2)
    scene.forum.seating = Seating.CHOSEN
    db.session.commit()
    person = scene.person()
    browser = browse(person)
    assert "여기 앉기" in browser.get(address(scene)).text
    assert sent(scene, browser, ("seat",), number="2").status_code == 303
    assert "테이블에서 일어나기" in browser.get(address(scene)).text
    assert sent(scene, browser, ("leaving",)).status_code == 303
    db.session.rollback()
    assert db.session.query(Seat).count() == 0


def test_a_table_that_is_not_there_and_a_forum_that_is_not(scene, browse):
    assert browse().get(address(scene, 99)).status_code == 404
    assert browse(scene.anna).get("/forums/nothing-here/tables").status_code == 404
    assert sent(scene, browse(scene.anna), (99, "notes"), text="여기").status_code == 404


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("size", [2, 15])
def test_pages_need_the_same_few_statements_whatever_is_written(town, browse, queries, size):
    scene = at_work(town, tables=size, people_each=2)
    for number in range(1, size + 1):
        for person in scene.sitting[number]:
            for n in range(size):
                notes.write(scene.forum.id, number, f"쪽지 {n}", key(), by=person)
    tables.hand_in(scene.forum.id, 1, "결과", key(), by=scene.lead)
    for user, most in ((None, 6), (scene.anna, 9), (scene.lead, 9), (scene.host, 9)):
        browser = browse(user)
        for path in (address(scene), address(scene, 1)):
            with queries() as seen:
                assert browser.get(path).status_code == 200
            assert len(seen) <= most, (user and user.nickname, path, len(seen), seen)


def test_only_tables_that_one_may_read_are_links(scene, browse):
    link = f'href="{address(scene, 1)}"'
    hidden = f'{link} data-for="table-{scene.first.id} runs" hidden'

    def page_for(*user) -> str:
        return " ".join(browse(*user).get(address(scene)).text.split())

    assert hidden in page_for() and hidden in page_for(scene.ben)
    for user in (scene.anna, scene.lead, scene.host):
        assert link in page_for(user) and hidden not in page_for(user)
    tables.hand_in(scene.forum.id, 1, "결과", key(), by=scene.lead)
    assert link in page_for() and hidden not in page_for()


def test_the_hall_has_ones_own_table_and_the_console_what_the_host_does_with_tables(scene, browse):
    hall = browse(scene.anna).get(f"/forums/{scene.forum.slug}").text
    assert "내 테이블로 가기" in hall and "쪽지 붙이기" in hall
    console = browse(scene.host).get(f"/forums/{scene.forum.slug}/host").text
    assert "모둠 테이블 진행하기" in console and "모둠 시간 마치기" in console


def test_after_the_forum_a_moderator_takes_a_note_away_on_its_page(scene, browse):
    note = notes.write(scene.forum.id, 1, "누구네 집 앞이 어두워요", key(), by=scene.anna).id
    tables.hand_in(scene.forum.id, 1, "결과", key(), by=scene.lead)
    scene.forum.closed_at = scene.forum.tables_closed_at = scene.forum.opened_at
    db.session.commit()
    moderator, host = browse(scene.moderator), browse(scene.host)
    assert "고른 쪽지 떼기" in moderator.get(address(scene, 1)).text
    assert "고른 쪽지 떼기" not in host.get(address(scene, 1)).text
    assert sent(scene, host, (1, "arrangement"), 1, do="remove", note=str(note)).status_code == 403
    assert sent(scene, moderator, (1, "arrangement"), 1, do="remove", note=str(note)).status_code == 303
    assert "누구네 집 앞이" not in browse().get(address(scene, 1)).text


@pytest.mark.in_turns(of=5)
def test_somebody_who_sits_down_again_and_again_is_slowed(town, browse):
    scene = live_forum(town, seating=Seating.CHOSEN)
    scene.table(1, places=8)
    page, address = browse(scene.person()), f"/forums/{scene.forum.slug}/tables"
    answered = {page.post(f"{address}/{what}", data={"number": "1", "key": key()}).status_code
                for _time in range(61) for what in ("seat", "leaving")}
    assert answered == {303, 429}
