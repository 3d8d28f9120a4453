"""The desk of reviews: lists of what waits, the forms, what the one list of the desk says of it."""

import re
from datetime import timedelta

import pytest

from civic_forum.budgets.models import ExclusionReason
from civic_forum.budgets.rules import Phase, ProjectState, Verdict
from civic_forum.budgets.projects.models import EligibilityReview, Project, SecondLook
from civic_forum.budgets.reviews import services as reviews
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import day
from tests.budgets import making
from tests.factories import saved
from tests.picking import chosen

from .opinions import eligible_if, not_eligible
from .test_reviewing import LONG_REVIEW, Case, ends_of_review
from .test_second_looks import ANSWER, TEXT


def written(review, **facts) -> dict:
    return {"version": str(review.version), "project_version": str(review.project.version), "legal": "fine",
            "technical": "fine", "part_what": ["의자 세 개", "설치", ""], "part_won": ["7,000,000", "3000000", ""],
            "text": "올해 안에 할 수 있는 사업이에요.", "verdict": "eligible", "running_cost": "200,000",
            "duration": "두 달", "reason_id": "", "do": "hand_in"} | facts


@pytest.mark.both
def test_an_official_sees_what_their_department_has_to_review_the_late_first(town, browse, at):
    case = Case(town, left_out=LONG_REVIEW)
    late = making.project(town, case.round, state=ProjectState.HANDED_IN, title="오래 기다린 사업")
    foreign = making.project(town, case.round, state=ProjectState.HANDED_IN, title="다른 부서 사업")
    now = clock.now()
    at(now - timedelta(seconds=30))
    reviews.assign(late.id, case.department.id, by=case.official)
    at(now)
    case.assigned()
    reviews.assign(foreign.id, town.department("교통행정과").id, by=town.moderator())
    at(now + timedelta(days=25))
    page = browse(case.official).get("/desk/reviews").text
    assert page.index("오래 기다린 사업") < page.index(case.project.title) and "다른 부서 사업" not in page
    assert "늦음 5일" in page and "받은 지 25일" in page and "그날 끝나요" not in page
    assert "다른 부서 사업" in browse(town.moderator()).get("/desk/reviews").text


@pytest.mark.both
def test_pages_say_that_the_phase_ends_before_the_days_of_a_review_are_over(town, browse):
    case = Case(town, review_due_days=20)
    browser = browse(case.official)
    last = day(ends_of_review(case.round) - timedelta(seconds=1))
    given = browser.get(f"/desk/reviews/projects/{case.project.id}/assignments").text
    assert f"{last}까지 검토해요. 검토하는 기간이 그날 끝나서 20일보다 짧아요." in given
    review = case.assigned()
    listed, shown = browser.get("/desk/reviews").text, browser.get(f"/desk/reviews/{review.id}").text
    for page in (listed, shown):
        assert f"{last}까지" in page and "검토하는 기간이 그날 끝나요" in page
    page = browse().get(f"/budgets/{case.round.slug}/projects/{case.project.code}").text
    assert f"{last}까지 마쳐요" in page
    answer = browser.post(f"/desk/reviews/{review.id}/reassignments",
                          data={"department": str(town.department("도로과").id), "note": "길에 관한 일이에요."})
    assert f"다시 세어 {last}까지예요" in browser.get(answer.location).text


def test_a_project_that_no_department_has_yet_is_given_out(town, browse):
    case, moderator = Case(town), town.moderator()
    browser = browse(moderator)
    assert case.project.title in browser.get("/desk/reviews?show=unassigned").text
    address = f"/desk/reviews/projects/{case.project.id}/assignments"
    assert browser.get(address).status_code == 200
    answer = browser.post(address, data={"department": "", "note": ""})
    assert answer.status_code == 422 and "부서를 골라 주세요" in answer.text
    answer = browser.post(address, data={"department": str(case.department.id), "note": ""})
    assert answer.status_code == 303 and case.now.state is ProjectState.IN_REVIEW
    assert case.project.title not in browser.get("/desk/reviews?show=unassigned").text


def test_an_official_takes_a_project_and_writes_at_once(town, browse):
    case = Case(town)
    browser = browse(case.official)
    address = f"/desk/reviews/projects/{case.project.id}/assignments"
    page = browser.get(address).text
    assert "공원녹지과" in page and "교통행정과" not in page
    answer = browser.post(address, data={"department": str(case.department.id), "note": ""})
    assert answer.status_code == 303
    assert browser.get(answer.location).status_code == 200 and "검토 내기" in browser.get(answer.location).text


