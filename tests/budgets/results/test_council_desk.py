"""The desk on which the council's decisions are entered, put right and carried on."""

import pytest

from civic_forum.budgets.results import council
from civic_forum.budgets.results.rules import Decided
from civic_forum.budgets.rules import CouncilDecision, ProjectState
from tests.common import today
from tests.polls.reading import every, page_at, said, text

from .published import published
from .test_council import COSTS, chosen, entered
from .test_publishing import ballots_for, journey, of


def desk(envelope, more="") -> str:
    return f"/desk/budgets/{envelope.round.slug}/council{more}"


def sent(envelope, **given) -> dict[str, str]:
    """The form with everything left for later, but for these fields."""
    return {"on": today().isoformat()} | {name.replace("_", "-"): value for name, value in given.items()}


@pytest.mark.in_turns(of=5)
def test_several_projects_are_entered_in_one_form_and_the_rest_stays_for_later(town, browse):
    envelope = chosen(town)
    browser = browse(town.moderator())
    page = page_at(browser, desk(envelope))
    assert [text(one).split(" ", 1)[0] for one in every(page, ".line > legend")] == ["A01", "A02", "A03"]
    answer = browser.post(desk(envelope), data=sent(
        envelope, decision_A01="confirmed", decision_A02="cut", amount_A02="15,000,000", reason_A02="다른 공사와 겹쳐요."))
    assert answer.status_code == 303
    assert [one.state for one in of(envelope)[:3]] == [
        ProjectState.IN_BUDGET, ProjectState.IN_BUDGET, ProjectState.CHOSEN]
    page = page_at(browser, desk(envelope))
    assert len(every(page, ".line")) == 1
    assert "1,500만 원" in text(every(page, "table tbody tr")[1])


def test_once_the_result_is_out_the_desk_leads_to_the_council(town, browse):
    envelope = chosen(town)
    browser = browse(town.moderator())
    page = page_at(browser, f"/desk/budgets/{envelope.round.slug}")
    assert page.xpath("//*[@aria-labelledby='next']//a/@href") == [desk(envelope)]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("given, field", [
    ({"decision_A01": "cut", "amount_A01": "x", "reason_A01": "겹치는 공사"}, "amount-A01"),
    ({"decision_A01": "cut", "reason_A01": "겹치는 공사"}, "amount-A01"),
    ({"decision_A01": "dropped"}, "reason-A01"),
    ({"decision_A01": "burnt"}, "decision-A01"),
    ({"decision_A01": "confirmed", "on": "2001-01-01"}, "on"),
    ({"decision_A01": "confirmed", "on": "yesterday"}, "on"),
])
def test_a_decision_that_does_not_fit_comes_back_at_its_field_with_the_typed_text(town, browse, given, field):
    envelope = chosen(town)
    answer = browse(town.moderator()).post(desk(envelope), data=sent(envelope, **given))
    assert 400 <= answer.status_code < 500 and f'id="{field}-error"' in answer.text
    assert of(envelope)[0].state is ProjectState.CHOSEN
    if "reason_A01" in given:
        assert given["reason_A01"] in answer.text


def test_an_empty_form_is_answered_with_a_sentence(town, browse):
    envelope = chosen(town)
    answer = browse(town.moderator()).post(desk(envelope), data=sent(envelope))
    assert answer.status_code == 422 and "적을 사업을 하나 이상 골라 주세요." in answer.text


def test_a_correction_shows_what_stands_and_is_refused_when_another_was_first(town, browse):
    envelope, project = entered(town)
    browser = browse(town.moderator())
    page = page_at(browser, desk(envelope, f"/{project.code}"))
    shown = {one.get("name"): one.get("value") for one in every(page, "input")}
    seen = shown["seen"]
    assert shown["on"] == today().isoformat()
    given = sent(envelope, decision_A01="cut", amount_A01="12000000", reason_A01="회의록과 달랐어요.") | {"seen": seen}
    assert browser.post(desk(envelope, "/A01"), data=given).status_code == 303
    assert browser.post(desk(envelope, "/A01"), data=given).status_code == 409
    assert journey(of(envelope)[0])[-1][0] == "project_council_corrected"


@pytest.mark.both
def test_carrying_out_is_said_step_by_step(town, browse):
    envelope, project = entered(town)
    browser = browse(town.moderator())
    path = desk(envelope, f"/{project.code}/progress")
    assert said(page_at(browser, path), "h1") == "실행 적기"
    assert browser.post(path, data={"after": "done", "note": "다 했어요."}).status_code == 409
    assert browser.post(path, data={"after": "in_progress", "note": "설계를 맡겼어요."}).status_code == 303
    assert of(envelope)[0].state is ProjectState.IN_PROGRESS


@pytest.mark.in_turns(of=5)
def test_the_desk_takes_few_statements_however_many_projects_were_chosen(town, browse, queries):
    few = published(town, COSTS, ballots_for(9, 7, 5, 3))
    many = published(town, [1_000_000] * 30, ballots_for(*range(1, 31)))
    moderator, counts = town.moderator(), []
    for envelope in (few, many):
        codes = [one.code for one in of(envelope)[:1]]
        council.decide(envelope.round_id, [Decided(codes[0], CouncilDecision.CONFIRMED)], on=today(), by=moderator)
        browser = browse(moderator)
        browser.get(desk(envelope))
        with queries() as seen:
            browser.get(desk(envelope))
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 9
