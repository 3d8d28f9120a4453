"""At the desk every page of an envelope's vote leads to the same page of the next: kiosk, paper, typing, confirming."""

from datetime import timedelta

import pytest
from lxml import html

from civic_forum.ballots.rules.boxes import ConfirmedAction
from civic_forum.ballots.counting import closing
from civic_forum.ballots.officials import services as confirmations
from civic_forum.ballots.paper import batches
from civic_forum.ballots.paper import services as papers
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots.officials import EARLY
from tests.budgets import making
from tests.budgets.making import voter
from tests.budgets.rounds.reading import form_of
from tests.servers import axe, chromium

from .test_desk_and_kiosk import visit

PAGES = ("/papers", "/kiosk-passes", "/batches", "")


def opened(town):
    return making.opened(town, envelopes=3, paper_until=clock.now() + timedelta(days=20))


def at(one) -> str:
    return f"/desk/votes/{one.box_id.hex()}"


def main(answer):
    assert answer.status_code == 200, answer.status_code
    return html.fromstring(answer.text).xpath("//main")[0]


def ways(answer) -> list[tuple[str, str]]:
    """Address and words of every link and button of the page."""
    return [(one.get("href"), " ".join(one.text_content().split())) for one in main(answer).xpath(".//a")]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("page", PAGES)
def test_each_page_names_the_boxes_of_the_round_with_their_stage_in_the_order_of_the_envelopes(town, browse, page):
    made, client = opened(town), browse(town.moderator())
    shown = main(client.get(at(made.envelopes[1]) + page)).xpath(".//*[contains(@class, 'beside')]//a")
    assert [one.get("href") for one in shown] == [at(one) + page for one in made.envelopes]
    assert [" ".join(one.text_content().split()) for one in shown] == [f"{one.name} · 투표 중" for one in made.envelopes]
    assert [one.get("aria-current") for one in shown] == [None, "true", None]


@pytest.mark.in_turns(of=5)
def test_a_voter_with_a_sheet_of_one_envelope_gets_that_of_the_next(town, browse):
    ada, clerk = voter(town), town.clerk()
    made, client = opened(town), browse(clerk)
    first, second, third = made.envelopes
    for one, following in ((first, second), (second, third), (third, None)):
        done = client.post(at(one) + "/papers", data={"visit": visit(one.box_id, ada, clerk)}, follow_redirects=True)
        further = [href for href, words in ways(done) if "같은 분에게 다음 투표지 내주기" in words]
        assert further == ([f"{at(following)}/papers#look-up"] if following else [])
    slip = client.get(f"{at(first)}/papers/ballot?number=1")
    assert (f"{at(second)}/papers#look-up", f"같은 분에게 다음 투표지 내주기: {second.name}") in ways(slip)


@pytest.mark.in_turns(of=5)
def test_one_code_serves_all_envelopes_and_the_next_person_begins_with_the_first(town, browse):
    ada, clerk = voter(town), town.clerk()
    made, client = opened(town), browse(clerk)
    names = ", ".join(one.name for one in made.envelopes)
    found = client.post(f"{at(made.envelopes[1])}/kiosk-passes",
                        data={"visit": visit(made.envelopes[1].box_id, ada, clerk)})
    said = " ".join(main(found).text_content().split())
    assert f"투표지 3장을 이어서 열어요: {names}" in said
    assert (f"{at(made.envelopes[0])}/kiosk-passes", "다음 분 찾기") in ways(found)
    assert not any("같은 분에게" in words for _href, words in ways(found))


@pytest.mark.in_turns(of=5)
def test_an_officer_goes_on_from_box_to_box_and_after_the_last_with_one_that_is_behind(town, browse):
    made = opened(town)
    first, second, third = made.envelopes
    confirmations.propose(ConfirmedAction.CLOSE_EARLY, third.box_id, note=EARLY, by=town.official())
    client = browse(town.moderator(password_hash=password_hash()))
    form = form_of(client, at(third), "/confirmation")
    number = main(client.get(at(third))).xpath("string(.//form[contains(@action, '/confirmation')]/@action)")
    done = client.post(number, data=form | {"password": PASSWORD}, follow_redirects=True)
    assert "확인했어요" in done.text
    assert (at(first), f"다음 투표함: {first.name}") in ways(done)
    assert (at(third), f"다음 투표함: {third.name}") in ways(client.get(at(second)))
    db.session.rollback()
    for one in (first, second):
        proposed = confirmations.propose(ConfirmedAction.CLOSE_EARLY, one.box_id, note=EARLY, by=town.official())
        confirmations.confirm(proposed.id, by=town.moderator())
    assert not any("다음 투표함" in words for _href, words in ways(client.get(at(third)))), "no box is behind any more"


