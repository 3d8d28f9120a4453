"""People apply: conditions told before, a draft that stays, the clock of the site, one's own by number and code."""

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import pytest

from civic_forum.accounts.services import leaving
from civic_forum.attachments.models import Attachment
from civic_forum.blocks import questions, submissions
from civic_forum.blocks.submissions import Submission
from civic_forum.calls import queries as calls
from civic_forum.calls import services as jobs
from civic_forum.calls.applying import own_data, queries, rules, services
from civic_forum.calls.applying.rules import Unmet
from civic_forum.calls.applying.services import Typed
from civic_forum.calls.models import CallApplication
from civic_forum.calls.rules import KIND, Applicants, ApplicationState
from civic_forum.notifications.models import Notice
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, NotFound, Refusal
from civic_forum.platform.question_rows import QuestionType, Reader
from tests.accounts.people import PASSWORD
from tests.attachments.making import png
from tests.factories import count

from .making_applying import QUESTIONS, answered, open_call, received, sent, typed_in

CALL = SimpleNamespace(applicants=Applicants.BOTH, least_people=5, residents_only=True, least_age=19, most_age=39)
FITS = {"people": 5, "resident": 1, "born": 2000}


@pytest.mark.parametrize(("facts", "conditions", "unmet"), [
    ({}, {}, []), ({"people": 0}, {}, []), ({"people": 4}, {}, [Unmet.PEOPLE]), ({"resident": 0}, {}, [Unmet.RESIDENT]),
    ({"born": 2012}, {}, [Unmet.AGE]), ({"born": 2011}, {}, []), ({"born": 1991}, {}, []),
    ({"born": 1990, "people": 2}, {}, [Unmet.PEOPLE, Unmet.AGE]),
    ({"group": 0, "people": 0}, {"applicants": Applicants.GROUP}, [Unmet.GROUP, Unmet.PEOPLE])])
def test_the_condition_that_fails_is_named(facts, conditions, unmet):
    call = SimpleNamespace(**vars(CALL) | conditions)
    assert rules.unmet(call, FITS | facts, 2030) == unmet
    assert set(rules.conditions(call)) >= {"resident", "born"}


def test_the_very_moment_of_the_close_is_late():
    closes = clock.now()
    assert [rules.late_by(closes, closes + timedelta(seconds=second)) for second in (-1, 0, 52)] == [
        None, timedelta(0), timedelta(seconds=52)]


def own(call, number):
    db.session.rollback()
    return queries.numbered(call, number)


@pytest.mark.both
def test_a_draft_stays_and_is_handed_in_by_the_clock(town):
    call, user, other = open_call(town), town.user(), town.user()
    first, second, third = (f"q{row.id}" for row in calls.questions_of(call))
    number = services.begin(call.id, by=user).number
    assert questions.why_frozen(KIND, call.id)
    with pytest.raises(Conflict):
        services.begin(call.id, by=user)
    for by, error in ((other, NotFound), (user, Refusal)):
        with pytest.raises(error):
            sent(call, number, by, **{first: ""})
    money = [["칸", 8_200], ["등", 1_800]]
    services.save(call, number, Typed(answered(call, title="", **{first: "", second: money, third: "김가산"})), by=user)
    with pytest.raises(Conflict):
        services.save(call, number, Typed(answered(call)), by=user)
    assert own(call, number).asked == 10_000
    assert sent(call, number, user, version=2, group_name="가산 모임", people=5, **{second: money}) is None
    handed = own(call, number)
    assert (handed.state, handed.group_name, handed.submission.handed_in_at is not None) == (
        ApplicationState.RECEIVED, "가산 모임", True)
    with pytest.raises(Conflict):
        services.save(call, number, Typed(answered(call), 3), by=user)
    assert sent(call, number, user, version=3, title="고친 제목", **{third: "김가산"}) is None
    told = db.session.query(Notice).filter_by(user_id=user.id)
    assert [notice.url for notice in told] == [f"/calls/lab/mine/{number}"]
    closes, late = call.closes_at, open_call(town, slug="late", days=7)
    draft = services.begin(late.id, by=user).number
    clock.shift(timedelta(days=7, seconds=52).total_seconds())
    assert sent(late, draft, user, title="늦은 제목") >= timedelta(seconds=52)
    assert (own(late, draft).state, own(late, draft).title) == (ApplicationState.DRAFT, "늦은 제목")
    assert sent(late, draft, user, version=2, at=late.closes_at - timedelta(seconds=1)) is None
    assert own(late, draft).submission.handed_in_at < late.closes_at
    with pytest.raises(Conflict):
        sent(call, number, user, version=4, at=closes)
    assert own(call, number).title == "고친 제목"
    with pytest.raises(Conflict):
        services.begin(call.id, by=other)
    for days, kept in ((370, True), (373, False)):
        clock.shift(timedelta(days=days).total_seconds())
        jobs.forget()
        sheet = queries.sheet_of(own(call, number))
        assert (first in sheet.answers, sheet.sealed is not None) == (True, kept), "a year from the close"


