"""The list and the page of one proposal, as readers find them."""

from datetime import timedelta

import pytest

from civic_forum.journeys import operations as journeys
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.proposals.models import ProposalSerial, SimilarProposal, proposal_audience
from civic_forum.proposals.queries import listing
from civic_forum.proposals.rules import State
from tests.factories import MAY, saved


def titles(page):
    return [card.title for card in page.items]


def test_an_empty_list_says_what_to_do(town, browse):
    page = browse().get("/proposals")
    assert page.status_code == 200 and "아직 올라온 제안이 없어요." in page.text and 'href="/proposals/new"' in page.text


def test_the_list_links_root_relative_to_every_public_proposal(town, browse):
    shown, held = town.proposal(), town.proposal(state=State.HELD, published_at=None)
    hidden = town.proposal(hidden_at=MAY, hidden_rule="spam")
    page = browse().get("/proposals").text
    assert f'href="/proposals/{shown.number}"' in page
    assert held.number not in page and hidden.number not in page


@pytest.mark.parametrize("query", [
    "state=gone", "state=draft", "state=held", "neighbourhood=7777", "neighbourhood=x", "neighbourhood=-1",
    "category=cats", "year=1999", "year=٢٠٢٠", "sort=best", "after=zzz", "after=WzEsMl0x", "neighbourhood=" + "9" * 30,
])
def test_an_unknown_value_is_refused(query, town, browse):
    page = browse().get(f"/proposals?{query}")
    assert page.status_code == 400 and "Traceback" not in page.text


def test_empty_values_of_the_form_leave_the_filters_out(town, browse):
    town.proposal()
    page = browse().get("/proposals?state=&neighbourhood=&category=&year=&sort=newest")
    assert page.status_code == 200 and "조건 지우기" not in page.text


@pytest.mark.both
def test_every_filter_narrows_the_list(town, browse):
    saved(ProposalSerial(year=2030, last=9))
    saved(ProposalSerial(year=2029, last=9))
    place = town.neighbourhood()
    here = town.proposal(title="여기에 의자를 놓아 주세요", neighbourhood_id=place.id, category="welfare", published_at=MAY)
    town.proposal(title="다른 곳에 나무를 심어 주세요", state=State.DONE, published_at=MAY - timedelta(days=365))
    for query in (f"neighbourhood={place.id}", "category=welfare", "year=2030", "state=gathering"):
        page = browse().get(f"/proposals?{query}").text
        assert here.title in page and "나무를 심어" not in page, query
    everywhere = browse().get("/proposals?neighbourhood=0").text
    assert here.title not in everywhere and "나무를 심어" in everywhere
    nothing = browse().get("/proposals?category=culture")
    assert nothing.status_code == 200 and "조건에 맞는 제안이 없어요." in nothing.text


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("sort", ["newest", "supported", "discussed"])
def test_pages_follow_each_other_without_a_gap_or_a_repeat(sort, town):
    wanted = listing.PROPOSALS.of(sort=sort)
    for n in range(45):
        town.proposal(title=f"골목길 {n}번째 이야기", support_count=n % 3, comment_count=n % 4)
    seen, after = [], None
    for _page in range(3):
        page = listing.listed(wanted, after)
        seen += page.items
        after = page.after
    assert after is None and len({card.number for card in seen}) == len(seen) == 45
    keys = {"newest": "published_at", "supported": "support_count", "discussed": "comment_count"}
    values = [getattr(card, keys[sort]) for card in seen]
    assert values == sorted(values, reverse=True)


@pytest.mark.both
def test_a_proposal_out_of_time_counts_as_lapsed_at_once(town, at):
    at(MAY)
    late = town.proposal(title="시간이 다 된 제안이에요", gathering_ends_at=MAY, published_at=MAY - timedelta(days=20))
    town.proposal(title="예전에 마감한 제안이에요", state=State.LAPSED, published_at=MAY - timedelta(days=90))
    gathering = town.proposal(title="아직 모으는 제안이에요")
    lapsed = listing.listed(listing.PROPOSALS.of({"state": State.LAPSED}))
    assert titles(lapsed) == ["시간이 다 된 제안이에요", "예전에 마감한 제안이에요"]
    assert [card.state for card in lapsed.items] == [State.LAPSED] * 2
    assert titles(listing.listed(listing.PROPOSALS.of({"state": State.GATHERING}))) == [gathering.title]
    assert late.state is State.GATHERING


