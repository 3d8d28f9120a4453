"""Questions on their pages: forms that work without script, what comes back to the script, and pieces."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.forums.models import ForumEvent
from civic_forum.forums.questions import services as questions
from civic_forum.forums.questions.models import Question
from civic_forum.forums.fragments import puts
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.factories import saved
from tests.forums.scene import key, live_forum

JSON = {"Accept": "application/json"}


def asked(scene, text="밤에도 열려 있나요?", by=None):
    return questions.ask(scene.forum.id, text, key(), by=by or scene.person())


def drawn(scene, app):
    events = db.session.scalars(sa.select(ForumEvent).filter_by(forum_id=scene.forum.id).order_by(ForumEvent.number))
    with app.test_request_context():
        return {put.id: put for put in puts(scene.forum, events.all())}


def test_asking_without_script_leads_back_and_with_it_to_nothing(town, browse):
    scene = live_forum(town)
    page, address = browse(scene.person()), f"/forums/{scene.forum.slug}/questions"
    answer = page.post(address, data={"text": "언제 시작하나요?", "key": key(), "back": "/questions"})
    assert answer.status_code == 303 and answer.location.endswith(f"{address}#questions")
    answer = page.post(address, data={"text": "어디서 하나요?", "key": key()}, headers=JSON)
    assert (answer.status_code, answer.data) == (204, b"")
    shown = page.get(address).get_data(as_text=True)
    assert "언제 시작하나요?" in shown and "어디서 하나요?" in shown


def test_a_refusal_stands_beside_the_form_with_what_was_typed_or_comes_as_a_problem(town, browse):
    scene = live_forum(town)
    by = scene.person()
    page, address = browse(by), f"/forums/{scene.forum.slug}/questions"
    answer = page.post(address, data={"text": "가" * 301, "key": key(), "back": "/questions"})
    shown = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "300자 이하로" in shown and "가" * 301 in shown
    scene.muted(by)
    answer = page.post(address, data={"text": "언제요?", "key": key()}, headers=JSON)
    assert answer.status_code == 403 and "멈추게" in answer.get_json()["detail"]


def test_somebody_who_takes_no_part_is_led_to_registering_and_types_nothing_in_vain(town, browse):
    scene = live_forum(town)
    there = f"/forums/{scene.forum.slug}"
    hall, register = f"{there}?tab=questions", f"{there}/registration?tab=questions"
    assert 'id="question-text"' in browse(scene.person()).get(hall).text
    for reader in (browse(), browse(town.resident())):
        shown = reader.get(hall).text
        assert 'id="question-text"' not in shown and f'action="{register}"' in shown and "들어가서 질문하기" in shown
    page = browse(town.resident())
    assert f'href="{register}"' in page.get(f"{there}/questions").text
    answer = page.post(register, data={"way": "online"})
    assert (answer.status_code, answer.location) == (303, hall)


@pytest.mark.both
def test_support_is_given_and_taken_back_by_the_same_button(town, browse):
    scene = live_forum(town)
    question, page = asked(scene), browse(scene.person())
    address = f"/forums/{scene.forum.slug}/questions"
    for count, pressed in ((1, "true"), (0, "false")):
        assert page.post(f"{address}/{question.id}/supports", data={"key": key()}, headers=JSON).status_code == 204
        db.session.rollback()
        assert db.session.get(Question, question.id, populate_existing=True).support_count == count
        assert f'aria-pressed="{pressed}"' in page.get(address).get_data(as_text=True)


@pytest.mark.both
def test_the_host_answers_groups_and_hides_on_the_page_of_one_and_others_see_no_form(town, browse):
    scene = live_forum(town)
    question, other = asked(scene), asked(scene, "몇 시까지 열려 있나요?")
    host, address = browse(scene.host), f"/forums/{scene.forum.slug}/questions/{question.id}"
    back = f"/questions/{question.id}"
    for path, data in (("answer", {"answered_by": "교통과", "answer": "열 시까지예요."}), ("answer/end", {}),
                       ("group", {"head": str(other.id)}), ("group/end", {}), ("hiding", {"why": "광고예요."}),
                       ("hiding/end", {})):
        assert "진행자가 하는 일" in host.get(address).get_data(as_text=True)
        answer = host.post(f"{address}/{path}", data=data | {"back": back})
        assert answer.status_code == 303 and answer.location.endswith(address), path
    answer = host.post(f"{address}/hiding", data={"why": "", "back": back})
    assert answer.status_code == 422 and "내용을 적어 주세요" in answer.get_data(as_text=True)
    db.session.rollback()
    mine = browse(scene.person())
    assert "진행자가 하는 일" not in mine.get(address).get_data(as_text=True)
    assert mine.post(f"{address}/hiding", data={"why": "싫어요."}, headers=JSON).status_code == 403


def test_hidden_words_stand_nowhere_and_the_reason_does(town, browse, app):
    scene = live_forum(town)
    question = asked(scene, "비밀스러운 말이에요?")
    questions.hide(scene.forum.id, question.id, "다른 분의 이름이 있어요.", by=scene.host)
    for address in ("questions", f"questions/{question.id}"):
        shown = browse().get(f"/forums/{scene.forum.slug}/{address}").get_data(as_text=True)
        assert "비밀스러운" not in shown and "다른 분의 이름이 있어요." in shown
    assert "비밀스러운" not in drawn(scene, app)[f"question-{question.id}"].html


def test_each_touched_question_is_drawn_once_as_it_is_now_and_the_same_for_everybody(town, app):
    scene = live_forum(town)
    first, second = asked(scene), asked(scene, "몇 시까지 열려 있나요?")
    for by in scene.people(3):
        questions.support(scene.forum.id, second.id, by=by)
    there = drawn(scene, app)
    assert set(there) == {f"question-{first.id}", f"question-{second.id}", "questions-count", "question-newest"}
    html = there[f"question-{second.id}"].html
    assert (
        '<b class="num">3</b>' in " ".join(html.split())
        and "csrf" not in html
        and there[f"question-{second.id}"].into == "questions-list"
    )
    questions.group(scene.forum.id, first.id, second.id, by=scene.host)
    there = drawn(scene, app)
    assert there[f"question-{first.id}"].html == "" and "함께 묶은 질문 1개" in there[f"question-{second.id}"].html
    assert ">1<" in there["questions-count"].html


@pytest.mark.parametrize("number", [10, 200])
def test_the_list_takes_few_statements_however_many_there_are(town, browse, queries, number):
    scene = live_forum(town)
    now = clock.now()
    by = scene.person()
    for n in range(number):
        saved(Question(forum_id=scene.forum.id, user_id=by.id, text=f"질문 {n}?", asked_at=now + timedelta(seconds=n)))
    for user, most in ((None, 6), (scene.person(), 9)):
        page = browse(user)
        page.get(f"/forums/{scene.forum.slug}/questions")
        with queries() as seen:
            assert page.get(f"/forums/{scene.forum.slug}/questions").status_code == 200
        assert len(seen) <= most, seen


@pytest.mark.both
def test_a_question_that_waits_says_its_place_on_the_page_of_who_asked_and_when_it_is_drawn_again(town, browse, app):
    scene = live_forum(town)
    by = scene.person()
    first, second = asked(scene), asked(scene, "몇 시까지 열려 있나요?")
    mine, said = asked(scene, "누가 지키나요?", by), "공감 순서로 {}번째"
    questions.support(scene.forum.id, second.id, True, key(), by=scene.person())
    page = browse(by).get(f"/forums/{scene.forum.slug}?tab=questions").get_data(as_text=True)
    assert page.count("공감 순서로") == 1 and said.format(3) in page
    again = drawn(scene, app)
    assert [said.format(place) in again[f"question-{one.id}"].html
            for one, place in ((second, 1), (first, 2), (mine, 3))] == [True] * 3
    questions.answer(scene.forum.id, second.id, "교통과", "열 시까지예요.", by=scene.host)
    again = drawn(scene, app)
    assert said.format(2) in again[f"question-{mine.id}"].html
    assert "공감 순서로" not in again[f"question-{second.id}"].html
