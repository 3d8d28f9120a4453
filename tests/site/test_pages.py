"""The first page, search, and the pages that explain."""

from datetime import datetime, timedelta

import pytest
from lxml import html

from civic_forum.commitments.models import Commitment
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from civic_forum.proposals import operations
from civic_forum.search.operations import put
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from tests.budgets import making
from tests.factories import saved
from tests.figures.making import replied
from tests.meetings.making import body


@pytest.fixture
def lamp(town):
    """A proposal that can be found."""
    proposal = town.proposal(title="가로등을 고쳐 주세요", neighbourhood_id=town.neighbourhood("시흥2동").id)
    findable(proposal)
    return proposal


def findable(proposal: Proposal) -> None:
    with use_case(None) as work:
        put(work.session, "proposal", proposal.id, title=proposal.title, body=proposal.problem,
            at=proposal.published_at)
        operations.tally_again(db.session)


def test_the_menu_groups_its_entries_and_marks_the_one_that_is_open(town, browse):
    council = body(town, members=1)
    page = html.fromstring(browse().get(f"/bodies/{council.slug}/meetings").text)
    [menu] = page.find_class("nav")
    groups = [[part.text_content().strip() for part in entry.iter("summary", "a")] for entry in menu.iter("li")]
    assert groups == [
        ["제안", "제안", "의제", "현장 접수"], ["투표", "투표", "주민참여예산"], ["만나는 날", "공론장", "회의와 위원회", "달력"],
        ["구청이 묻습니다"], ["결과", "결과·실행", "약속", "숫자"]]
    assert [(part.tag, part.text) for part in menu.xpath(".//*[@aria-current]")] == [
        ("summary", "만나는 날"), ("a", "회의와 위원회")]
    assert [link.get("href") for link in page.xpath("//*[@class='menu-in']//a[@aria-current]")] == ["/bodies"]


def test_reports_of_faults_find_their_address(browse, app):
    said = dict(line.split(": ", 1) for line in browse().get("/.well-known/security.txt").text.splitlines())
    assert said["Contact"] == f"mailto:{app.config['CONTACT_EMAIL']}" and said["Policy"].endswith("/security")
    expires = datetime.fromisoformat(said["Expires"])
    assert timedelta(days=30) < expires - clock.now() < timedelta(days=365)
    assert f"mailto:{app.config['CONTACT_EMAIL']}" in browse().get("/security").text


@pytest.mark.parametrize("path", ["/", "/search", "/help", "/security", "/accessibility", "/proposals"])
def test_pages_open_in_an_empty_district_without_a_cookie(town, browse, path):
    page = browse().get(path)
    assert page.status_code == 200 and "Set-Cookie" not in page.headers and page.headers["ETag"]


def test_the_first_page_shows_what_gathers_support(lamp, browse):
    page = browse().get("/").text
    assert lamp.title in page and f"/proposals/{lamp.number}" in page


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("count", range(1, 9))
def test_the_first_page_shows_no_proposal_twice(town, browse, count):
    titles = [town.proposal(title=f"{place}번째 골목").title for place in range(count)]
    operations.tally_again(db.session)
    db.session.commit()
    headings = html.fromstring(browse().get("/").text).xpath("//h1 | //h2 | //h3")
    shown = [title for heading in headings for title in titles if title in heading.text_content()]
    assert shown and len(shown) == len(set(shown))


@pytest.mark.both
def test_the_first_page_counts_the_answers_of_departments_alone(town, browse):
    """As the figures do, whatever became of a proposal in an agenda."""
    replied(town, town.proposal(state=State.IN_AGENDA))
    town.proposal(state=State.DECIDED)
    operations.tally_again(db.session)
    db.session.commit()
    [shown] = html.fromstring(browse().get("/").text).xpath("//dt[.='구청이 답한 제안']/following-sibling::dd")
    assert shown.text == "1"