@pytest.mark.in_turns(of=5)
def test_a_typist_of_the_paper_of_one_box_goes_on_with_the_next(town, browse):
    ada, clerk, other, made = voter(town), town.clerk(), town.moderator(), opened(town)
    first, second, _third = made.envelopes
    papers.mark_returned(first.box_id, papers.issue(first.box_id, visit(first.box_id, ada, clerk), by=clerk).number,
                         by=clerk)
    clock.shift((first.box.paper_until - clock.now()).total_seconds() + 1)
    for one in made.envelopes:
        closing.close_if_due(one.box_id)
    client, here = browse(clerk), at(first) + "/batches"
    further = (f"{at(second)}/batches", f"다음 투표함의 종이 입력하기: {second.name}")
    assert further not in ways(client.get(here)), "first what is left here"
    assert (here, "종이 입력하러 가기") in ways(browse(other).get(at(first)))
    db.session.rollback()
    number = batches.open_batch(first.box_id, 1, by=clerk)
    assert further not in ways(client.get(here))
    db.session.rollback()
    batches.type_sheet(first.box_id, number, 1, "1", by=clerk)
    batches.finish_typing(first.box_id, number, by=clerk)
    assert further in ways(client.get(here)), "the other one types this batch"
    assert further not in ways(browse(other).get(here))


@pytest.mark.in_turns(of=5)
def test_a_box_that_nobody_opened_is_named_where_it_is_opened_alone(town, browse):
    made, client = making.prepared(town, envelopes=2), browse(town.moderator())
    first, second = made.envelopes
    proposed = confirmations.propose(ConfirmedAction.OPEN, first.box_id, by=town.official())
    confirmations.confirm(proposed.id, by=town.moderator())
    db.session.rollback()
    assert (at(second), f"다음 투표함: {second.name}") in ways(client.get(at(first)))
    assert not main(client.get(at(first) + "/papers")).xpath(".//*[contains(@class, 'beside')]")


@pytest.mark.in_turns(of=5)
def test_lists_of_boxes_keep_the_order_of_the_envelopes(town, browse):
    made, client = opened(town), browse(town.moderator())
    for path in ("/desk/votes", "/desk/votes/confirmations"):
        names = [" ".join(one.text_content().split()) for one in main(client.get(path)).xpath(".//h2")]
        assert names == [f"{made.title} — {one.name}" for one in made.envelopes]


@pytest.mark.in_turns(of=5)
def test_naming_the_boxes_costs_the_same_for_any_number_of_them(town, browse, queries):
    few = making.opened(town, envelopes=2)
    many = making.opened(town, envelopes=6)
    client, costs = browse(town.moderator()), []
    for made in (few, many, few, many):
        with queries() as seen:
            client.get(at(made.envelopes[0]) + "/papers")
        costs.append(len(seen))
    assert costs[2] == costs[3]


@pytest.mark.in_turns(of=5)
def test_votes_that_are_over_wait_at_the_desk_until_they_are_published(town, browse):
    made, official = opened(town), town.official()
    first, second, _third = made.envelopes
    client = browse(official)
    assert not main(client.get("/desk")).xpath(f".//a[@href='{at(first)}']")
    db.session.rollback()
    clock.shift((first.box.closes_at - clock.now()).total_seconds() + 1)
    for one in (first, second):
        closing.close_if_due(one.box_id)
    shown = main(client.get("/desk"))
    assert [bool(shown.xpath(f".//a[@href='{at(one)}']")) for one in made.envelopes] == [True, True, False]
    assert shown.text_content().count("두 담당관이 공개해요") == 2
    with use_case(None) as work:
        first.box.published_at = work.at
    shown = main(client.get("/desk"))
    assert [bool(shown.xpath(f".//a[@href='{at(one)}']")) for one in made.envelopes] == [False, True, False]
    assert "두 담당관이 공개해요" not in main(browse(town.clerk()).get("/desk")).text_content()


def test_on_a_phone_every_thing_to_do_with_a_vote_is_in_sight(sqlite_app, town, signed_in):
    made, page = opened(town), signed_in(town.moderator(), width=chromium.PHONE)
    page.goto(at(made.envelopes[0]))
    seen = page.locator(".tabs a, .beside a").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert len(seen) == 8 and max(seen) <= chromium.PHONE
    assert axe.violations(page) == [] and chromium.overflow(page) == 0
