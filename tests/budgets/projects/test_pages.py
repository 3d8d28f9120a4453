"""The pages of projects: the list with its filters, one project, the forms; as visitor, proposer, official."""

from secrets import token_hex

import pytest
from lxml import html

from civic_forum.attachments.models import Attachment
from civic_forum.ballots.voted import Sign
from civic_forum.budgets.projects import queries
from civic_forum.budgets.projects.models import Project
from civic_forum.budgets.rules import Phase, ProjectState
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.budgets import making
from tests.factories import saved


def fields(budget_round, **facts) -> dict:
    return {"key": token_hex(16), "title": "골목 쉼터 만들기", "text": "버스를 기다리며 앉아 쉴 의자를 세 개 놓아요.",
            "cost": "12,000,000", "envelope": str(budget_round.envelopes[0].id), "category": "safety",
            "neighbourhood": "",
            "kind": "", "place": "시흥1동", "scope": "의자 세 개", "cost_note": ""} | facts


def test_a_visitor_reads_the_list_and_a_project(town, browse):
    budget_round = making.new_round(town, phase=Phase.REVIEW)
    made = making.project(town, budget_round, state=ProjectState.HANDED_IN, title="은행나무 그늘 쉼터")
    page = browse().get(f"/budgets/{budget_round.slug}/projects").text
    assert "은행나무 그늘 쉼터" in page and f"/budgets/{budget_round.slug}/projects/{made.code}" in page
    shown = browse().get(f"/budgets/{budget_round.slug}/projects/{made.code}")
    assert shown.status_code == 200 and "은행나무 그늘 쉼터" in shown.text and "1,000만 원" in shown.text
    assert "Set-Cookie" not in shown.headers


@pytest.mark.both
def test_the_list_is_narrowed_by_each_filter(town, browse):
    budget_round, here = making.new_round(town, envelopes=2), town.neighbourhood("가산동")
    making.project(town, budget_round, title="가산동 사업", neighbourhood_id=here.id, category="welfare")
    making.project(town, budget_round, title="둘째 예산 사업", envelope=budget_round.envelopes[1])
    making.project(town, budget_round, title="부적격 사업", state=ProjectState.NOT_ELIGIBLE)
    browser, base = browse(), f"/budgets/{budget_round.slug}/projects"

    def found(query):
        page = browser.get(f"{base}?{query}").text
        return [title for title in ("가산동 사업", "둘째 예산 사업", "부적격 사업") if title in page]

    assert found("") == ["가산동 사업", "둘째 예산 사업", "부적격 사업"]
    assert found(f"neighbourhood={here.id}") == ["가산동 사업"]
    assert found("neighbourhood=0") == ["둘째 예산 사업", "부적격 사업"]
    assert found(f"envelope={budget_round.envelopes[1].slug}") == ["둘째 예산 사업"]
    assert found("category=welfare") == ["가산동 사업"] and found("state=not_eligible") == ["부적격 사업"]
    assert found("q=%EB%91%98%EC%A7%B8") == ["둘째 예산 사업"] and found("q=%25") == []


@pytest.mark.parametrize("query", ["envelope=none", "neighbourhood=x", "neighbourhood=999999", "category=fun",
                                   "state=lost", "after=xyz"])
def test_an_unknown_filter_is_a_400(town, browse, query):
    budget_round = making.new_round(town)
    assert browse().get(f"/budgets/{budget_round.slug}/projects?{query}").status_code == 400


def test_the_list_goes_on_where_a_page_ends(town, browse):
    budget_round = making.new_round(town)
    for _one in range(30):
        making.project(town, budget_round)
    browser = browse()
    first = browser.get(f"/budgets/{budget_round.slug}/projects").text
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(address).text
    codes = [f"A{number:02d}" for number in range(1, 31)]
    assert [code for code in codes if f"/projects/{code}\"" in first] == codes[:24]
    assert [code for code in codes if f"/projects/{code}\"" in second] == codes[24:]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize(("who", "most"), [("visitor", 11), ("resident", 11)])