def test_projects_that_are_still_collected_do_not_wait_for_a_department(town, browse):
    budget_round = making.new_round(town, phase=Phase.COLLECTING)
    made = making.project(town, budget_round, state=ProjectState.HANDED_IN, title="아직 모으는 사업")
    moderator = browse(town.moderator())
    assert made.title not in moderator.get("/desk/reviews?show=unassigned").text
    assert "검토할 부서를 정해 주세요" not in moderator.get("/desk").text


@pytest.mark.both
def test_a_review_is_saved_and_handed_in_by_the_form(town, browse):
    case = Case(town)
    review = case.assigned()
    browser, address = browse(case.official), f"/desk/reviews/{review.id}"
    answer = browser.post(address, data=written(review, do="save", verdict="", text=""))
    assert answer.status_code == 303 and case.now.state is ProjectState.IN_REVIEW
    page = browser.get(address).text
    assert 'value="의자 세 개"' in page and 'value="7000000"' in page and 'name="version" value="2"' in page
    answer = browser.post(address, data=written(review, version="2"))
    assert answer.status_code == 303
    assert answer.location == address and "맡은 사업을 모두 검토했어요" in browser.get(address).text
    db.session.rollback()
    found = db.session.get(EligibilityReview, review.id)
    assert (found.cost, found.running_cost, found.verdict) == (10_000_000, 200_000, Verdict.ELIGIBLE)
    page = browse().get(f"/budgets/{case.round.slug}/projects/{case.project.code}").text
    assert "올해 안에 할 수 있는 사업이에요." in page and "의자 세 개" in page and "300만 원" in page


def test_after_handing_in_the_way_leads_to_the_review_that_is_due_next(town, browse):
    case, by = Case(town, left_out=LONG_REVIEW), town.moderator()
    first = case.assigned()
    later, sooner = (making.project(town, case.round, state=ProjectState.HANDED_IN, title=title)
                     for title in ("나중 사업", "다음 사업"))
    foreign = making.project(town, case.round, state=ProjectState.HANDED_IN)
    reviews.assign(foreign.id, town.department("교통행정과").id, by=by)
    reviews.assign(later.id, case.department.id, by=by)
    following = reviews.assign(sooner.id, case.department.id, by=by)
    following.due_at = clock.now() + timedelta(days=1)
    db.session.commit()
    browser, moderator = browse(case.official), browse(by)
    answer = browser.post(f"/desk/reviews/{first.id}", data=written(first))
    page = browser.get(answer.location).text
    assert "검토할 사업이 2개 남았어요" in page and "다음 사업" in page and case.round.title in page
    assert f'href="/desk/reviews/{following.id}"' in page and "다음 검토" in page and "검토 목록으로 가기" in page
    assert "다음 검토" not in moderator.get(answer.location).text


@pytest.mark.both
def test_lists_name_the_round_and_are_narrowed_by_round_and_state(town, browse, at):
    one, other = Case(town, left_out=LONG_REVIEW), making.new_round(town, phase=Phase.REVIEW)
    late = one.assigned()
    far = making.project(town, other, state=ProjectState.HANDED_IN, title="다른 해의 사업")
    begun = reviews.assign(far.id, one.department.id, by=one.official)
    reviews.save(begun.id, not_eligible(), version=1, by=one.official)
    saved(making.project(town, other, state=ProjectState.HANDED_IN, title="맡길 사업"))
    browser = browse(one.official)
    desk = browser.get("/desk").text
    assert f"{one.round.title} · {one.project.code}" in desk and f"{other.title} · {far.code}" in desk
    late.due_at = clock.now() - timedelta(days=2)
    db.session.commit()

    def listed(**asked) -> set[str]:
        page = browser.get("/desk/reviews", query_string=asked).text
        items = page.split('<ul class="todo-list">')[-1].split("</ul>")[0] if "todo-list" in page else ""
        return {title for title in (one.project.title, "다른 해의 사업", "맡길 사업") if f">{title}</a>" in items}

    assert listed() == {one.project.title, "다른 해의 사업"}
    assert (listed(round=one.round.slug) == listed(state="late") == listed(state="untouched") == {one.project.title})
    assert listed(round=other.slug) == listed(state="begun") == {"다른 해의 사업"}
    assert listed(round=other.slug, state="late") == set()
    assert "조건에 맞는 일이 없어요" in browser.get(f"/desk/reviews?round={other.slug}&state=late").text
    assert listed(show="unassigned", round=other.slug) == {"맡길 사업"}
    assert listed(show="unassigned", round=one.round.slug) == set()
    assert other.title in browser.get("/desk/reviews").text
    assert (
        browser.get("/desk/reviews?round=none").status_code == browser.get("/desk/reviews?state=x").status_code == 400
    )


