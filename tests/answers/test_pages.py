"""The pages of answers: what officials, authors and everybody else see of them."""

import re
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import AccessRecord
from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerKind
from civic_forum.answers.services import cases, texts
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State

from tests.common import commit
from .making import TEXT, declined, duty_of, on_the_table, owed, published, text

OCTOBER = datetime(2026, 10, 21, 15, tzinfo=SEOUL)
SECRET = "주차장 예산과 겹치는지 먼저 확인해요"
FORM = {"kind": "final", "outcome": "accepted", "text": TEXT, "by_when": "2031-03-31", "cost": "740",
        "document_number": "교통행정과-4121", "dated_on": "2026-05-02", "disclosure": "open", "seen": "0"}


def days(number):
    return OCTOBER + timedelta(days=number)


def show(browse, proposal, user=None):
    return browse(user).get(f"/proposals/{proposal.number}").text


def test_everybody_sees_until_when_an_answer_is_due_and_that_it_is_late(town, browse, at):
    at(OCTOBER)
    proposal = owed(town)
    assert "2026. 11. 20.(금)까지 답변해요" in show(browse, proposal)
    at(days(30))
    assert "늦어지고" not in show(browse, proposal)
    at(days(31))
    page = show(browse, proposal)
    assert "답변이 늦어지고 있어요" in page and "늦음 1일" in page and "맡을 부서를 정하고 있어요" in page


def test_everybody_sees_that_the_clock_stands_still(town, browse, at):
    at(OCTOBER)
    official = town.official()
    proposal = on_the_table(town, official)
    cases.ask_completion(proposal.id, asked="어느 정류장인지 알려 주세요.", by=official)
    at(days(60))
    page = show(browse, proposal)
    assert "멈췄어요" in page and "늦어지고" not in page and "어느 정류장인지" in page
    assert proposal.title not in browse().get("/answers/late").text


def test_a_proposal_without_any_of_it_says_nothing_of_answers(town, browse):
    assert 'id="answers"' not in show(browse, town.proposal())


def test_an_answer_on_the_page_of_its_proposal(town, browse):
    official, second = town.official(), town.official()
    proposal = on_the_table(town, official)
    published(proposal, official, second, text(text=f"{TEXT} <script>alert(1)</script>"))
    page = show(browse, proposal)
    for said in (TEXT, "하기로 했어요", "740만 원", "교통행정과-4121", "교통시설팀", "2031년 3월까지"):
        assert said in page
    assert "<script>alert" not in page and official.nickname not in page and second.nickname not in page


def test_texts_of_a_department_stay_inside(town, browse):
    official, second = town.official(), town.official()
    stranger = town.official(department=town.department("청소과"))
    proposal = on_the_table(town, official)
    cases.ask_department(proposal.id, town.department("청소과").id, note="치울 수 있나요?", by=official)
    other = town.official(department=town.department("공원녹지과"))
    texts.save(proposal.id, text(text=SECRET), seen=0, by=official)
    address = f"/desk/answers/{proposal.number}"
    assert SECRET in browse(second).get(address).text
    assert browse(other).get(address).status_code == 403
    for reader in (stranger, town.moderator()):
        page = browse(reader).get(address)
        assert page.status_code == 200 and "치울 수 있나요?" in page.text and SECRET not in page.text
    for reader in (None, town.resident(), proposal.author, other):
        assert SECRET not in show(browse, proposal, reader) and "치울 수 있나요?" not in show(browse, proposal, reader)


READ = re.compile(r'<article class="answer".*?</article>', re.S)


def as_read(page: str) -> str:
    """An answer as its reader sees it, but for the day on which it was published."""
    words = re.sub(r"<time.*?</time>", "", READ.search(page)[0])
    return re.sub(r"[\s·]+", " ", re.sub(r"<[^>]+>", " ", words)).strip()


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("given", [
    {}, {"outcome": "declined", "by_when": "", "cost": "", "reason": "보도가 좁아 놓을 자리가 없어요."},
    {"kind": "interim", "by_when": "", "cost": "", "document_number": ""}], ids=["accepted", "declined", "interim"])
