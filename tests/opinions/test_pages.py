"""Public pages of consultations: for everybody, without script, and what they leave behind."""

import time
from datetime import timedelta

import pytest
import sqlalchemy as sa
from lxml import html

from civic_forum.opinions import guests
from civic_forum.opinions.models import Statement
from civic_forum.opinions.results import Line, Picture, Shape, Tally
from civic_forum.opinions.rules import Audience, Became, Basis
from civic_forum.opinions.views import answers
from civic_forum.platform import clock, countdown
from civic_forum.platform.base import db
from tests.common import main_of
from tests.running.machine import patience

from .making import LINES, consultation, people, place_all, values, verified
from .published import result


@pytest.fixture
def visitor(browse):
    return browse()


def asked_now(answer) -> int:
    return int(html.fromstring(answer.text).xpath("//input[@name='statement']/@value")[0])


def give(client, asked, number, value="1", **more):
    return client.post(f"/consultations/{asked.slug}/responses", data={"statement": number, "value": value} | more)


@pytest.mark.both
def test_the_list_tells_stage_days_statements_and_people(town, visitor):
    asked = consultation()
    consultation(title="끝난 질문", open_since=timedelta(days=20))
    give(visitor, asked, 1)
    page = visitor.get("/consultations")
    assert page.status_code == 200
    for said in ("묻고 있어요", countdown.days_left(asked.closes_at, clock.now()), "한 줄 의견 6개", "마쳤어요"):
        assert said in main_of(page)
    assert "끝난 질문" not in main_of(visitor.get("/consultations?stage=open"))
    assert "이런 질문은 아직 없어요" in main_of(visitor.get("/consultations?stage=announced"))


def test_the_page_has_one_button_for_its_stage(town, visitor):
    asked = consultation()
    here = f"/consultations/{asked.slug}"
    assert "답하기" in main_of(visitor.get(here)) and "30일 안에 답해요." in main_of(visitor.get(here))
    give(visitor, asked, 1)
    assert "이어서 답하기" in main_of(visitor.get(here))
    over = consultation(open_since=timedelta(days=20))
    assert "결과 보기" in main_of(visitor.get(f"/consultations/{over.slug}"))
    early = consultation(open_since=timedelta(hours=-2))
    assert "곧 시작해요" in main_of(visitor.get(f"/consultations/{early.slug}"))
    assert visitor.get(f"/consultations/{early.slug}/answer").location.endswith(early.slug)
    secret = consultation(announced_at=None)
    for path in ("", "/answer", "/mine", "/result", "/mine/removal"):
        assert visitor.get(f"/consultations/{secret.slug}{path}").status_code == 404, path


def test_somebody_without_an_account_answers_all_of_it_without_script(town, visitor):
    asked = consultation()
    seen = []
    page = visitor.get(f"/consultations/{asked.slug}/answer")
    assert not visitor.get_cookie(guests.COOKIE), "reading leaves no cookie"
    while page.status_code == 200 and "three-answers" in page.text:
        seen.append(asked_now(page))
        assert "is-mine" not in page.text
        assert f"{len(seen)} / {len(LINES)}" in main_of(page)
        sent = give(visitor, asked, seen[-1], value=str((1, 0, -1)[len(seen) % 3]))
        assert sent.status_code == 303
        page = visitor.get(sent.location, follow_redirects=True)
    assert sorted(seen) == list(range(1, len(LINES) + 1)) and values() == [-1, -1, 0, 0, 1, 1]
    assert page.request.path.endswith("/mine") and "6개에 답했어요" in main_of(page)
    cookie = visitor.get_cookie(guests.COOKIE)
    assert guests.DEVICE.fullmatch(cookie.value) and cookie.http_only and cookie.path == "/"
    assert [one.row.basis for one in people()] == [Basis.DEVICE]


def test_one_goes_back_sees_ones_own_answer_and_changes_it(town, visitor):
    asked = consultation()
    page = visitor.get(give(visitor, asked, 2).location)
    assert "statement=2" in page.text and "이전 의견" in main_of(page)
    back = visitor.get(f"/consultations/{asked.slug}/answer?statement=2&then=mine")
    pressed = html.fromstring(back.text).xpath("//button[@aria-current='true']/@value")
    assert asked_now(back) == 2 and pressed == ["1"] and "지금 내 답: 그래요" in main_of(back)
    sent = give(visitor, asked, 2, "-1", then="mine")
    assert sent.location.endswith("/mine#s2") and values() == [-1]