@pytest.mark.both
def test_so_many_each_and_no_more(town, official):
    call, user = open_call(town, most_each=2, most_won=100), town.user()
    number = received(call, user)
    services.begin(call.id, by=user)
    with pytest.raises(Conflict):
        services.begin(call.id, by=user)
    with pytest.raises(Denied):
        services.begin(call.id, by=official)
    with pytest.raises(Denied):
        services.begin(open_call(town, slug="nobody", department_id=None).id, by=town.moderator())
    alone = open_call(town, slug="verified", verified_only=True)
    for act in (lambda: services.begin(alone.id, by=town.user()), lambda: typed_in(alone, by=town.clerk())):
        with pytest.raises(Denied, match="확인된 사람"):
            act()
    assert services.begin(alone.id, by=town.resident()).number
    services.withdraw(call, number, by=user)
    number = services.begin(call.id, by=user).number
    money = f"q{calls.questions_of(call)[1].id}"
    with pytest.raises(Refusal):
        sent(call, number, user, **{money: [["칸", 101]]})
    assert services.withdraw(call, number, by=user) is None
    with pytest.raises(NotFound):
        own(call, number)


@pytest.mark.both
def test_somebody_without_an_account_finds_it_by_number_and_code(town, clerk, browse):
    call = open_call(town)
    number, code = typed_in(call, contact="김금천 010-2345-6789", by=clerk)
    assert (own(call, number).state, submissions.contact(own(call, number).submission)) == (
        ApplicationState.RECEIVED, "김금천 010-2345-6789")
    with pytest.raises(Denied):
        typed_in(call, by=town.user())
    with pytest.raises(Refusal):
        services.withdraw(call, number, code="0" * 13)
    question, desk = f"q{calls.questions_of(call)[0].id}", "/desk/calls/lab/applications/new"
    db.session.rollback()
    visitor, window = browse(), browse(clerk)
    assert desk in window.get("/calls/lab/apply").text and desk not in visitor.get("/calls/lab/apply").text
    assert "드릴 접수증" in window.post(desk, data={"by_way": "1", "title": "말로 한 것", question: "쌓여요."}).text
    assert window.post(desk, data={"title": "말로 한 것"}).status_code == 422
    wrong = [visitor.post("/calls/lab/mine", data={"number": each, "code": "wrong"}) for each in (
        number, submissions.number_of(number[:4], 100_000 + int(number[5:11]) % 100_000))]
    assert [page.status_code for page in wrong] == [422, 422], "a number that nobody has looks like any other"
    page = visitor.post("/calls/lab/mine", data={"number": number, "code": code})
    assert "빌라 앞에 쌓여요." in page.text and page.status_code == 200
    assert visitor.post(f"/calls/lab/mine/{number}/withdrawal", data={"code": code}).status_code == 303
    gone = own(call, number)
    assert (gone.state, gone.title, queries.sheet_of(gone).answers, submissions.contact(gone.submission)) == (
        ApplicationState.WITHDRAWN, "", {}, None)