def test_an_answer_is_seen_as_everybody_will_read_it_before_it_is_published(town, browse, at, given):
    at(OCTOBER)
    official, second = town.official(), town.official()
    proposal = owed(town)
    cases.take(proposal.id, by=official)
    address, form = f"/desk/answers/{proposal.number}", FORM | given | {
        "text": "**굵은** 글씨로 답변해요.", "team": "교통시설팀", "phone": "02-000-0001"}
    desk, approver = browse(official), browse(second)
    preview = desk.post(address, data=form | {"do": "preview"})
    assert preview.status_code == 200 and "<strong>굵은</strong>" in preview.text
    assert db.session.scalar(sa.select(Answer.id)) is None, "looking keeps nothing"
    seen = as_read(preview.text)
    assert all(words in seen for words in ("교통행정과", "교통시설팀", "02-000-0001", "굵은 글씨로"))
    assert form["document_number"] in seen and ("740만 원" in seen) is bool(form["cost"])
    assert form.get("reason", "") in seen and ("2031. 3. 31.(월)까지" in seen) is bool(form["by_when"])
    desk.post(address, data=form | {"do": "submit"})
    assert as_read(approver.get(address).text) == seen
    assert approver.post(f"{address}/approvals", data={"seen": "1"}).status_code == 303
    assert set(seen.split()) <= set(as_read(show(browse, proposal)).split()), "folded, and all of it is there"


@pytest.mark.both
def test_the_page_of_the_office_shows_what_is_answered_and_says_who_will_be_told(town, browse, at):
    at(OCTOBER)
    official, second = town.official(), town.official()
    proposal = owed(town)
    cases.take(proposal.id, by=official)
    address, told = f"/desk/answers/{proposal.number}", "공개하면 제안한 사람과 공감하거나 소식을 받는 사람에게 알려요."
    writing = browse(official).get(address).text
    assert str(proposal.problem_html) in writing and str(proposal.wish_html) in writing
    assert told in writing and "하기로 했으면 꼭 적어 주세요." in writing
    texts.submit(proposal.id, text(), seen=0, by=official)
    assert told in browse(second).get(address).text
    commit(sa.update(Proposal).values(hidden_at=OCTOBER, hidden_rule="privacy"))
    assert str(proposal.problem_html) not in browse(official).get(address).text


@pytest.mark.both
def test_from_the_queue_to_the_published_answer(town, browse, at):
    at(OCTOBER)
    official, second = town.official(), town.official()
    proposal = owed(town)
    desk, approver = browse(official), browse(second)
    address = f"/desk/answers/{proposal.number}"
    assert proposal.title in desk.get("/desk/answers?job=triage").text
    desk.post(f"{address}/takings")
    assert proposal.title in desk.get("/desk/answers?job=write").text
    wrong = desk.post(address, data=FORM | {"do": "submit", "by_when": ""})
    assert wrong.status_code == 422 and "언제까지 할지 적어 주세요." in wrong.text and TEXT in wrong.text
    assert desk.post(address, data=FORM | {"do": "submit"}).status_code == 303
    assert proposal.title in approver.get("/desk/answers?job=approve").text
    assert desk.post(f"{address}/approvals", data={"seen": "1"}).status_code == 403
    assert approver.post(f"{address}/approvals", data={"seen": "1"}).status_code == 303
    db.session.expire_all()
    assert proposal.state is State.ANSWERED
    assert proposal.title not in desk.get("/desk/answers").text
    assert TEXT in show(browse, proposal)


def test_a_second_official_says_why_it_is_to_be_written_anew_and_only_about_what_they_read(town, browse):
    official, second = town.official(), town.official()
    proposal = owed(town)
    cases.take(proposal.id, by=official)
    address, why = f"/desk/answers/{proposal.number}", "드는 돈이 빠졌어요. 적어 주세요."
    texts.submit(proposal.id, text(), seen=0, by=official)
    texts.send_back(proposal.id, seen=1, by=official)
    texts.submit(proposal.id, text(text="보도가 넓은 두 곳에만 의자를 놓아요."), seen=2, by=official)
    approver = browse(second)
    for act, form in (("send-backs", {"back-seen": "1", "back-reason": why}), ("approvals", {"seen": "1"})):
        late = approver.post(f"{address}/{act}", data=form)
        assert late.status_code == 409 and "그 사이에 다른 담당자가" in late.text and "두 곳에만" in late.text
    unsaid = approver.post(f"{address}/send-backs", data={"back-seen": "3", "back-reason": "음"})
    assert unsaid.status_code == 422 and "5자 이상" in unsaid.text
    assert approver.post(f"{address}/send-backs", data={"back-seen": "3", "back-reason": why}).status_code == 303
    assert why in browse(official).get(address).text
    for reader in (None, town.moderator(), proposal.author):
        assert why not in browse(reader).get(address, follow_redirects=True).text
        assert why not in browse(reader).get(f"/proposals/{proposal.number}").text