def test_pages_of_answers_are_never_kept_and_leave_no_line(town, visitor, caplog):
    asked = consultation()
    sent = give(visitor, asked, 1)
    for answer in (sent, visitor.get(sent.location), visitor.get(f"/consultations/{asked.slug}/mine")):
        assert answer.headers["Cache-Control"] == "no-store" and "Content-Encoding" not in answer.headers
    assert "responses" not in caplog.text


def test_a_kept_page_never_tells_of_one_browser_to_another(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "PAGE_CACHE", True)
    asked, first, second = consultation(), browse(), browse()
    give(first, asked, 1)
    first.delete_cookie("session")
    assert "이어서 답하기" in main_of(first.get(f"/consultations/{asked.slug}"))
    assert "이어서 답하기" not in main_of(second.get(f"/consultations/{asked.slug}"))


def test_bad_answers_are_refused_in_words_and_leave_nothing(town, visitor):
    asked = consultation()
    for number, value, status in ((1, "", 422), (1, "2", 422), (99, "1", 404), ("x", "1", 404), ("9" * 30, "1", 404)):
        answer = give(visitor, asked, number, value)
        assert answer.status_code == status, (number, value)
    assert "하나를 골라 주세요" in main_of(give(visitor, asked, 1, "agree"))
    assert not values() and not visitor.get_cookie(guests.COOKIE)
    for bad in ("0", "99", "x", "-1", "9" * 30):
        assert visitor.get(f"/consultations/{asked.slug}/answer?statement={bad}").status_code in (200, 404), bad
    over = consultation(open_since=timedelta(days=11))
    assert give(visitor, over, 1).status_code == 403 and not values()


def test_a_statement_that_was_taken_out_meanwhile_gives_way_to_the_next(town, visitor):
    asked = consultation()
    out = db.session.scalar(sa.select(Statement).filter_by(number=3))
    out.hidden_at = clock.now()
    db.session.commit()
    answer = give(visitor, asked, 3)
    assert answer.status_code == 409 and "그 사이에 빠진 의견이에요" in main_of(answer) and asked_now(answer) != 3
    assert visitor.get(f"/consultations/{asked.slug}/answer?statement=3").status_code == 409


def test_a_cookie_of_another_shape_is_none(town, visitor):
    asked = consultation()
    for bad in ("", "a", "b" * 21, "c" * 23, "ü" * 22, "d" * 21 + "!"):
        visitor.set_cookie(guests.COOKIE, bad)
        assert visitor.get(f"/consultations/{asked.slug}/mine").status_code == 200
    give(visitor, asked, 1)
    assert guests.DEVICE.fullmatch(visitor.get_cookie(guests.COOKIE).value)


