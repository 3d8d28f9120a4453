"""The pages of a vote at the desk and for observers: what they show, to whom, and what they never show."""

import re

import pytest

from civic_forum.accounts.rules import Role
from civic_forum.ballots.observing.models import Objection
from civic_forum.ballots.observing import services as objections
from civic_forum.ballots.officials import waiting
from civic_forum.ballots.paper import queries as paper
from civic_forum.ballots.rules.boxes import Channel, SheetState
from civic_forum.ballots.rules.choices import BoxRule, Kind
from civic_forum.platform import clock
from civic_forum.platform.base import db

from .desk_scene import REASON, UNDONE_FOR, Vote, WITHDRAWN_FOR
from .officers.people import staff
from .typing_office import Office


def looked_up(page, vote, voter, where="papers"):
    return page.post(f"/desk/votes/{vote.hex}/{where}/look-ups", data={
        "reason": REASON, "name": voter.who.name, "birth_date": voter.who.birth_date.isoformat()})


def visit_in(answer) -> str:
    return re.search(r'name="visit" value="([^"]+)"', answer.text)[1]


def test_a_clerk_finds_somebody_and_hands_out_paper(vote, clerk, browse):
    anna, page = vote.voter(), browse(clerk)
    answer = looked_up(page, vote, anna)
    assert answer.status_code == 200 and "아직 투표하지 않았어요" in answer.text
    assert anna.who.name not in answer.text and f"{anna.who.birth_date}" not in answer.text and REASON in answer.text
    done = page.post(f"/desk/votes/{vote.hex}/papers", data={"visit": visit_in(answer), "number": "1"},
                     follow_redirects=True)
    assert "1번 종이를 내줬어요" in done.text and "온라인으로 낸 표" not in done.text.split('id="look-up"')[0]
    assert "papers/ballot?number=1\"" in done.text and vote.by_channel() == {Channel.PAPER_ISSUED: 1}


def test_the_clerk_is_told_before_and_after_that_an_online_ballot_goes(vote, clerk, browse):
    anna, page = vote.voter(), browse(clerk)
    anna.casts(4)
    answer = looked_up(page, vote, anna)
    assert "온라인으로 투표했어요" in answer.text and "온라인으로 낸 표를 거둬요" in answer.text
    where, second = f"/desk/votes/{vote.hex}/papers", browse(staff(vote.town, Role.MODERATOR))
    waits = page.post(where, data={"visit": visit_in(answer), "reason": WITHDRAWN_FOR}, follow_redirects=True)
    assert "내 몫은 끝났어요" in waits.text and "24시간 안에 신분증을 보고" in waits.text
    assert vote.by_channel() == {Channel.ONLINE: 1}
    answer = looked_up(second, vote, anna)
    done = second.post(where, data={"visit": visit_in(answer), "reason": WITHDRAWN_FOR}, follow_redirects=True)
    assert "온라인으로 낸 표는 거뒀어요" in done.text


@pytest.mark.parametrize("data, sentence", [
    ({"reason": "", "name": "김하늘", "birth_date": "19500101"}, "왜 찾아보는지"),
    ({"reason": REASON, "name": "", "birth_date": "19500101"}, "신분증에 적힌 이름"),
    ({"reason": REASON, "name": "김하늘", "birth_date": "어제"}, "19490301처럼"),
])
def test_a_look_up_that_is_not_filled_in_says_what_to_do(vote, clerk, browse, data, sentence):
    answer = browse(clerk).post(f"/desk/votes/{vote.hex}/papers/look-ups", data=data)
    assert answer.status_code == 422 and sentence in answer.text


def test_a_used_up_look_up_and_a_wrong_number_are_refused_in_words(vote, clerk, browse):
    page = browse(clerk)
    assert page.post(f"/desk/votes/{vote.hex}/papers", data={"visit": "x"}).status_code == 403
    visit = visit_in(looked_up(page, vote, vote.voter()))
    answer = page.post(f"/desk/votes/{vote.hex}/papers", data={"visit": visit, "number": "열"})
    assert answer.status_code == 422 and "숫자로 적어" in answer.text


@pytest.mark.parametrize("what, sentence, state", [
    ("replacements", "2번 종이를 드리세요", SheetState.SPOILED),
    ("take-backs", "이제 온라인으로 투표할 수", SheetState.TAKEN_BACK)])