def test_the_desk_says_how_long_an_author_is_silent_and_why_a_late_one_is_not_asked(town, browse, at):
    at(OCTOBER)
    official = town.official()
    asked, late = owed(town), owed(town)
    for one in (asked, late):
        cases.take(one.id, by=official)
    cases.ask_completion(asked.id, asked="어느 정류장인지 사진과 함께 알려 주세요.", by=official)
    at(OCTOBER + timedelta(days=40))
    desk = browse(official)
    for page in (desk.get("/desk/answers").text, desk.get(f"/desk/answers/{asked.number}").text):
        assert "부터 보완을 기다려요(41일째)." in page
    page = desk.get(f"/desk/answers/{late.number}").text
    assert "보완 요청하기: 답변 기한이 지나 시계를 멈출 수 없어요." in page and "/completion" not in page


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("wrong, said", [
    ({"kind": "what"}, "답변 종류를 골라"), ({"outcome": "what"}, "결과를 하나"), ({"disclosure": ""}, "공개 구분을"),
    ({"do": "preview", "text": "글" * 10_001}, "10,000자까지"), ({"cost": "많이"}, "만 원 단위 숫자"),
    ({"dated_on": "어제"}, "문서 날짜를"), ({"seen": "7"}, "그 사이에")])
def test_a_wrong_answer_comes_back_with_its_sentence(town, browse, wrong, said):
    official = town.official()
    proposal = on_the_table(town, official)
    page = browse(official).post(f"/desk/answers/{proposal.number}", data=FORM | {"do": "draft"} | wrong)
    assert page.status_code in (409, 422) and said in page.text and wrong.get("text", TEXT) in page.text


@pytest.mark.both
def test_the_queue_by_deadline(town, browse, at):
    at(OCTOBER)
    first = owed(town, title="첫째 제안이에요")
    at(days(20))
    second = owed(town, title="둘째 제안이에요")
    moderator = browse(town.moderator())
    at(days(30))
    seen = {due: moderator.get(f"/desk/answers?due={due}").text for due in ("late", "today", "week", "all")}
    assert [first.title in seen[due] for due in seen] == [False, True, True, True]
    assert [second.title in seen[due] for due in seen] == [False, False, False, True]
    at(days(31))
    assert first.title in moderator.get("/desk/answers?due=late").text
    assert moderator.get("/desk/answers?due=soon").status_code == 400
    assert moderator.get("/desk/answers?after=abc").status_code == 400


def test_an_official_sees_the_own_queue(town, browse):
    mine = on_the_table(town, town.official(), title="우리 부서의 제안")
    theirs = on_the_table(town, town.official(department=town.department("청소과")), title="다른 부서의 제안")
    page = browse(town.official()).get("/desk/answers").text
    assert mine.title in page and theirs.title not in page
    page = browse(town.moderator()).get("/desk/answers").text
    assert mine.title in page and theirs.title in page


def test_a_proposal_taken_without_a_clock_is_not_forgotten(town, browse):
    official = town.official()
    proposal = town.proposal(title="묻지 않아도 답하려는 제안")
    cases.take(proposal.id, by=official)
    assert proposal.title in browse(official).get("/desk/answers").text
    published(proposal, official, town.official(), text(kind=AnswerKind.FINAL))
    assert proposal.title not in browse(official).get("/desk/answers").text


@pytest.mark.both
def test_late_answers_by_department(town, browse, at):
    at(OCTOBER)
    late = on_the_table(town, town.official(), title="늦어지는 제안이에요")
    nobody = owed(town, title="부서가 없는 제안이에요")
    hidden = owed(town, title="가려진 제안이에요", hidden_at=None)
    hidden.hidden_at, hidden.hidden_rule = OCTOBER, "privacy"
    db.session.commit()
    at(days(20))
    in_time = owed(town, title="아직 기한이 남은 제안")
    at(days(40))
    page = browse().get("/answers/late").text
    assert late.title in page and nobody.title in page and "교통행정과" in page
    assert hidden.title not in page and in_time.title not in page
    page = browse().get(f"/answers/late?department={town.department().id}").text
    assert late.title in page and nobody.title not in page
    assert browse().get("/answers/late?department=x").status_code == 400