def on_page(page: str) -> dict:
    """The hidden fields of the form of a review as its page has them."""
    return dict(re.findall(r'<input\s+type="hidden"\s+name="(version|project_version)"\s+value="([^"]*)">', page))


def test_the_fields_of_the_page_are_enough_to_hand_a_review_in(town, browse):
    case = Case(town)
    review = case.assigned()
    browser, address = browse(case.official), f"/desk/reviews/{review.id}"
    fields = on_page(browser.get(address).text)
    assert fields == {"version": "1", "project_version": "1"}
    assert browser.post(address, data=written(review) | fields | {"verdict": ""}).status_code == 422
    assert browser.post(address, data=written(review) | fields | {"do": "save"}).status_code == 303
    fields = on_page(browser.get(address).text)
    assert browser.post(address, data=written(review) | fields).status_code == 303
    assert case.now.state is ProjectState.ELIGIBLE


def test_a_kept_draft_stands_in_the_form_as_it_was_chosen(town, browse):
    case = Case(town)
    reason = saved(ExclusionReason(round_id=case.round.id, position=1, name="사유지에 하는 사업"))
    review = case.assigned()
    reviews.save(review.id, not_eligible(reason_id=reason.id), version=1, by=case.official)
    page = browse(case.official).get(f"/desk/reviews/{review.id}").text
    for value in ("not_eligible", "not_possible", "fine"):
        assert re.search(f'<input[^>]* checked[^>]* value="{value}"|<input[^>]* value="{value}"[^>]* checked',
                         page), value
    assert f'<option selected value="{reason.id}">' in page and "사유지라서 구청이" in page


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("facts", "said"), [
    ({"verdict": ""}, "적격, 조건부 적격, 부적격 가운데"), ({"verdict": "maybe"}, "하나를 골라 주세요"),
    ({"legal": ""}, "살펴본 결과를 골라 주세요"), ({"part_won": ["열", "3", ""]}, "원 단위 숫자"),
    ({"part_what": ["", "설치", ""]}, "무엇에 드는지"), ({"reason_id": "77"}, "목록에 있는 제외 사유"),
    ({"verdict": "not_eligible", "reason": ""}, "왜 할 수 없는지"), ({"running_cost": "많이"}, "숫자로 적어"),
    ({"part_won": ["99999999999", "1", ""]}, "1억 원까지"),
])
def test_a_fault_in_a_review_stands_at_its_field(town, browse, facts, said):
    case = Case(town)
    review = case.assigned()
    answer = browse(case.official).post(f"/desk/reviews/{review.id}", data=written(review, **facts))
    assert answer.status_code == 422 and said in answer.text and "두 달" in answer.text


def test_a_review_that_a_colleague_saved_meanwhile_is_a_409_that_keeps_what_was_typed(town, browse):
    case = Case(town)
    review = case.assigned()
    browser, address = browse(case.official), f"/desk/reviews/{review.id}"
    browser.post(address, data=written(review, do="save"))
    answer = browser.post(address, data=written(review, do="save", version="1", text="나중에 적은 의견이에요."))
    assert answer.status_code == 409 and "나중에 적은 의견이에요." in answer.text
    assert 'name="version" value="2"' in answer.text


def test_a_draft_is_for_its_department_and_moderators(town, browse):
    case = Case(town)
    review = case.assigned()
    browse(case.official).post(f"/desk/reviews/{review.id}", data=written(review, do="save", text="아직 몰라야 하는 의견"))
    assert browse(town.official()).get(f"/desk/reviews/{review.id}").status_code == 403
    page = browse().get(f"/budgets/{case.round.slug}/projects/{case.project.code}").text
    assert "아직 몰라야 하는 의견" not in page and "살펴보고 있어요" in page
    assert browse(town.moderator()).get(f"/desk/reviews/{review.id}").status_code == 200