def test_a_sheet_that_comes_back_to_the_desk_is_changed(vote, clerk, browse, what, sentence, state):
    anna, page = vote.voter(), browse(clerk)
    anna.gets_paper(clerk)
    answer = looked_up(page, vote, anna)
    assert f"/papers/{what}" in answer.text
    body = {"visit": visit_in(answer), "number": "1"}
    assert sentence in page.post(f"/desk/votes/{vote.hex}/papers/{what}", data=body, follow_redirects=True).text
    db.session.rollback()
    assert paper.sheet(vote.box_id, 1).state is state


def test_a_return_is_noted_by_number_and_undone_by_two(vote, town, clerk, browse):
    vote.voter().gets_paper(clerk)
    page, here = browse(clerk), f"/desk/votes/{vote.hex}/papers"
    assert "1번 종이가 돌아왔어요" in page.post(f"{here}/returns", data={"return-number": "1"}, follow_redirects=True).text
    again = page.post(f"{here}/returns", data={"return-number": "1"})
    assert again.status_code == 409 and "이미 돌아왔어요" in again.text
    assert page.post(f"{here}/returns", data={"return-number": "99"}).status_code == 404
    assert page.post(f"{here}/returns", data={"return-number": ""}).status_code == 422
    undone = {"correct-number": "1", "correct-reason": UNDONE_FOR}
    assert "내 몫은 끝났어요" in page.post(f"{here}/returns/corrections", data=undone, follow_redirects=True).text
    assert page.post(f"{here}/returns/corrections", data=undone | {"correct-reason": ""}).status_code == 422
    second = browse(staff(town, Role.MODERATOR))
    assert "아직 돌아오지 않은 것으로" in second.post(f"{here}/returns/corrections", data=undone, follow_redirects=True).text


def test_the_ballot_sheet_has_the_options_by_number_and_never_the_number_of_the_sheet(vote, clerk, browse):
    for _each in range(12):
        vote.voter().gets_paper(clerk)
    (ballot, slip), (of_another, _) = (
        browse(clerk).get(f"/desk/votes/{vote.hex}/papers/ballot?number={number}").text.split(
            'class="paper-ballot"')[1].split('class="paper-ballot envelope"') for number in (12, 11))
    assert ballot == of_another and re.search(r"\b12</span>", slip)
    assert [int(n) for n in re.findall(r'<td class="no">(\d+)</td>', ballot)] == [1, 2, 3, 4, 5]
    assert "2개까지 골라" in ballot and "기권" in ballot
    assert "envelope" not in browse(clerk).get(f"/desk/votes/{vote.hex}/papers/ballot?number=99").text


@pytest.mark.parametrize("rule, sentence", [
    (BoxRule(Kind.YES_NO, 2), "찬성과 반대 가운데"), (BoxRule(Kind.POINTS, 2, 7), "7점까지"),
    (BoxRule(Kind.APPROVAL, 3, 2, True), "꼭 2개를"), (BoxRule(Kind.APPROVAL, 3, 1), "하나만 골라")])
def test_the_ballot_sheet_says_how_to_vote_for_each_kind(town, clerk, browse, rule, sentence):
    vote = Vote(town, rule)
    assert sentence in browse(clerk).get(f"/desk/votes/{vote.hex}/papers/ballot").text


def test_the_kiosk_code_stands_on_one_answer_in_large_digits(vote, clerk, browse):
    anna, page = vote.voter(), browse(clerk)
    answer = looked_up(page, vote, anna, "kiosk-passes")
    code = page.post(f"/desk/votes/{vote.hex}/kiosk-passes", data={"visit": visit_in(answer)})
    assert re.search(r'class="code-huge"[^>]*>\d{4} \d{4}<', code.text) and code.headers["Cache-Control"] == "no-store"
    assert "code-huge" not in page.get(f"/desk/votes/{vote.hex}/kiosk-passes").text


def test_somebody_with_an_online_ballot_gets_no_code(vote, clerk, browse):
    anna, page = vote.voter(), browse(clerk)
    anna.casts(1)
    answer = looked_up(page, vote, anna, "kiosk-passes")
    assert "직접 로그인해서 바꾸거나 종이 투표지를" in answer.text and "번호 드리기" not in answer.text


# Observers and objections