def test_an_author_files_formally(town, browse):
    proposal = town.proposal()
    author = browse(proposal.author)
    page = show(browse, proposal, proposal.author)
    assert f"/proposals/{proposal.number}/formal" in page and "공감이 모자라도 한 달 안에 담당 부서가 답변해요." in page
    wrong = author.post(f"/proposals/{proposal.number}/formal", data={"name": "김", "contact": "010-0000-0000"})
    assert wrong.status_code == 422 and "010-0000-0000" in wrong.text
    assert "2곳을 고쳐 주세요" in author.post(f"/proposals/{proposal.number}/formal").text, "all that is missing at once"
    author.post(f"/proposals/{proposal.number}/formal", data={"name": "김하늘", "contact": "010-0000-0000"})
    assert duty_of(proposal).kind == "formal"
    official = town.official()
    desk, address = browse(official), f"/desk/answers/{proposal.number}"
    desk.post(f"{address}/takings")
    assert "김하늘" not in desk.get(address).text
    unsaid = desk.post(f"{address}/contact", data={"why-reason": "음"})
    assert unsaid.status_code == 422 and "김하늘" not in unsaid.text and "고쳐 주세요" in unsaid.text
    assert "김하늘" in desk.post(f"{address}/contact", data={"why-reason": "어느 정류장인지 물어보려고 해요."}).text
    [record] = db.session.scalars(sa.select(AccessRecord))
    assert (record.by_id, record.user_id, record.reason) == (official.id, proposal.author_id, "어느 정류장인지 물어보려고 해요.")
    for reader in (None, town.resident(), town.moderator(), official):
        assert "김하늘" not in show(browse, proposal, reader)


def test_verdicts_on_understanding_are_counted(town, browse):
    official, second = town.official(), town.official()
    answer = published(on_the_table(town, official), official, second, declined())
    reader = browse(town.resident())
    assert reader.post(f"/answers/{answer.id}/understandings", data={"understood": "yes"}).status_code == 303
    assert reader.post(f"/answers/{answer.id}/understandings", data={"understood": "?"}).status_code == 400
    assert "이해했어요 1 · 모르겠어요 0" in browse().get(f"/proposals/{answer.proposal.number}").text


@pytest.mark.both
def test_a_corrected_answer_shows_what_it_said(town, browse):
    official, second = town.official(), town.official()
    answer = published(on_the_table(town, official), official, second)
    desk = browse(official)
    assert TEXT in desk.get(f"/desk/answers/corrections/{answer.id}").text
    changed = FORM | {"text": "정류장 4곳 모두에 의자를 놓아요.", "seen": "1", "why": "한 곳을 더하기로 했어요",
                      "outcome": "long_term", "disclosure": "closed", "by_when": ""}
    assert desk.post(f"/desk/answers/corrections/{answer.id}", data=changed | {"why": ""}).status_code == 422
    assert desk.post(f"/desk/answers/corrections/{answer.id}", data=changed).status_code == 303
    assert changed["text"] not in show(browse, answer.proposal)
    desk = browse(second).get(f"/desk/answers/{answer.proposal.number}").text
    assert f"답변: {TEXT} → {changed['text']}" in desk and "공개 구분: 공개 → 비공개" in desk
    assert "결과: 하기로 했어요 → 중장기로 검토해요" in desk and "까지 → 없음" in desk
    db.session.expire_all()
    browse(second).post(f"/desk/answers/corrections/{answer.id}/approvals", data={"seen": answer.correction["at"]})
    page = browse().get(f"/answers/{answer.id}/versions").text
    assert TEXT in page and changed["text"] in page and changed["why"] in page and "비공개" in page
    assert changed["text"] in show(browse, answer.proposal)