def test_new_browsers_and_answers_are_counted_by_the_hour(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_DEVICES", 2)
    monkeypatch.setattr(answers, "ANSWERS_AN_HOUR", 3)
    asked, first = consultation(), browse()
    assert [give(first, asked, number).status_code for number in (1, 2, 3, 4)] == [303, 303, 303, 429]
    forged = browse()
    forged.set_cookie(guests.COOKIE, "z" * 22)
    assert give(forged, asked, 1).status_code == 303
    last = give(browse(), asked, 1)
    assert last.status_code == 429 and int(last.headers["Retry-After"]) and "로그인해 주세요" in main_of(last)
    assert give(browse(verified(town.user())), asked, 1).status_code == 303


def test_members_are_asked_to_sign_in(town, visitor, browse):
    asked = consultation(audience=Audience.MEMBERS)
    assert "/sign-in" in visitor.get(f"/consultations/{asked.slug}/answer").location
    assert give(visitor, asked, 1).status_code == 401 and not values()
    assert give(browse(town.user()), asked, 1).status_code == 303
    checked = consultation(audience=Audience.VERIFIED)
    refused = give(browse(town.user()), checked, 1)
    assert refused.status_code == 403 and "주민 확인" in main_of(refused)


def test_all_answers_are_deleted_after_a_question(town, visitor):
    asked = consultation()
    give(visitor, asked, 1)
    here = f"/consultations/{asked.slug}/mine"
    assert "내 답을 모두 지울까요?" in main_of(visitor.get(f"{here}/removal")) and values()
    assert visitor.post(f"{here}/removal").status_code == 303 and not values()
    assert "아직 답한 의견이 없어요" in main_of(visitor.get(here))


def test_a_statement_is_written_after_those_that_say_the_same(town, browse):
    asked, client = consultation(), browse(verified(town.user()))
    here = f"/consultations/{asked.slug}/statements"
    assert client.get(here).status_code == 200
    offered = client.post(here, data={"text": "밤길 등을 낮게 달아 주면 좋겠어요."})
    assert offered.status_code == 200 and "이 의견에 답하기" in main_of(offered) and "answer?statement=1" in offered.text
    assert "낮게 달아 주면" in offered.text, "what was typed stays"
    made = client.post(here, data={"text": "밤길 등을 낮게 달아 주면 좋겠어요.", "anyway": "1"})
    assert made.status_code == 303 and made.location.endswith("/mine#own")
    assert "밤길 등을 낮게 달아 주면 좋겠어요." in main_of(client.get(f"/consultations/{asked.slug}/mine"))
    for text, status in (("", 422), ("짧아", 422), ("가" * 141, 422), (LINES[1], 200), ("제 번호는 900101-1234568 이에요.", 422)):
        answer = client.post(here, data={"text": text})
        assert answer.status_code == status and (text in answer.text), text
    slow = consultation(moderation="before", slug="slow")
    assert "먼저 살펴보고" in main_of(client.get("/consultations/slow/statements"))
    client.post("/consultations/slow/statements", data={"text": "벤치에 등받이를 달아 주세요."})
    assert "살펴보는 중" in main_of(client.get(f"/consultations/{slow.slug}/mine"))


def test_only_who_signs_in_writes(town, visitor, browse):
    asked = consultation()
    here = f"/consultations/{asked.slug}/statements"
    assert "/sign-in" in visitor.get(here).location
    assert visitor.post(here, data={"text": "벤치에 등받이를 달아 주세요."}).status_code == 401
    closed = consultation(takes_statements=False, slug="closed")
    assert browse(verified(town.user())).get(f"/consultations/{closed.slug}/statements").status_code == 403


def test_before_there_is_a_result_the_page_says_so(town, visitor):
    asked = consultation()
    give(visitor, asked, 1)
    assert "아직 결과가 없어요." in main_of(visitor.get(f"/consultations/{asked.slug}/result"))
    assert "아직 비슷한 생각을 찾기 전이에요" in main_of(visitor.get(f"/consultations/{asked.slug}/mine"))


@pytest.mark.both
def test_the_result_begins_with_what_all_share_and_hides_what_is_hidden(town, visitor):
    asked = consultation()
    one = db.session.scalar(sa.select(Statement).filter_by(number=1))
    one.became, one.became_text, one.became_url = Became.PROMISE, "봄까지 달아요.", "/commitments/1"
    out = db.session.scalar(sa.select(Statement).filter_by(number=6))
    out.hidden_at, out.why = clock.now(), "주제와 달라요."
    db.session.commit()
    result(asked)
    said = main_of(visitor.get(f"/consultations/{asked.slug}/result"))
    assert said.index(LINES[0]) < said.index("서로 달라도 같은 생각") < said.index("생각이 갈린 곳")
    for text in ("적어도 89%", "90명이 답했고, 생각은 2갈래예요", "가 쪽", "86% 그래요", "하기로 했어요", "봄까지 달아요.",
                 "적어도 90% 아니에요", "수가 적어 가렸어요", "0.41"):
        assert text in said, text
    assert LINES[5] not in said and "주제와 달라요." not in said, "its author alone reads why"
    assert LINES[5] not in visitor.get(f"/consultations/{asked.slug}/result.json").get_data(as_text=True)
    assert visitor.get(f"/consultations/{asked.slug}/result").text.count("<polygon") == 2


def test_the_publication_is_a_file_for_everybody(town, visitor):
    asked = consultation()
    assert visitor.get(f"/consultations/{asked.slug}/result.json").status_code == 404
    made = result(asked)
    answer = visitor.get(f"/consultations/{asked.slug}/result.json")
    assert answer.status_code == 200 and answer.json == made.published


def test_without_groups_the_result_is_plain_counts(town, visitor):
    asked = consultation()
    result(asked, groups=False)
    page = visitor.get(f"/consultations/{asked.slug}/result")
    assert "뚜렷이 나뉘는 생각은 없어서" in main_of(page) and "<polygon" not in page.text
    assert "의견 6개 모두 보기" in main_of(page) and "비슷한 생각은 응답 표가 공개된 결과에서만" in main_of(page)


def test_groups_that_are_too_small_are_not_told_as_none(town, visitor):
    asked = consultation()
    made = result(asked, groups=False)
    made.published = made.published | {"clear": True}
    db.session.commit()
    give(visitor, asked, 1)
    for page in ("result", "mine"):
        said = main_of(visitor.get(f"/consultations/{asked.slug}/{page}"))
        assert "비슷한 생각끼리 나누어 보여 드리기에는" in said and "뚜렷이 나뉘는 생각은 없" not in said


def test_more_answers_are_asked_for_only_while_they_are_too_few_for_a_group(town, visitor):
    asked = consultation([f"한 줄 의견 {number}번이에요." for number in range(1, 13)])
    result(asked)
    for number in range(1, 9):
        give(visitor, asked, number)
        said = main_of(visitor.get(f"/consultations/{asked.slug}/mine"))
        assert "내 답은 다음 결과에 들어가요." in said and ("몇 개 더 답하면" in said) == (number < 7)


def test_after_the_close_a_browser_without_answers_is_told_where_they_are(town, visitor, browse):
    asked = consultation(open_since=timedelta(days=20))
    page = visitor.get(f"/consultations/{asked.slug}/mine")
    assert "이 브라우저에는 내 답이 없어요" in main_of(page) and f"/sign-in?next=/consultations/{asked.slug}/mine" in page.text
    assert "여기에는 답하지 않았어요" in main_of(browse(town.user()).get(f"/consultations/{asked.slug}/mine"))


@pytest.mark.both
def test_people_who_do_not_count_yet_are_told_so(town, browse):
    asked, user = consultation(verified_only=True), town.user()
    page, here = browse(user), f"/consultations/{asked.slug}"
    give(page, asked, 1)
    assert "주민 확인을 받으면 세어요" in main_of(page.get(f"{here}/mine")) and "주민 확인받기" in main_of(page.get(here))
    verified(user)
    assert "세어요" not in main_of(browse(user).get(f"{here}/mine"))


def test_strangers_are_led_in_if_a_neighbourhood_is_asked(town, visitor):
    asked = consultation()
    asked.neighbourhoods = [town.neighbourhood("가산동")]
    db.session.commit()
    here = f"/consultations/{asked.slug}"
    assert "가산동에 살거나 다니는 것이 확인된 주민" in main_of(visitor.get(here))
    assert f'href="{here}/answer"' in visitor.get(here).text
    assert "/sign-in" in visitor.get(f"{here}/answer").location
    assert give(visitor, asked, 1).status_code == 401 and not values()


def test_counts_of_the_groups_stand_together_if_those_of_all_are_hidden():
    of = {"가": Tally(3, 1, 5), "나": Tally(10, 0, 12)}
    assert Line(1, None, of).told == Tally(13, 1, 17) and Line(1, None, of | {"다": None}).told is None
    assert Line(1, Tally(14, 1, 18), of).told == Tally(14, 1, 18)


def test_somebody_stands_at_a_point_that_all_may_see():
    """A place of one's own would tell of the means of everybody's answers."""
    shapes = [Shape("가", (), [(10, 10), (60, 60)], (0, 0)), Shape("나", (), [(50, 50)], (0, 0))]
    drawn = Picture(shapes, (1, 0, 0))
    assert drawn.near("가", 48, -48) == (60, 60) and drawn.near("가", -900, 900) == (10, 10)
    assert drawn.near(None, 48, -48) is None


def test_ones_own_place_is_told_to_oneself_alone(town, visitor, browse):
    asked = consultation()
    for number, value in ((1, "1"), (2, "1"), (3, "-1"), (4, "1")):
        give(visitor, asked, number, value)
    result(asked)
    place_all(asked, "0", -1.0, 0.5)
    page = visitor.get(f"/consultations/{asked.slug}/mine")
    for text in ("내 답은 가 쪽에 가까워요", "4개 가운데 3개를 이쪽과 같게", "나와 가까운 곳", "답한 사람의 4%", "많은 사람과 같아요"):
        assert text in main_of(page), text
    for other in (browse().get(f"/consultations/{asked.slug}/mine"),
                  visitor.get(f"/consultations/{asked.slug}/result")):
        assert "나와 가까운 곳" not in main_of(other)


def test_those_who_answered_are_told_by_place_and_few_are_not(town, visitor):
    asked = consultation()
    for name in ("가산동", "독산1동"):
        town.neighbourhood(name)
    made = result(asked)
    made.published = made.published | {"about": {
        "neighbourhoods": {"가산동": 61, "": 20, "*": 9}, "age_bands": {"19–39세": 40, "": 50}}}
    db.session.commit()
    said = main_of(visitor.get(f"/consultations/{asked.slug}/result"))
    for text in ("61명", "동을 모르는 사람은 20명", "따로 보이지 않는 동과 동을 모르는 사람을 더하면 9명", "19–39세"):
        assert text in said, text


def test_an_answer_costs_little(town, visitor):
    asked = consultation([f"한 줄 의견 {number}번이에요." for number in range(1, 61)])
    give(visitor, asked, 1)
    before = time.process_time()
    for number in range(2, 42):
        assert give(visitor, asked, number).status_code == 303
    assert (time.process_time() - before) / 40 < patience(0.05)


def test_a_script_gets_the_form_of_the_next_statement_alone(town, browse):
    asked, page = consultation(), browse(town.user())
    here = f"/consultations/{asked.slug}"
    for count in range(1, len(LINES) + 1):
        said = html.fromstring(page.get(f"{here}/answer").text)
        [number] = said.xpath("//form[@data-answering]//input[@name='statement']/@value")
        answer = page.post(f"{here}/responses", data={"statement": number, "value": "1", "next": "1"})
        assert answer.status_code == 200 and "<html" not in answer.text
        done = count == len(LINES)
        assert answer.headers["Content-Location"] == (f"{here}/mine" if done else f"{here}/answer?last={number}")
        assert ("data-title" not in answer.text) == done
    refused = page.post(f"{here}/responses", data={"statement": "1", "value": "7", "next": "1"})
    assert refused.status_code == 422 and "data-answering" in refused.text and "<html" in refused.text


def test_a_first_answer_that_is_sent_twice_without_its_cookie_is_one_participant(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    asked, page = consultation(), browse()
    here = f"/consultations/{asked.slug}"
    token = html.fromstring(page.get(f"{here}/answer").text).xpath("//input[@name='csrf_token']/@value")[0]
    for _tap in range(2):
        sent = {"statement": "1", "value": "1", "csrf_token": token}
        assert page.post(f"{here}/responses", data=sent).status_code == 303
        page.delete_cookie(guests.COOKIE)
    assert len(people()) == 1


@pytest.mark.both
def test_an_age_is_said_on_ones_own_page_and_stands_in_the_result(town, visitor):
    asked = consultation()
    here = f"/consultations/{asked.slug}"
    assert "나이를 알려" not in visitor.get(f"{here}/mine").text
    give(visitor, asked, 1)
    assert visitor.post(f"{here}/mine/age", data={"age": "65+"}).location == f"{here}/mine#age"
    page = html.fromstring(visitor.get(f"{here}/mine").text)
    assert page.xpath("//input[@name='age'][@checked]/@value") == ["65+"]
    assert visitor.post(f"{here}/mine/age", data={"age": "older"}).status_code == 422
    made = result(asked)
    made.published = made.published | {"about": {"age_bands": {"65+": 12}}}
    db.session.commit()
    assert "65살부터12명" in main_of(visitor.get(f"{here}/result"))
