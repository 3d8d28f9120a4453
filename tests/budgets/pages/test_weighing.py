"""Before its vote a round by the weighted rule shows how much residents and committee each move the order."""

from fractions import Fraction

import pytest
from lxml import html

from civic_forum.budgets.counting.settings import CountingRules, Rule, Share
from civic_forum.budgets.rules import Phase
from civic_forum.budgets.trials import services as trials
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.budgets import making
from tests.budgets.committee.weighted import RULES, weighted
from tests.budgets.pabulib.texts import text
from tests.budgets.results.published import published

COSTS = [50_000_000, 40_000_000, 60_000_000, 30_000_000]
BALLOTS = [(1, 2), (1, 2), (1, 2, 3), (1,), (1, 4)] * 2
COMMITTEE = [1, 3, 10, 9]
BY_BALLOTS = RULES.with_(share=Share.BALLOTS)


def last_year(town, **facts):
    """Residents chose 1 and 2, ten members 3 and 4."""
    return published(town, COSTS, BALLOTS, rules=BY_BALLOTS, committee=COMMITTEE, **facts)


def section(answer):
    found = html.fromstring(answer.text).xpath("//section[@id='weighing']")
    return found[0] if found else None


def said(found) -> str:
    return " ".join(found.text_content().split())


def columns(found) -> dict[str, list[bool]]:
    """Project → whether residents, committee and both choose it."""
    return {" ".join(row.xpath("string(./th)").split()): [one.text.startswith("뽑힘") for one in row.xpath("./td")]
            for row in found.xpath(".//tbody/tr")}


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("share", Share)
def test_the_last_published_vote_is_counted_by_each_alone_and_by_both(town, browse, share):
    last = last_year(town)
    made = weighted(town, phase=Phase.REVIEW, counting=RULES.with_(share=share).to_json())
    desk = browse(town.moderator())
    for page, address in ((browse(), f"/budgets/{made.slug}"), (desk, f"/desk/budgets/{made.slug}")):
        found = section(page.get(address))
        assert "투표한 주민 10명, 위원 10명" in said(found)
        assert "주민만 세었다면: 함께 세어 뽑힌 사업" in said(found) and "위원회만 세었다면: " in said(found)
        assert found.xpath(".//a/@href") == [f"/budgets/{last.round.slug}/{last.slug}/results"]
        assert columns(found)["3번 사업"] == [False, True, share is Share.BALLOTS]
        assert columns(found)["1번 사업"] == [True, False, share is Share.MARKS]
        assert "위원은 주민보다 사업을 더 많이 고를 수 있어요." in said(found)
        assert ("그만큼 위원회 쪽이 더 무거워져요" in said(found)) is (share is Share.BALLOTS)


def test_a_committee_that_decides_more_is_warned_of(town, browse):
    last_year(town)
    made = weighted(town, phase=Phase.REVIEW, counting=CountingRules(
        Rule.WEIGHTED, weights={"residents": Fraction(1, 10), "committee": Fraction(9, 10)}).to_json())
    found = section(browse().get(f"/budgets/{made.slug}"))
    assert "위원회의 추천이 결과를 훨씬 더 많이 정해요." in found.xpath("string(.//*[contains(@class, 'warn')])")


def test_of_several_envelopes_the_one_with_most_projects_is_tried(town, browse):
    last = making.new_round(town, phase=Phase.CHOSEN, envelopes=2, counting=BY_BALLOTS.to_json())
    last_year(town, budget_round=last, envelope=last.envelopes[1])
    made = weighted(town, phase=Phase.REVIEW)
    [link] = section(browse().get(f"/budgets/{made.slug}")).xpath(".//a/@href")
    assert link == f"/budgets/{last.slug}/{last.envelopes[1].slug}/results"


def test_an_envelope_with_rules_of_its_own_is_not_tried(town, browse):
    last = last_year(town)
    own = making.new_round(town, phase=Phase.CHOSEN, counting=BY_BALLOTS.to_json())
    own.envelopes[0].counting = CountingRules().to_json()
    db.session.commit()
    published(town, COSTS, BALLOTS, budget_round=own)
    made = weighted(town, phase=Phase.REVIEW)
    [link] = section(browse().get(f"/budgets/{made.slug}")).xpath(".//a/@href")
    assert link == f"/budgets/{last.round.slug}/{last.slug}/results"


@pytest.mark.both
def test_without_such_a_vote_the_last_public_trial_with_a_committee_is_tried(town, browse):
    by = town.moderator()
    made = weighted(town, phase=Phase.REVIEW)
    found = section(browse().get(f"/budgets/{made.slug}"))
    assert "공개하면" in said(found) and not columns(found) and "위원은 주민보다" in said(found)
    trial = trials.create(text().encode(), slug="tried", title="지난 모의", committee="2 | 3\nP/3 | 1",
                          committee_ballots="3", at_once=True, by=by)
    assert "공개하면" in said(section(browse().get(f"/budgets/{made.slug}")))
    trials.publish(trial.id, by=by)
    found = section(browse().get(f"/budgets/{made.slug}"))
    assert found.xpath(".//a/@href") == ["/budgets/trials/tried"] and "지난 모의" in said(found)
    assert columns(found) == {"Bench": [True, False, True], "Lamp": [True, True, True], "Tree": [False, True, False]}


@pytest.mark.in_turns(of=5)
def test_other_rounds_and_votes_that_are_open_say_nothing_of_it(town, browse):
    last_year(town)
    opened = weighted(town, phase=Phase.VOTING)
    opened.opened_at = clock.now()
    db.session.commit()
    for made in (making.new_round(town, phase=Phase.REVIEW), weighted(town, decided_in="주민총회", phase=Phase.REVIEW),
                 opened):
        assert section(browse().get(f"/budgets/{made.slug}")) is None
        assert section(browse(town.moderator()).get(f"/desk/budgets/{made.slug}")) is None


def test_a_page_takes_few_statements(town, browse, queries):
    last_year(town)
    made = weighted(town, phase=Phase.REVIEW)
    page = browse(town.resident())
    page.get(f"/budgets/{made.slug}")
    with queries() as seen:
        assert page.get(f"/budgets/{made.slug}").status_code == 200
    assert len(seen) <= 17, seen