@pytest.mark.both
def test_the_pages_from_the_first_question_to_taking_it_back(town, browse):
    call, user = open_call(town, least_people=3, applicants=Applicants.GROUP, residents_only=True, asked=(
        *QUESTIONS, (QuestionType.FILE, Reader.OFFICE, True)), who_else="두 동에서 모여요."), town.user()
    rows = calls.questions_of(call)
    visitor, page, other = browse(), browse(user), browse(town.user())
    fits = visitor.post("/calls/lab/apply", data={"group": "1", "people": "3", "resident": "1"}).text
    assert "신청할 수 있어요" in fits and "두 동에서 모여요." in fits
    refused = visitor.post("/calls/lab/apply", data={"group": "0", "people": "2", "resident": "1"})
    assert "모임이 신청하는 모집이에요." in refused.text and "모임 사람 수가 모자라요." in refused.text
    assert visitor.post("/calls/lab/apply", data={"group": "1"}).status_code == 422
    address = page.post("/calls/lab/applications").location
    number = address.rpartition("/")[2]
    assert other.get(address).status_code == 404
    asked = [window.get("/calls/lab/apply").text for window in (page, other)]
    assert ["쓴 것을 고치거나 거두세요" in text for text in asked] == [True, False]
    typed = {"title": "정거장", "group_name": "가산 모임", "people": "3", f"q{rows[0].id}": "쌓여요.", "version": "1",
             f"q{rows[1].id}-for": ["칸", "등"], f"q{rows[1].id}-won": ["8,200", "1,800"], f"q{rows[2].id}": "봉인한 이름"}
    kept = page.post(f"{address}?autosave=1", data=typed, headers={"Accept": "application/json"})
    assert kept.json["version"] == 2
    assert "1만 원" in page.get(address).text and "마감하고 365일 뒤에 지워요" in page.get(address).text
    old = page.post(address, data=typed | {"act": "save"})
    assert old.status_code == 409 and 'value="2"' in old.text
    without = page.post(address, data=typed | {"act": "hand_in", "version": "2"})
    assert without.status_code == 422 and "파일을 올려 주세요" in without.text
    file = {f"q{rows[3].id}": (BytesIO(b"%PDF-1.4 x"), "계획.txt")}
    assert page.post(address, data=typed | {"act": "save", "version": "2"} | file).status_code == 422
    handed = page.post(address, data=typed | {"act": "hand_in", "version": "2", f"q{rows[3].id}": picture()})
    assert handed.status_code == 303
    mine = page.get(handed.location).text
    assert number in mine and "봉인한 이름" in mine and "냈어요" in mine
    assert "정거장" in page.get("/me").text and "정거장" not in other.get("/me").text
    assert "확인되지 않았어요" in browse(town.official()).get(f"/desk/calls/lab/applications/{number}").text
    key = db.session.query(Attachment).one().key
    for client, status in ((page, 200), (browse(town.official()), 200), (other, 404)):
        with client.get(f"/attachments/{key}") as sent_file:
            assert sent_file.status_code == status
    assert page.post(address, data=typed | {"act": "hand_in", "version": "3", "without": key}).status_code == 422
    assert count(Attachment) == 1
    assert other.post(f"/calls/lab/mine/{number}/withdrawal").status_code == 404
    assert page.post(f"/calls/lab/mine/{number}/withdrawal").status_code == 303
    assert count(Attachment) == 0
    call.announced_at = None
    db.session.commit()
    assert page.get("/calls/lab/apply").status_code == 404


def faults(answer):
    assert answer.status_code == 422
    return answer.text.count('aria-invalid="true"')


def test_a_form_names_every_fault_and_persons_are_not_asked_about_groups(town, browse):
    call = open_call(town, applicants=Applicants.PERSON, residents_only=True, least_age=19)
    visitor, page, desk = browse(), browse(town.user()), browse(town.official())
    needed, *_rows = calls.questions_of(call)
    assert "어떻게 신청하나요" not in visitor.get("/calls/lab/apply").text
    assert faults(visitor.post("/calls/lab/apply", data={"resident": "7"})) == 2
    address = page.post("/calls/lab/applications").location
    assert faults(page.post(address, data={"act": "hand_in", "version": "1"})) == 2
    typed = {"act": "hand_in", "version": "1", "title": "가" * 101, f"q{needed.id}": "쌓여요."}
    assert faults(page.post(address, data=typed)) == 1
    assert faults(desk.post("/desk/calls/lab/applications/new", data={})) == 3


def picture():
    return BytesIO(png()), "계획.png"


@pytest.mark.both
def test_somebody_who_leaves_takes_back_what_is_not_decided(town, monkeypatch):
    call, user = open_call(town, most_each=3), town.user()
    chosen, waiting = received(call, user, **{f"q{calls.questions_of(call)[2].id}": "김가산"}), received(call, user)
    services.begin(call.id, by=user)
    own(call, chosen).state = ApplicationState.CHOSEN
    db.session.commit()
    monkeypatch.setitem(queries.of_owner.__kwdefaults__, "most", 1)
    assert [entry["answers"] for entry in own_data.collect(user)][-1] == {"질문 1": "빌라 앞에 쌓여요.", "질문 3": "김가산"}
    leaving.leave(PASSWORD, by=user)
    assert count(CallApplication) == count(Submission) == 2
    states = {number: own(call, number) for number in (chosen, waiting)}
    assert [state.state for state in states.values()] == [ApplicationState.CHOSEN, ApplicationState.WITHDRAWN]
    sheets = [queries.sheet_of(application) for application in states.values()]
    assert [(len(sheet.answers), sheet.sealed) for sheet in sheets] == [(1, None), (0, None)]