def test_passing_on_and_asking_for_an_opinion_by_the_forms(town, browse):
    case, other = Case(town), town.department("교통행정과")
    review = case.assigned()
    browser = browse(case.official)
    ask, on = f"/desk/reviews/projects/{case.project.id}/opinions", f"/desk/reviews/{review.id}/reassignments"
    assert browser.get(ask).status_code == browser.get(on).status_code == 200
    assert browser.post(ask, data={"department": str(other.id), "note": "차가 다니나요?"}).status_code == 303
    db.session.rollback()
    third = town.department("안전도시과")
    assert browser.post(on, data={"department": str(third.id), "note": ""}).status_code == 422
    assert browser.post(on, data={"department": str(third.id), "note": "안전에 관한 일이에요."}).status_code == 303
    assert case.now.department_id == third.id and browser.get(on).status_code == 403


@pytest.mark.both
def test_a_condition_is_met_by_the_form(town, browse):
    case = Case(town)
    case.handed_in(eligible_if())
    browser, address = browse(case.official), f"/desk/reviews/projects/{case.project.id}/conditions"
    assert "땅 주인이 동의한다는 글" in browser.get(address).text
    assert case.project.title in browser.get("/desk/reviews?show=conditions").text
    assert browser.post(address, data={"note": ""}).status_code == 422
    assert browser.post(address, data={"note": "동의서를 받았어요."}).status_code == 303
    assert case.now.state is ProjectState.ELIGIBLE


@pytest.mark.both
def test_a_second_look_goes_by_pages_from_asking_to_the_answer(town, browse):
    case = Case(town)
    reason = saved(ExclusionReason(round_id=case.round.id, position=1, name="사유지에 하는 사업"))
    case.handed_in(not_eligible(reason_id=reason.id))
    page = f"/budgets/{case.round.slug}/projects/{case.project.code}"
    proposer = browse(case.project.author)
    assert "사유지에 하는 사업" in browse().get(page).text and f"{page}/second-look" in proposer.get(page).text
    assert f"{page}/second-look" not in browse(town.resident()).get(page).text
    assert proposer.get(f"{page}/second-look").status_code == 200
    assert proposer.post(f"{page}/second-look", data={"text": "짧아요"}).status_code == 422
    assert proposer.post(f"{page}/second-look", data={"text": TEXT}).status_code == 303
    assert browse(town.resident()).get(f"{page}/second-look").status_code == 403
    db.session.rollback()
    look = db.session.query(SecondLook).one()
    desk = browse(town.moderator())
    assert TEXT[:20] in desk.get("/desk/reviews?show=looks").text
    address = f"/desk/reviews/second-looks/{look.id}"
    assert "사유지라서" in desk.get(address).text
    assert desk.post(address, data={"answer": ANSWER}).status_code == 422
    assert desk.post(address, data={"what": "grant", "department": "", "answer": ANSWER}).status_code == 422
    assert desk.post(address, data={"what": "grant", "department": str(case.department.id),
                                    "answer": ANSWER}).status_code == 303
    assert case.now.state is ProjectState.IN_REVIEW and desk.get(address).status_code == 403


@pytest.mark.both
def test_the_one_list_of_the_desk_has_all_three_kinds(town, browse):
    case, moderator = Case(town), browse(town.moderator())
    waiting = making.project(town, case.round, state=ProjectState.HANDED_IN)
    review = case.assigned()
    assert f"/desk/reviews/{review.id}" in browse(case.official).get("/desk").text
    assert "사업 1개에 검토할 부서를" in moderator.get("/desk").text
    case.handed_in(not_eligible(), review)
    look = reviews.ask(case.project.id, text=TEXT, by=case.project.author)
    page = moderator.get("/desk").text
    assert f"/desk/reviews/second-looks/{look.id}" in page and f"/desk/reviews/{review.id}\"" not in page
    assert waiting.state is ProjectState.HANDED_IN