def test_a_word_with_its_particle_finds_the_word(lamp, browse):
    page = browse().get("/search?q=가로등이")
    assert f"/proposals/{lamp.number}" in page.text and "<mark>가로등</mark>" in page.text


@pytest.mark.in_turns(of=5)
def test_the_filters_of_the_list_narrow_the_search(lamp, town, browse):
    there, elsewhere = lamp.neighbourhood_id, town.neighbourhood("가산동").id
    assert lamp.number in browse().get(f"/search?q=가로등&neighbourhood={there}").text
    assert lamp.number not in browse().get(f"/search?q=가로등&neighbourhood={elsewhere}").text
    assert lamp.number in browse().get("/search?q=가로등&state=gathering").text
    assert lamp.number not in browse().get("/search?q=가로등&state=done").text


@pytest.mark.parametrize("query", ["kind=password", "state=draft", "category=x", "neighbourhood=999", "after=!"])
def test_an_unknown_filter_is_refused_with_a_sentence(lamp, browse, query):
    page = browse().get(f"/search?q=가로등&{query}")
    assert page.status_code == 400 and "오류 번호 400" in page.text


def test_one_syllable_is_too_little_and_the_page_says_so(lamp, browse):
    assert "두 글자 이상" in browse().get("/search?q=등").text


def test_sample_data_is_kept_from_search_engines(town, browse):
    assert "Disallow: /\n" in browse().get("/robots.txt").text
    assert 'name="robots" content="noindex"' in browse().get("/").text


def test_a_search_that_is_kept_counts_against_the_limit_too(town, browse, app, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_ADDRESS", 3)
    monkeypatch.setitem(app.config, "PAGE_CACHE", True)
    answers = [browse().get("/search?q=가로등").status_code for _time in range(5)]
    assert answers == [200, 200, 200, 429, 429]


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("query", ["{number}", "{year}-{serial}", "{number} 제안은 어떻게 됐나요", "제안({year}–{serial})번이요",
                                   "{year}－{serial}"])
def test_a_proposal_is_found_by_its_number(lamp, browse, query):
    year, serial = lamp.number.split("-")
    asked = query.format(number=lamp.number, year=year, serial=int(serial))
    assert f'href="/proposals/{lamp.number}"' in browse().get("/search", query_string={"q": asked}).text


@pytest.mark.both
@pytest.mark.parametrize("query", ["1{number}", "{number}-1", "{number}9"])
def test_another_number_finds_nothing(lamp, browse, query):
    asked = query.format(number=lamp.number)
    assert f'href="/proposals/{lamp.number}"' not in browse().get("/search", query_string={"q": asked}).text


def test_a_hidden_proposal_is_found_by_no_number(lamp, browse):
    lamp.hidden_at = clock.now()
    db.session.commit()
    assert f'href="/proposals/{lamp.number}"' not in browse().get(f"/search?q={lamp.number}").text


@pytest.mark.both
def test_a_project_and_a_promise_are_found_by_their_codes(town, browse):
    project = making.project(town, making.new_round(town), code="A07", title="쉼터 만들기")
    kept = saved(Commitment(origin="plan", code="소통행정-3", title="협치 강화", promised_on=clock.now().date()))
    with use_case(None) as work:
        put(work.session, "project", project.id, title=project.title, body="", at=clock.now())
        put(work.session, "commitment", kept.id, title=kept.title, body="", at=clock.now())
    for query in ("A07", "a7", "A-07 사업이 궁금해요"):
        page = browse().get("/search", query_string={"q": query}).text
        assert f'href="/budgets/{project.round.slug}/projects/A07"' in page, query
    for query in ("소통행정-3", "공약 소통행정-3은 어디까지 왔나요"):
        assert f'href="/commitments/{kept.id}"' in browse().get("/search", query_string={"q": query}).text, query
    assert f'href="/commitments/{kept.id}"' not in browse().get("/search?q=소통행정-31").text
