"""The condition under which a project is eligible is told wherever people decide about it, until it is met."""

import json

from civic_forum.budgets.rules import Phase
from civic_forum.budgets.reviews import services as reviews
from tests.budgets import making

from .opinions import eligible_if
from .test_reviewing import Case

CONDITION = "땅 주인이 동의한다는 글을 받아야 해요."
ASKED = "이 조건을 갖추면 적격이에요"


def test_residents_and_voters_read_the_condition_on_the_ballot_too(town, browse):
    case = Case(town)
    case.handed_in(eligible_if())
    voter = making.voter(town)
    pages = f"/budgets/{case.round.slug}/projects"
    page = browse().get(f"{pages}/{case.project.code}").text
    assert ASKED in page and CONDITION in page and CONDITION in browse().get(pages).text
    for _one in range(2):
        making.project(town, case.round)
    opened = making.opened(town, budget_round=making.moved_to(case.round, Phase.VOTING), voters=0)
    box = opened.envelopes[0].box
    assert [one.get("condition") for one in json.loads(box.definition)["options"]] == [CONDITION, None, None]
    address = f"/budgets/{opened.slug}/{opened.envelopes[0].slug}/ballot"
    client = browse(voter)
    answer = client.get(address)
    assert answer.status_code == 200 and answer.text.count(CONDITION) == 1
    assert ASKED in browse().get(f"{pages}/A01").text


def test_a_condition_that_is_met_is_asked_for_no_more(town, browse):
    case = Case(town)
    case.handed_in(eligible_if())
    reviews.say_met(case.project.id, note="동의서를 받았어요.", by=case.official)
    pages = f"/budgets/{case.round.slug}/projects"
    assert ASKED not in browse().get(f"{pages}/{case.project.code}").text
    assert CONDITION not in browse().get(pages).text


def test_conditions_of_a_list_are_one_statement(town, browse, queries):
    case, seen = Case(town), []
    case.handed_in(eligible_if())
    browser = browse(case.official)
    for _more in range(2):
        one = making.project(town, case.round, state="handed_in")
        reviews.hand_in(reviews.assign(one.id, case.department.id, by=case.official).id, eligible_if(), version=1,
                        project_version=1, by=case.official)
        browser.get(f"/budgets/{case.round.slug}/projects")
        with queries() as counted:
            browser.get(f"/budgets/{case.round.slug}/projects")
        seen.append(len(counted))
    assert seen[0] == seen[1]
