"""Outcomes of answers as rows of the district: made, renamed, merged, and what an answer says by them."""

import re

import pytest
import sqlalchemy as sa

from civic_forum.answers.models import Answer
from civic_forum.answers.rules import AnswerState
from civic_forum.answers.services import author, cases, texts
from civic_forum.desk.services import closing
from civic_forum.desk.services import district as lists
from civic_forum.desk.services.district import Decision
from civic_forum.district import queries
from civic_forum.district.models import Reason
from civic_forum.district.rules import DistrictList
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import Language, speaking
from tests import factories
from tests.answers.making import declined, on_the_table, owed, published, text

from tests.common import day, let_go
from . import second
from .test_categories import WHY

REASONS = DistrictList.REASONS
WHY_NOT = "도로법 제61조 때문에 놓을 수 없어요."
pytestmark = pytest.mark.both


def entry(key) -> Reason:
    db.session.rollback()
    return db.session.scalars(sa.select(Reason).filter_by(key=key)).one()


def make(by, name_ko="법이나 조례에 막혀요", name_en="Barred by law"):
    return lists.make(REASONS, f"{name_ko} | {name_en}", why=WHY, by=by)[0].key


def rename(key, name_ko, name_en, by):
    return lists.rename(REASONS, entry(key).id, Decision(name_ko=name_ko, words={"en": name_en}, why=WHY),
                        from_day=day(),
                        seen=queries.last_change(REASONS, entry(key).id), by=by)


def merge(key, into, two):
    made = closing.close(REASONS, entry(key).id, entry(into).id, why=WHY, from_day=day(), by=two[0],
                         seen=queries.last_change(REASONS, entry(key).id))
    closing.CLOSING.confirm(lists.subject_of(made.id), by=two[1])


def chosen(page: str) -> list[str]:
    """Outcomes that a form of an answer offers."""
    return re.findall(r'name="outcome"[^>]*value="([^"]+)"', page)


def test_a_site_begins_with_seven_in_both_languages(town):
    assert [reason["key"] for reason in factories.REASONS] == list(queries.reason_names())
    assert queries.reason_names()["already_done"] == "이미 하고 있어요"
    with speaking(Language.EN):
        assert queries.reason_names()["already_done"] == "We already do it"


def test_a_fourth_one_beside_those_that_promise_nothing_declines(town, later):
    official, second_official = town.official(), town.official()
    key = make(town.administrator())
    assert key == "barred-by-law"
    proposal = on_the_table(town, official)
    for given, field in (({"reason": None}, "reason"), ({"by_when": "2031-03"}, "outcome"), ({"cost": 1}, "outcome")):
        with pytest.raises(Refusal) as refused:
            texts.submit(proposal.id, declined(outcome=key, **given), seen=0, by=official)
        assert refused.value.field == field
        db.session.rollback()
    answer = published(proposal, official, second_official, declined(outcome=key, reason=WHY_NOT))
    assert answer.outcome == key
    author.ask_review(proposal.id, reason="법이 바뀌었으니 한 번 더 봐 주세요.", by=proposal.author)


def test_one_that_there_is_not_is_refused(town, browse):
    official = town.official()
    proposal = on_the_table(town, official)
    page = browse(official).post(f"/desk/answers/{proposal.number}", data={
        "kind": "final", "outcome": "nothing", "text": "답변이에요. 답변이에요.", "dated_on": "2026-05-02",
        "disclosure": "open", "seen": "0", "do": "draft"})
    assert page.status_code == 422 and "결과를 하나 골라 주세요." in page.text
    assert db.session.scalar(sa.select(Answer.id)) is None


def test_keys_that_something_follows_from_are_never_closed(town, two):
    for key in ("accepted", "partly_accepted", "differently", "declined"):
        with pytest.raises(Refusal, match="닫을 수 없어요"):
            merge(key, "long_term", two)
        db.session.rollback()


def test_drafts_move_to_the_successor_and_are_read_again_before_they_are_approved(town, two, later, browse):
    official, second_official = town.official(), town.official()
    past = published(on_the_table(town, official), official, second_official, text(outcome="long_term", by_when=None))
    proposal = on_the_table(town, official)
    waiting = texts.submit(proposal.id, text(outcome="long_term", by_when=None), seen=0, by=official)
    seen = waiting.version
    assert closing.counts(REASONS, entry("long_term")) == {"answers.outcome": 1}
    merge("long_term", "referred", two)
    assert later(1) == 1
    assert db.session.get(Answer, past.id).outcome == "long_term"
    assert db.session.get(Answer, waiting.id).outcome == "referred"
    db.session.rollback()
    with pytest.raises(Conflict):
        texts.approve(proposal.id, seen=seen, by=second_official)
    db.session.rollback()
    assert texts.approve(proposal.id, seen=seen + 1, by=second_official).state is AnswerState.PUBLISHED
    other = on_the_table(town, official)
    assert "long_term" not in chosen(browse(official).get(f"/desk/answers/{other.number}").text)
    with pytest.raises(Refusal) as refused:
        texts.submit(other.id, text(outcome="long_term", by_when=None), seen=0, by=official)
    assert refused.value.field == "outcome"
    db.session.rollback()
    assert "long_term" in chosen(browse(official).get(f"/desk/answers/corrections/{past.id}").text)
    texts.correct(past.id, text(outcome="long_term", by_when=None, cost=1), why="드는 돈을 잘못 적었어요", seen=1,
                  by=official)