@pytest.mark.both
def test_waiting_reviews_are_shown_in_pages(town, browse):
    case = Case(town)
    for _one in range(34):
        made = making.project(town, case.round, state=ProjectState.IN_REVIEW, department_id=case.department.id)
        saved(EligibilityReview(project_id=made.id, department_id=case.department.id, assigned_at=clock.now(),
                                due_at=clock.now() + timedelta(days=3), cost_parts=[]))
    browser = browse(case.official)
    first = browser.get("/desk/reviews").text
    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = browser.get(address).text
    seen = [number for number in range(1, 36) for page in (first, second) if f">골목 쉼터 {number}<" in page]
    assert seen == list(range(2, 36))
    assert browser.get("/desk/reviews?after=x").status_code == browser.get("/desk/reviews?show=x").status_code == 400


def test_the_list_needs_few_statements_however_much_waits(town, browse, queries):
    case = Case(town)
    browser, seen = browse(case.official), []
    for more in (1, 25):
        for _one in range(more):
            made = making.project(town, case.round, state=ProjectState.IN_REVIEW, department_id=case.department.id)
            saved(EligibilityReview(project_id=made.id, department_id=case.department.id, assigned_at=clock.now(),
                                    due_at=clock.now() + timedelta(days=3), cost_parts=[]))
        browser.get("/desk/reviews")
        with queries() as counted:
            browser.get("/desk/reviews")
        seen.append(len(counted))
    assert seen[0] == seen[1] <= 9, counted


@pytest.mark.both
def test_edit_withdraw_and_merge_by_their_pages(town, browse):
    case = Case(town, phase=Phase.ADJUSTING)
    other = making.project(town, case.round)
    page = f"/budgets/{case.round.slug}/projects/{case.project.code}"
    proposer, moderator = browse(case.project.author), browse(town.moderator())
    fields = {"version": "1", "title": "골목 쉼터 두 곳", "text": "앉아 쉴 의자를 두 곳에 나누어 놓아요. 모두가 쓸 수 있어요.",
              "cost": "9000000", "place": "", "scope": "", "cost_note": "", "note": ""}
    assert proposer.get(f"{page}/edit").status_code == 200
    assert proposer.post(f"{page}/edit", data=fields).status_code == 303
    answer = proposer.post(f"{page}/edit", data=fields | {"title": "골목 쉼터 세 곳"})
    assert answer.status_code == 409 and "골목 쉼터 세 곳" in answer.text and "다른 사람이 먼저" in answer.text
    version = browse().get(f"{page}/versions/2").text
    assert "<ins>" in version and "900만 원" in version and browse().get(f"{page}/versions/9").status_code == 404
    assert browse(town.resident()).get(f"{page}/edit").status_code == 403
    assert moderator.get(f"{page}/merge").status_code == 200 and proposer.get(f"{page}/merge").status_code == 403
    assert moderator.post(f"{page}/merge", data={"into": "Z99", "note": "좋다고 했어요."}).status_code == 422
    merged = moderator.post(f"{page}/merge", data=chosen("into", other.code.lower()) | {"note": "좋다고 했어요."})
    assert merged.status_code == 303
    other_page = f"/budgets/{case.round.slug}/projects/{other.code}"
    author = browse(other.author)
    assert author.get(f"{other_page}/withdrawal").status_code == 200
    assert author.post(f"{other_page}/withdrawal", data={"reason": ""}).status_code == 422
    assert author.post(f"{other_page}/withdrawal", data={"reason": "그만두기로 했어요."}).status_code == 303
    db.session.rollback()
    assert db.session.get(Project, other.id, populate_existing=True).state is ProjectState.WITHDRAWN


@pytest.mark.both
def test_several_projects_are_given_to_one_department(town, browse):
    case, moderator = Case(town), browse(town.moderator())
    assert f'value="{case.project.id}" form="several"' in moderator.get("/desk/reviews?show=unassigned").text
    form = {"chosen": [str(case.project.id), "999"], "department": str(case.department.id)}
    refused = moderator.post("/desk/reviews/assignments", data=form | {"department": ""})
    assert refused.status_code == 422 and case.now.state is ProjectState.HANDED_IN
    told = moderator.post("/desk/reviews/assignments", data=form, follow_redirects=True)
    assert "사업 1개를 검토할 부서를 정했어요. 1건은 하지 못했어요." in told.text
    assert case.now.state is ProjectState.IN_REVIEW
    again = moderator.post("/desk/reviews/assignments", data=form)
    assert again.status_code == 409 and case.project.code in again.text