@pytest.mark.both
@pytest.mark.parametrize("address", ["/", "/proposals"])
def test_a_proposal_that_ends_within_a_minute_is_over_at_once_for_those_signed_in(address, town, browse, at):
    at(MAY)
    late = town.proposal(title="곧 마감하는 제안이에요", gathering_ends_at=MAY + timedelta(seconds=10))
    town.proposal(support_count=9, gathering_ends_at=MAY + timedelta(days=5))
    client = browse(town.user())
    assert "오늘 마감" in client.get(address).text
    at(MAY + timedelta(seconds=20))
    page = client.get(address).text
    assert "오늘 마감" not in page and (address == "/") != (late.title in page)


def test_the_nearest_to_the_goal_and_to_the_end_come_for_the_home_page(town):
    days = timedelta(days=1)
    quiet, loud, late, over = (
        town.proposal(support_count=count, gathering_ends_at=clock.now() + left)
        for count, left in ((1, 9 * days), (9, 8 * days), (0, days), (15, -days)))
    assert [card.number for card in listing.nearest(3)] == [loud.number, late.number, quiet.number]
    assert [card.number for card in listing.nearest(1)] == [loud.number] and over.support_count == 15


@pytest.mark.both
def test_the_page_shows_all_of_a_proposal(town, browse):
    place, seniors = town.neighbourhood(), town.audience("어르신")
    author = town.resident(nickname="은하수")
    bench = town.proposal(author=author, neighbourhood_id=place.id, support_count=3, resident_support_count=2)
    other = town.proposal(title="보도블록 틈을 메워 주세요")
    db.session.execute(proposal_audience.insert().values(proposal_id=bench.id, audience_id=seniors.id))
    db.session.add(SimilarProposal(proposal_id=bench.id, other_id=other.id, place=1))
    journeys.add(db.session, bench.journey_id, "registered", at=bench.published_at)
    db.session.commit()
    page = browse().get(f"/proposals/{bench.number}").text
    for words in ("은하수", place.name, "어르신", bench.title, bench.problem, bench.number, "접수했어요",
                  f"<title>{bench.title} |", f'/proposals/{bench.number}">', "공감 모으는 중", other.title):
        assert words in page, words
    assert f'<link rel="canonical" href="http://127.0.0.1:8000/proposals/{bench.number}">' in page


def test_a_withdrawn_proposal_says_why(town, browse):
    bench = town.proposal(state=State.WITHDRAWN, withdrawn_at=MAY, reason="구청이 먼저 고쳤어요")
    page = browse().get(f"/proposals/{bench.number}")
    assert page.status_code == 200 and "구청이 먼저 고쳤어요" in page.text


def test_a_merged_proposal_points_to_the_other(town, browse):
    target = town.proposal(title="의자를 더 놓아 주세요")
    bench = town.proposal(state=State.MERGED, merged_into_id=target.id)
    page = browse().get(f"/proposals/{bench.number}").text
    assert f'href="/proposals/{target.number}">{target.title}' in page
    target.hidden_at, target.hidden_rule = MAY, "insult"
    db.session.commit()
    page = browse().get(f"/proposals/{bench.number}").text
    assert f'href="/proposals/{target.number}">{target.number}<' in page and target.title not in page


def test_a_hidden_proposal_says_that_something_was_hidden(town, browse):
    bench = town.proposal(hidden_at=MAY, hidden_rule="no-such-rule", problem_html="<p>가린 글이에요</p>")
    page = browse().get(f"/proposals/{bench.number}")
    assert page.status_code == 200 and "가린 제안" in page.text
    assert "no-such-rule" in page.text and "가린 글이에요" not in page.text and bench.title not in page.text
    for reader in (bench.author, town.moderator()):
        assert "가린 글이에요" in browse(reader).get(f"/proposals/{bench.number}").text