def test_pages_need_few_statements_however_much_there_is(town, browse, queries, who, most):
    budget_round = making.new_round(town, phase=Phase.REVIEW)
    made = making.project(town, budget_round)
    browser = browse(None if who == "visitor" else town.resident())
    seen = []
    for more in (0, 40):
        for _one in range(more):
            making.project(town, budget_round)
        for address in (f"/budgets/{budget_round.slug}/projects", f"/budgets/{budget_round.slug}/projects/{made.code}"):
            browser.get(address)
            with queries() as counted:
                assert browser.get(address).status_code == 200
            assert len(counted) <= most, counted
            seen.append(len(counted))
    assert seen[:2] == seen[2:]


@pytest.mark.both
def test_a_resident_hands_in_by_the_form(town, browse):
    budget_round, resident = making.new_round(town), town.resident()
    browser = browse(resident)
    assert "사업 내기" in browser.get(f"/budgets/{budget_round.slug}/projects/new").text
    answer = browser.post(f"/budgets/{budget_round.slug}/projects/new", data=fields(budget_round))
    assert answer.status_code == 303 and answer.location == f"/budgets/{budget_round.slug}/projects/A01"
    db.session.rollback()
    made = db.session.query(Project).one()
    assert (made.cost, made.category, made.author_id) == (12_000_000, "safety", resident.id)


def test_money_is_typed_as_people_write_it(town, browse):
    budget_round, browser = making.new_round(town), browse(town.resident())
    address = f"/budgets/{budget_round.slug}/projects/new"
    answer = browser.post(address, data=fields(budget_round, cost="1,200만 원"))
    db.session.rollback()
    assert answer.status_code == 303 and db.session.query(Project).one().cost == 12_000_000
    page = browser.get(answer.location).text
    assert "번호: A01." in page and page.index(f"{answer.location}/edit") < page.index("무엇을, 왜 하나요")
    answer = browser.post(address, data=fields(budget_round, key=token_hex(16), cost="천만 원쯤"))
    assert answer.status_code == 422 and "돈을 원 단위 숫자로 적어 주세요" in answer.text and "천만 원쯤" in answer.text


def test_a_place_that_is_only_the_neighbourhood_is_said_once(town, browse):
    budget_round, place = making.new_round(town), town.neighbourhood("시흥1동")
    making.project(town, budget_round, place="시흥1동", neighbourhood_id=place.id)
    making.project(town, budget_round, place="시흥1동 골목", neighbourhood_id=place.id)
    page = browse().get(f"/budgets/{budget_round.slug}/projects").text
    assert 'class="desc">시흥1동<' not in page and 'class="desc">시흥1동 골목<' in page


def test_a_wrong_text_stands_at_its_field_and_the_text_stays(town, browse):
    budget_round = making.new_round(town)
    answer = browse(town.resident()).post(f"/budgets/{budget_round.slug}/projects/new",
                                          data=fields(budget_round, cost="200000000"))
    assert answer.status_code == 422 and "1억 원까지" in answer.text and "버스를 기다리며" in answer.text
    answer = browse(town.resident()).post(f"/budgets/{budget_round.slug}/projects/new",
                                          data=fields(budget_round, category=""))
    assert answer.status_code == 422 and "분야를 골라 주세요" in answer.text


@pytest.mark.parametrize("envelopes", [1, 2])
def test_all_that_is_missing_is_said_at_once(town, browse, envelopes):
    budget_round = making.new_round(town, envelopes=envelopes)
    given = fields(budget_round, title="", text="짧아요", cost="", category="",
                   **({"envelope": ""} if envelopes > 1 else {}))
    page = html.fromstring(browse(town.resident()).post(f"/budgets/{budget_round.slug}/projects/new", data=given).text)
    wrong = {one.get("id") for one in page.xpath("//main//*[@aria-invalid='true']")}
    assert wrong == {"title", "text", "cost", "category"} | ({"envelope"} if envelopes > 1 else set())
    assert len(page.xpath("//*[@data-error-summary]//li")) == len(wrong)


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize(("name", "value"), [("envelope", "999"), ("envelope", "x"), ("kind", "7"), ("cost", "열"),
                                             ("neighbourhood", "-1"), ("category", "x"), ("key", "short")])
def test_a_value_that_no_form_offers_is_refused(town, browse, name, value):
    budget_round = making.new_round(town)
    answer = browse(town.resident()).post(f"/budgets/{budget_round.slug}/projects/new",
                                          data=fields(budget_round, **{name: value}))
    db.session.rollback()
    assert answer.status_code == 422 and db.session.query(Project).count() == 0


