"""The calendar: whose days stand on which day, for whom, and the file of the same."""

from datetime import UTC, date, datetime, timedelta

import pytest
from lxml import html

from civic_forum.accounts.models import User
from civic_forum.budgets.rules import Phase
from civic_forum.forums.rules import Form
from civic_forum.platform.base import db
from civic_forum.platform.i18n import SEOUL
from civic_forum.polls.models import Poll
from tests.budgets.making import new_round
from tests.forums.scene import announced_forum
from tests.opinions.making import consultation
from tests.platform.calendars import events
from tests.polls.making import poll, unannounced

NOW = datetime(2026, 11, 10, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def november(at):
    at(NOW)


def seoul(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SEOUL)


def page(browser, query: str = ""):
    answer = browser.get(f"/calendar{query}")
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def plain(element) -> str:
    return " ".join(element.text_content().split())


def by_day(root) -> dict[int, list[str]]:
    """Of the shown month: day → kind and time, and title."""
    return {int(cell.xpath("string(.//b)")): [" ".join(map(plain, entry.xpath("p[1]/span | a")))
                                              for entry in cell.xpath(".//li")]
            for cell in root.xpath("//table//td[contains(@class,'has') and not(contains(@class,'out'))]")}


def forum(town, starts, hours=2, **facts):
    return announced_forum(town, starts_at=starts, ends_at=starts + timedelta(hours=hours), announced_at=NOW, **facts)


def vote(town, opens, closes, **facts) -> Poll:
    return poll(town, opens_at=opens.isoformat(), closes_at=closes.isoformat(), **facts)


def test_every_kind_stands_on_its_days(town, browse):
    forum(town, seoul(11, 20, 14), title="골목 공론장", registration_to=seoul(11, 19))
    vote(town, seoul(11, 12, 9), seoul(11, 26), title="빈터")
    consultation(title="둔치", opens_at=seoul(11, 1), closes_at=seoul(11, 12, 18))
    budget = new_round(town, title="우리 동네 사업", left_out={*Phase} - {Phase.VOTING})
    [voting] = budget.phases
    voting.starts_at, voting.ends_at = seoul(11, 15), seoul(11, 21)
    db.session.commit()
    root = page(browse())
    assert by_day(root) == {
        1: ["질문 00:00 묻기 시작: 둔치"], 12: ["투표 09:00 투표 시작: 빈터", "질문 18:00 답하기 마감: 둔치"],
        15: ["주민참여예산 00:00 주민 투표 시작: 우리 동네 사업"], 18: ["공론장 24:00 참여 신청 마감: 골목 공론장"],
        20: ["공론장 14:00–16:00 골목 공론장", "주민참여예산 24:00 주민 투표 마감: 우리 동네 사업"], 25: ["투표 24:00 투표 마감: 빈터"]}
    assert plain(root.xpath("//h1")[0]) == "2026년 11월에 8가지 일이 있어요"
    assert "11. 12.(목) 09:00 투표 시작: 빈터" in plain(root.xpath("//*[@class='lead']")[0])
    assert "구청 대강당과 온라인" in plain(root.xpath("//table")[0])


def test_nothing_that_only_some_may_read_has_a_day(town, browse):
    forum(town, seoul(11, 20, 14)).announced_at = None
    unannounced(town, opens_at=seoul(11, 12).isoformat(), closes_at=seoul(11, 20).isoformat())
    vote(town, seoul(11, 12), seoul(11, 20)).rehearsal_of_id = vote(town, seoul(12, 12), seoul(12, 20)).id
    consultation(announced_at=None, opens_at=seoul(11, 1), closes_at=seoul(11, 12, 18))
    new_round(town).announced_at = None
    db.session.commit()
    for reader in (None, town.moderator()):
        root = page(browse(reader) if reader else browse())
        assert by_day(root) == {} and plain(root.xpath("//h1")[0]) == "2026년 11월에는 정해진 날이 없어요"
    file = events(browse().get("/calendar.ics").data)
    assert {entry["DTSTART"] for entry in file} == {date(2026, 12, 12), date(2026, 12, 19)}


@pytest.mark.both
def test_a_neighbourhood_and_a_department_have_their_own_days(town, browse):
    here, there = town.neighbourhood(), town.neighbourhood("시흥5동")
    office = town.department()
    own = vote(town, seoul(11, 12, 9), seoul(11, 30, 18), title="우리 동")
    own.neighbourhoods = [here]
    asked = consultation(title="두 동", opens_at=seoul(11, 2, 9), closes_at=seoul(11, 13, 18), department_id=office.id)
    asked.neighbourhoods = [here, there]
    forum(town, seoul(11, 20, 14), title="모두")
    budget = new_round(town, envelopes=2, left_out={*Phase} - {Phase.VOTING})
    budget.phases[0].starts_at, budget.phases[0].ends_at = seoul(11, 15, 9), None
    budget.envelopes[0].voters_of = [there]
    db.session.commit()
    root = page(browse(), f"?neighbourhood={here.id}")
    assert sorted(by_day(root)) == [2, 12, 13, 30] and "모든 동이 함께하는 것은 뺐어요" in plain(root)
    assert sorted(by_day(page(browse(), f"?neighbourhood={there.id}"))) == [2, 13]
    budget.envelopes[1].voters_of = [there]
    db.session.commit()
    assert sorted(by_day(page(browse(), f"?neighbourhood={there.id}"))) == [2, 13, 15]
    assert sorted(by_day(page(browse(), f"?department={office.id}"))) == [2, 13]
    assert by_day(page(browse(), f"?neighbourhood={town.neighbourhood('가산동').id}")) == {}
    nearest = {plain(line.xpath("a")[0]): plain(line.xpath("span")[0]) for line in page(browse()).xpath(
        "//section[@aria-labelledby='by-place']//li")}
    assert nearest[here.name_ko] == "11. 12.(목) 투표 시작: 우리 동"
    assert nearest[there.name_ko] == "11. 13.(금) 답하기 마감: 두 동"
    file = events(browse().get(f"/calendar.ics?neighbourhood={there.id}").data)
    assert [entry["SUMMARY"] for entry in file] == ["묻기 시작: 두 동", "답하기 마감: 두 동",
                                                     f"주민 투표 시작: {budget.title}"]
    past, line = seoul(10, 2, 14), "//p[b='우리 동에 온 날']"
    for starts, over in ((past, {"opened_at": past, "closed_at": past + timedelta(hours=2)}), (seoul(12, 4, 14), {})):
        forum(town, starts, title="동에 번쩍", form=Form.VISIT, neighbourhood_id=here.id, **over)
    assert plain(page(browse(), f"?neighbourhood={here.id}").xpath(line)[0]) == (
        "우리 동에 온 날 2026. 12. 4.(금) 예정 동에 번쩍, 2026. 10. 2.(금) 동에 번쩍")
    assert page(browse(), f"?neighbourhood={there.id}").xpath(line) == page(browse()).xpath(line) == []


def test_somebody_with_a_neighbourhood_is_offered_its_days(town, browse):
    here = town.neighbourhood()
    resident: User = town.resident()
    resident.neighbourhood_id = here.id
    db.session.commit()
    own = "//a[normalize-space()='우리 동 보기']/@href"
    assert page(browse(resident)).xpath(own) == [f"/calendar?neighbourhood={here.id}"]
    assert page(browse()).xpath(own) == [] == page(browse(town.resident())).xpath(own)


def test_a_gathering_over_midnight_stands_on_both_days_and_counts_once(town, browse):
    forum(town, seoul(11, 30, 22), hours=3, title="밤샘")
    november, december = page(browse()), page(browse(), "?month=2026-12")
    said = "공론장 11. 30.(월) 22:00–12. 1.(화) 01:00 밤샘"
    assert by_day(november) == {30: [said]} and by_day(december) == {1: [said]}
    assert plain(december.xpath("//h1")[0]) == "2026년 12월에 1가지 일이 있어요"
    forum(town, seoul(11, 20, 22), hours=2, title="자정까지")
    assert by_day(page(browse()))[20] == ["공론장 22:00–24:00 자정까지"] and 21 not in by_day(page(browse()))


def test_months_lead_to_each_other_and_the_next_day_may_lie_in_the_next(town, browse):
    forum(town, seoul(12, 3, 10), title="다음 달")
    root = page(browse())
    assert by_day(root) == {} and "12. 3.(목) 10:00–12:00 다음 달" in plain(root.xpath("//*[@class='lead']")[0])
    assert root.xpath("//nav[@class='cal-month']//a/@href") == ["/calendar?month=2026-10", "/calendar?month=2026-12"]
    assert page(browse(), "?month=2000-01").xpath("//nav[@class='cal-month']//a/@href") == ["/calendar?month=2000-02"]
    assert page(browse(), "?month=2099-12").xpath("//nav[@class='cal-month']//a/@href") == ["/calendar?month=2099-11"]
    assert page(browse(), "?month=2028-02").xpath("count(//td[not(contains(@class,'out'))])") == 29


@pytest.mark.parametrize("query", ["month=2026-13", "month=2026", "month=2026-Q1", "month=2026-11-03", "month=1999-12",
                                   "month=%00", "neighbourhood=99999", "neighbourhood=x", "neighbourhood=0",
                                   "department=999", "department=-1", "month=9999-99", "department=" + "9" * 400])
def test_unknown_words_of_an_address_are_refused(town, browse, query):
    assert browse().get(f"/calendar?{query}").status_code == 400
    if not query.startswith("month"):
        assert browse().get(f"/calendar.ics?{query}").status_code == 400


@pytest.mark.in_turns(of=5)
def test_as_many_statements_for_a_full_month_as_for_an_empty_one(town, browse, queries):
    reader, counted = town.resident(), []
    browser = browse(reader)
    for many in (0, 60):
        for number in range(many):
            forum(town, seoul(11, 10 + number % 3, 14), title="긴 제목 " * 20 + str(number))
            vote(town, seoul(11, 12), seoul(11, 13)).neighbourhoods = [town.neighbourhood()]
        db.session.commit()
        for address in ("/calendar", "/calendar.ics"):
            db.session.rollback()
            with queries() as seen:
                assert browser.get(address).status_code == 200
            counted.append(len(seen))
    assert counted[:2] == counted[2:] and max(counted) <= 10, counted
    assert len(by_day(page(browse()))[12]) == 140


@pytest.mark.both
def test_the_file_has_names_that_stay_and_a_bounded_span(town, browse):
    near = forum(town, seoul(11, 20, 14), title="a;b,c\\d\nBEGIN:VEVENT " + "가" * 100)
    for days in (-31, -29, 399, 401):
        forum(town, NOW + timedelta(days=days))
    asked = consultation(opens_at=seoul(11, 1), closes_at=seoul(11, 12))
    answer = browse().get("/calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    file = {entry["UID"].partition("@")[0]: entry for entry in events(answer.data)}
    assert len(file) == 5
    entry = file[f"forum-{near.id}"]
    assert entry["SUMMARY"] == near.title and entry["LOCATION"] == near.place
    assert (entry["DTSTART"], entry["DTEND"]) == (near.starts_at, near.ends_at)
    assert [own["UID"] for own in events(browse().get(f"/forums/{near.slug}/calendar.ics").data)] == [entry["UID"]]
    assert file[f"consultation-{asked.id}-closing"]["DTSTART"] == date(2026, 11, 11)
    assert file[f"consultation-{asked.id}-closing"]["URL"] == f"http://127.0.0.1:8000/consultations/{asked.slug}"
    near.version += 1
    db.session.commit()
    changed = {one["UID"]: one["SEQUENCE"] for one in events(browse().get("/calendar.ics").data)}
    assert changed[entry["UID"]] == str(int(entry["SEQUENCE"]) + 1)


@pytest.mark.both
def test_a_page_in_english_has_titles_in_english_where_there_are_any(town, browse):
    vote(town, seoul(11, 12, 9), seoul(11, 30, 18), title="빈터").texts = {"en": {"title": "The empty plot"}}
    forum(town, seoul(11, 20, 14), title="골목")
    db.session.commit()
    browser = browse()
    browser.set_cookie("language", "en")
    root = page(browser)
    assert by_day(root)[12] == ["Voting 09:00 Voting begins: The empty plot"]
    assert [link.text for link in root.xpath("//table//a[@lang='ko']")] == ["골목"]
    assert [plain(head) for head in root.xpath("//th")] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