def test_each_act_of_the_desk_by_its_form(town, browse):
    moderator, official = town.moderator(), town.official()
    cleaning = town.department("청소과")
    proposal = owed(town)
    address = f"/desk/answers/{proposal.number}"
    given = {"department": str(town.department().id)}
    assert browse(moderator).post(f"{address}/assignment", data={"department": "0"}).status_code == 422
    assert browse(moderator).post(f"{address}/assignment", data=given).status_code == 303
    desk = browse(official)
    assert desk.get(f"{address}/question").status_code == 200
    asked = {"department": str(cleaning.id), "note": "<b>치울 수</b> 있나요?"}
    assert desk.post(f"{address}/question", data=asked).status_code == 303
    assert desk.post(f"{address}/question", data=asked).status_code == 409
    assert "&lt;b&gt;치울 수" in desk.get(address).text
    assert desk.post(f"{address}/completion", data={"asked": "짧음"}).status_code == 422
    passed = {"way": "complaint", "to": "국민신문고", "note": "안전신문고에서 처리할 일이라 민원으로 넘겨요."}
    assert desk.post(f"{address}/referral", data=passed | {"way": ""}).status_code == 422
    assert desk.post(f"{address}/referral", data=passed).status_code == 303
    page = show(browse, proposal)
    assert "민원으로 넘겼어요: 국민신문고" in page and passed["note"] in page


@pytest.mark.in_turns(of=5)
def test_few_statements_however_much_there_is(town, browse, queries, at):
    at(OCTOBER)
    official, second, moderator = town.official(), town.official(), town.moderator()
    proposal = on_the_table(town, official, neighbourhood_id=town.neighbourhood().id)
    published(proposal, official, second, text(kind=AnswerKind.INTERIM))
    pages = [(f"/proposals/{proposal.number}", None, 13), (f"/proposals/{proposal.number}", town.resident(), 17),
             ("/answers/late", None, 6), ("/desk/answers", moderator, 9), ("/desk/answers", official, 9),
             (f"/desk/answers/{proposal.number}", official, 9)]
    seen = {}
    for amount in ("few", "many"):
        at(days(40))
        for address, user, _most in pages:
            client = browse(user)
            client.get(address)
            with queries() as sent:
                assert client.get(address).status_code == 200
            seen[amount, address, user and user.id] = len(sent)
        at(OCTOBER)
        for _n in range(12):
            owed(town)
        for n in range(3):
            published(proposal, official, second, text(kind=AnswerKind.INTERIM))
            cases.ask_department(proposal.id, town.department(f"{amount} {n}과").id, note="어떤가요?", by=official)
    for address, user, most in pages:
        few, many = (seen[amount, address, user and user.id] for amount in ("few", "many"))
        assert many <= most and many == few, (address, few, many)


@pytest.mark.both
def test_several_that_nobody_has_are_given_to_one_department(town, browse):
    first, second, department = owed(town), owed(town), town.department("공원녹지과")
    moderator, official = browse(town.moderator()), browse(town.official())
    assert f'value="{first.number}" form="several"' in moderator.get("/desk/answers").text
    assert 'form="several"' not in official.get("/desk/answers").text
    form = {"chosen": [first.number, second.number, "2026-9999"], "department": str(department.id)}
    assert official.post("/desk/answers/assignments", data=form | {"chosen": first.number}).status_code == 403
    told = moderator.post("/desk/answers/assignments", data=form, follow_redirects=True)
    assert "제안 2건을 맡을 부서를 정했어요. 1건은 하지 못했어요. 2026-9999:" in told.text
    page = moderator.get("/desk/answers").text
    assert page.count("공원녹지과") >= 2 and 'form="several"' not in page


@pytest.mark.both
def test_the_queue_is_searched_and_sorted_and_its_numbers_follow(town, browse):
    few, many = owed(town, title="독산역 의자"), owed(town, title="가로등 고치기")
    commit(sa.update(Proposal).where(Proposal.id == many.id).values(support_count=90))
    desk = browse(town.moderator())

    def titles(query):
        page = desk.get(f"/desk/answers{query}").text
        return re.findall(r'class="card-link" href="/desk/answers/[^"]*">([^<]*)<', page)

    assert titles("") == [few.title, many.title] and titles("?sort=supported") == [many.title, few.title]
    assert titles("?q=의자") == titles(f"?q={few.number}&job=triage&due=all") == [few.title] and titles("?q=%25") == []
    page = desk.get("/desk/answers?q=의자&job=triage&sort=supported").text
    assert 'name="job" value="triage"' in page and 'value="의자"' in page and '<b class="num">1</b>' in page.replace(
        '\n  class="num"', ' class="num"')
    assert desk.get("/desk/answers?sort=nothing").status_code == 400