def test_a_proposal_fills_the_form_in(town, browse):
    budget_round, author = making.new_round(town), town.resident()
    proposal = town.proposal(author=author, title="시흥동 골목에 의자를 놓아 주세요")
    address = f"/budgets/{budget_round.slug}/projects/new?proposal={proposal.number}"
    page = browse(author).get(address).text
    assert "시흥동 골목에 의자를 놓아 주세요" in page and f'value="{proposal.number}"' in page
    assert browse(town.resident()).get(address).status_code == 403
    answer = browse(author).post(f"/budgets/{budget_round.slug}/projects/new",
                                 data=fields(budget_round, proposal=proposal.number))
    assert answer.status_code == 303
    shown = browse().get(answer.location).text
    assert f"/proposals/{proposal.number}" in shown and "사업을 접수했어요" in shown
    assert answer.location in browse().get(f"/proposals/{proposal.number}").text


def test_the_form_offers_the_own_proposals_that_are_no_project_yet(town, browse):
    budget_round, author = making.new_round(town), town.resident()
    mine, done = (town.proposal(author=author, title=title) for title in ("내 제안 하나 더 있어요", "이미 사업이 된 제안"))
    making.project(town, budget_round, proposal_id=done.id)
    town.proposal(title="남의 제안이에요")
    page = browse(author).get(f"/budgets/{budget_round.slug}/projects/new").text
    assert f"?proposal={mine.number}" in page and done.title not in page and "남의 제안이에요" not in page


def test_a_hidden_project_shows_its_text_to_its_proposer_and_moderators_only(town, browse):
    budget_round = making.new_round(town)
    made = making.project(town, budget_round, title="가릴 사업 이름", hidden_at=clock.now(), hidden_rule="abuse")
    address = f"/budgets/{budget_round.slug}/projects/{made.code}"
    for user in (None, town.resident(), town.official()):
        page = browse(user).get(address)
        assert page.status_code == 200 and "가릴 사업 이름" not in page.text and "가린 사업" in page.text
        assert browse(user).get(f"{address}/versions/1").status_code == 404
    for user in (made.author, town.moderator()):
        assert "가릴 사업 이름" in browse(user).get(address).text
    assert "가릴 사업 이름" not in browse().get(f"/budgets/{budget_round.slug}/projects").text
    assert "가릴 사업 이름" not in browse().get(f"/budgets/{budget_round.slug}/projects?q=%EA%B0%80%EB%A6%B4").text


def test_comments_with_stances_stand_beneath_a_project(town, browse):
    budget_round = making.new_round(town)
    made = making.project(town, budget_round)
    browser = browse(town.resident())
    answer = browser.post(f"/threads/{made.thread_id}/comments", data={
        "stance": "for", "text": "우리 골목에 꼭 필요해요.", "form_key": token_hex(16)})
    assert answer.status_code in (302, 303)
    assert "우리 골목에 꼭 필요해요." in browse().get(f"/budgets/{budget_round.slug}/projects/{made.code}").text


@pytest.mark.parametrize("code", ["A99", "a01", "x" * 30, "%00"])
def test_an_unknown_code_is_a_404(town, browse, code):
    budget_round = making.new_round(town)
    assert browse().get(f"/budgets/{budget_round.slug}/projects/{code}").status_code == 404
    assert browse().get("/budgets/no-such-round/projects").status_code == 404


def test_a_ballot_shows_the_picture_of_a_project_or_the_scene_of_its_category(town):
    made = making.new_round(town)
    first, second, third = (making.project(town, made, number=number, **facts) for number, facts in (
        (1, {}), (2, {"category": None}), (3, {"hidden_at": clock.now()})))
    shown = queries.pictures([first.envelope_id])[first.envelope_id]
    assert shown == {1: Sign("safety")} and second.number not in shown and third.number not in shown
    picture = saved(Attachment(key="bench", set_id=first.attachment_set_id, position=1, name="bench.png",
                               media_type="image/png", is_picture=True, size=1, digest="0" * 64,
                               added_by_id=first.author_id, added_at=clock.now()))
    assert queries.pictures([first.envelope_id])[first.envelope_id] == {1: picture}