def test_an_observer_follows_keeps_heads_and_objects(vote, town, browse, clerk):
    vote.voter().casts(1)
    vote.voter().gets_paper(clerk)
    page = browse(town.staff(Role.OBSERVER))
    here = f"/votes/{vote.hex}/observation"
    text = page.get(here).text
    assert text.count("<b>1</b>명") == 2 and "여는 기록 확인값" in text
    head = page.get(f"{here}/heads/0.json")
    assert head.json["kind"] == "opening" and head.json["size"] == 0 and "consistency" not in head.json
    assert "attachment" in head.headers["Content-Disposition"] and page.get(f"{here}/heads/1.json").status_code == 404
    done = page.post(f"/votes/{vote.hex}/objections", data={"title": "종이가 모자랐어요", "text": "사흘 동안 종이가 없었어요."},
                     follow_redirects=True)
    assert "이의를 냈어요" in done.text and "종이가 모자랐어요" in done.text
    short = page.post(f"/votes/{vote.hex}/objections", data={"title": "짧음", "text": "사흘 동안 종이가 없었어요."})
    assert short.status_code == 422 and "5자부터" in short.text


def test_after_the_close_an_observer_gets_proofs(vote, town, browse):
    for _each in range(3):
        vote.voter().casts(1)
    vote.after_the_close()
    page, here = browse(town.staff(Role.OBSERVER)), f"/votes/{vote.hex}/observation"
    assert "verify.py" not in page.get(here).text
    assert "닫는 기록 확인값" in page.get(here).text
    size = page.get(f"{here}/proofs?number=2").json["size"]
    assert size >= 2 * 3 + 256 and size % 64 == 0
    assert page.get(f"{here}/proofs?number=0").json["number"] == 0
    assert page.get(f"{here}/consistency?old=0&new={size}").json["proof"] == []
    assert page.get(f"{here}/proofs?number={size}").status_code == 404
    for wrong in ("proofs", "proofs?number=-1", "proofs?number=a", "consistency?old=5&new=3", "consistency?old=1"):
        assert page.get(f"{here}/{wrong}").status_code == 400


def test_objections_are_public_after_the_close_and_answered_ones_say_by_whom(vote, town, browse):
    observer, official = town.staff(Role.OBSERVER), town.official()
    one = objections.lodge(vote.box_id, "종이가 모자랐어요", "사흘 동안 종이가 없었어요.", by=observer).id
    other = objections.lodge(vote.box_id, "남의 이름이 있는 글", "홍길동 님이 그랬어요. 확인해 주세요.", by=observer).id
    assert browse().get(f"/votes/{vote.hex}/objections").status_code == 404
    page, here = browse(official), f"/desk/votes/{vote.hex}/objections"
    answered = page.post(f"{here}/{one}/answers", data={
        f"answer{one}-department": str(town.department().id), f"answer{one}-outcome": "받아들임",
        f"answer{one}-answer": "말씀하신 것이 맞아요. 결과에 함께 적을게요."}, follow_redirects=True)
    assert "답변을 남겼어요" in answered.text
    hidden = page.post(f"{here}/{other}/withholdings", data={f"withhold{other}-reason": "이름이 적혀 있어요"},
                       follow_redirects=True)
    assert "글을 가렸어요" in hidden.text
    vote.after_the_close()
    shown = browse().get(f"/votes/{vote.hex}/objections").text
    assert "종이가 모자랐어요" in shown and "교통행정과 · 받아들임" in shown
    assert "홍길동" not in shown and "남의 이름이 있는 글" not in shown and "이름이 적혀 있어요" in shown
    assert "글을 다시 보이게" in page.post(f"{here}/{other}/withholdings/end", follow_redirects=True).text


def test_somebody_who_cannot_answer_an_objection_is_told_why_and_not_counted_in(vote, town, browse):
    objections.lodge(vote.box_id, "종이가 모자랐어요", "사흘 동안 종이가 없었어요.", by=town.staff(Role.OBSERVER))
    moderator, official = town.moderator(), town.official()
    page = browse(moderator).get(f"/desk/votes/{vote.hex}/objections").text
    assert "부서 담당자만 부서 이름으로 답할 수 있어요" in page and "답변 쓰기" not in page
    assert "답변 쓰기" in browse(official).get(f"/desk/votes/{vote.hex}/objections").text
    assert waiting.objections(moderator) is None and len(waiting.objections(official)) == 1