def test_one_that_its_successor_asks_more_of_goes_back_to_its_writer(town, two, later, browse):
    official, second_official = town.official(), town.official()
    key = make(two[0])
    proposal = on_the_table(town, official)
    waiting = texts.submit(proposal.id, text(outcome="long_term", by_when=None), seen=0, by=official)
    seen = waiting.version
    merge("long_term", key, two)
    assert later(1) == 1
    back = db.session.get(Answer, waiting.id)
    assert (back.outcome, back.state, back.version) == (key, AnswerState.DRAFT, seen + 1)
    assert "이유를 10자 이상" in browse(official).get(f"/desk/answers/{proposal.number}").text
    db.session.rollback()
    assert published(proposal, official, second_official, declined(outcome=key), seen=seen + 1).outcome == key


def test_an_answer_keeps_the_name_of_its_day_on_every_page(town, later, browse):
    boss, official, second_official = town.administrator(), town.official(), town.official()
    before = published(on_the_table(town, official), official, second_official, text(outcome="referred", by_when=None))
    rename("referred", "시나 나라의 일이에요", "For the city or the state", boss)
    later(1)
    after = published(on_the_table(town, official), official, second_official, text(outcome="referred", by_when=None))
    old, new = (browse().get(f"/proposals/{answer.proposal.number}").text for answer in (before, after))
    assert "최종 답변: 다른 기관 소관이에요" in old and "최종 답변: 시나 나라의 일이에요" in new
    for answer, name in ((before, "Another authority is in charge"), (after, "For the city or the state")):
        reader = browse()
        reader.set_cookie("language", "en")
        assert f": {name}</h3>" in reader.get(f"/proposals/{answer.proposal.number}").text
    feed = browse().get("/feeds/answers.atom").text
    assert "다른 기관 소관이에요" in feed and "시나 나라의 일이에요" in feed


def test_pages_add_one_and_show_it_everywhere(town, two, browse):
    official, second_official = town.official(), town.official()
    first, desk, approver = browse(two[0]), browse(official), browse(second_official)
    assert "재심사를 요청할 수 있어요" in first.get("/desk/district/reasons/new").text
    made = first.post("/desk/district/reasons", data={
        "names": "법이나 조례에 막혀요, Barred by law", "why": WHY})
    assert made.status_code == 303
    listed = first.get("/desk/district").text
    assert "법이나 조례에 막혀요" in listed and "법이나 조례에 막혀요" in browse().get("/district").text
    closings = {key: f"/desk/district/reasons/{entry(key).id}/closing" for key in ("long_term", "declined")}
    assert closings["long_term"] in listed and closings["declined"] not in listed
    assert first.get(closings["declined"]).status_code == 404
    proposal = owed(town)
    cases.take(proposal.id, by=official)
    address = f"/desk/answers/{proposal.number}"
    page = desk.get(address).text
    assert chosen(page)[-1] == "barred-by-law" and "법이나 조례에 막혀요" in page
    form = {"kind": "final", "outcome": "barred-by-law", "text": "놓을 수 없는 자리예요.", "reason": WHY_NOT, "seen": "0",
            "by_when": "", "cost": "", "document_number": "교통행정과-4121", "disclosure": "open",
            "dated_on": str(day(0)), "do": "submit"}
    assert "이유를 10자 이상" in desk.post(address, data=form | {"reason": ""}).text
    assert desk.post(address, data=form).status_code == 303
    assert approver.post(f"{address}/approvals", data={"seen": "1"}).status_code == 303
    for shown in (f"/proposals/{proposal.number}", "/feeds/answers.atom", "/data/answers.csv", "/data/proposals.csv",
                  "/data/answers.csv?outcome=barred-by-law"):
        assert "법이나 조례에 막혀요" in browse().get(shown).text, shown
    assert "법이나 조례에 막혀요" not in browse().get("/data/answers.csv?outcome=declined").text
    assert browse().get("/data/answers.csv?outcome=nothing").status_code == 400


def test_another_district_begins_with_the_same_and_has_its_own(tmp_path):
    app = second.site(tmp_path)
    with app.app_context():
        boss = factories.Town().administrator()
        make(boss, "자리가 없어요", "No place")
        assert list(queries.reason_names()) == [*(reason["key"] for reason in factories.REASONS), "no-place"]
        let_go()