def test_a_published_vote_stays_on_the_list_while_an_objection_waits(town, browse):
    vote, official = Vote(town), town.official()
    one = objections.lodge(vote.box_id, "종이가 모자랐어요", "사흘 동안 종이가 없었어요.", by=town.staff(Role.OBSERVER)).id
    page = browse(official)
    vote.after_the_close()
    vote.box.published_at = clock.now()
    db.session.commit()
    assert f"/desk/votes/{vote.hex}/objections" in page.get("/desk/votes").text
    answered = page.post(f"/desk/votes/{vote.hex}/objections/{one}/answers", data={
        f"answer{one}-department": str(town.department().id), f"answer{one}-outcome": "받아들임",
        f"answer{one}-answer": "말씀하신 것이 맞아요. 결과에 함께 적을게요."}, follow_redirects=True)
    assert "답변했어요." in answered.text and "끝나면 모두에게 보여요." not in answered.text
    assert vote.hex not in page.get("/desk/votes").text


@pytest.mark.parametrize("field, value", [("department", ""), ("department", "999"), ("outcome", ""), ("answer", "네")])
def test_an_answer_that_lacks_something_says_what_and_keeps_the_rest(vote, town, browse, field, value):
    one = objections.lodge(vote.box_id, "종이가 모자랐어요", "사흘 동안 종이가 없었어요.", by=town.staff(Role.OBSERVER)).id
    official = town.official()
    data = {"department": str(town.department().id), "outcome": "받아들임", "answer": "말씀하신 것이 맞아요. 고칠게요."}
    data |= {field: value}
    answer = browse(official).post(f"/desk/votes/{vote.hex}/objections/{one}/answers",
                                   data={f"answer{one}-{name}": text for name, text in data.items()})
    assert answer.status_code in (403, 422) and "data-error-summary" in answer.text
    assert db.session.get(Objection, one, populate_existing=True).answer is None


# Who sees what


@pytest.mark.both
def test_a_box_that_nobody_opened_has_no_pages(town, clerk, browse):
    vote = Vote(town, opened=False)
    assert browse(clerk).get(f"/desk/votes/{vote.hex}/papers").status_code == 404
    assert vote.hex not in browse(clerk).get("/desk/votes").text


@pytest.mark.in_turns(of=5)
def test_the_desk_tells_how_many_batches_and_objections_wait(town, browse):
    office = Office(town, returned=20)
    for _each in range(2):
        office.batch(10)
    office.typed(1, office.first, *["1"] * 10)
    office.typed(1, office.second, *["2"] * 10)
    assert [len(waiting.to_type(who)) for who in (office.first, office.third)] == [1, 1]
    assert [len(waiting.to_settle(who)) for who in (office.first, office.second, office.third)] == [0, 0, 1]
    objections.lodge(office.box_id, "종이가 모자랐어요", "사흘 동안 종이가 없었어요.", by=town.staff(Role.OBSERVER))
    assert "종이 입력하기" in browse(office.third).get("/desk").text
    assert "투표 이의" in browse(town.official()).get("/desk").text


@pytest.mark.both
def test_the_papers_of_other_neighbourhoods_are_not_listed(vote, town, browse, clerk):
    vote.voter(place="독산1동").gets_paper(town.moderator())
    assert "<li>1번" not in browse(clerk).get(f"/desk/votes/{vote.hex}/papers").text
    assert "<li>1번" in browse(town.moderator()).get(f"/desk/votes/{vote.hex}/papers").text


def test_of_somebody_of_another_neighbourhood_a_clerk_learns_no_more_than_that(vote, clerk, browse):
    far = vote.voter(place="독산1동")
    far.casts(1)
    for where in ("papers", "kiosk-passes"):
        text = looked_up(browse(clerk), vote, far, where).text
        assert "다른 동의 명부에 있는 분" in text and "내가 맡은 동의 일만" in text
        assert "독산1동" not in text and "온라인으로 투표했어요" not in text and 'name="visit"' not in text


@pytest.mark.in_turns(of=5)
def test_the_counts_on_the_desk_take_one_statement_each_however_many_batches_there_are(town, queries):
    office = Office(town, returned=60)
    for _each in range(6):
        office.typed(office.batch(10), office.first, *["1"] * 10)
    db.session.rollback()
    db.session.refresh(office.second)
    for of_kind, expected in ((waiting.to_type, 6), (waiting.to_settle, 0)):
        with queries() as seen:
            assert len(of_kind(office.second)) == expected
        assert len(seen) == 1
