"""On a proposal that carries others on everything shows one number: who supports any of them, each person once."""

import csv
import re

import pytest

from civic_forum.accounts.models import User
from civic_forum.agendas.queries.union import supporters
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making, merging
from civic_forum.agendas.services.making import Wording
from civic_forum.platform import hooks
from civic_forum.platform.base import db
from civic_forum.proposals.events import ProposalPublished, ProposalSupported, SupportTakenBack
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.services import supports as proposals

WHY = "같은 골목의 같은 문제예요."
JSON = {"Accept": "application/json"}


def counts(proposal) -> tuple[int, int, int]:
    db.session.rollback()
    found = db.session.get(Proposal, proposal.id, populate_existing=True)
    return found.support_count, found.resident_support_count, found.merged_support_count


@pytest.fixture
def told(town):
    """`board` carries on `kick`: two people of its own, one of them there too, two who came by the merge."""
    kick, board, other = (town.proposal(threshold=20, title=title) for title in (
        "점자블록 위 킥보드를 옮겨 주세요", "골목에 킥보드 세울 칸을 그려 주세요", "정류장에 의자를 놓아 주세요"))
    both, moderator = town.resident(), town.moderator()
    for proposal, people in ((kick, (both, town.resident(), town.user())), (board, (both, town.user())),
                             (other, [town.resident() for _ in range(3)])):
        for person in people:
            proposals.support(proposal.id, by=person)
    merge = merging.merge(kick.id, board.id, WHY, by=moderator)
    return kick, board, other, merge, moderator


def number_of(page: str) -> tuple[set[str], str, str, str]:
    """The large number and the one in the bar, the meter, residents and others."""
    return (set(re.findall(r"data-support-count>([\d,]+)<", page)),
            re.search(r'<progress class="meter[^>]* value="(\d+)"[^>]*data-support-bar', page)[1],
            *(re.search(rf"data-support-{who}>([^<]+)<", page)[1] for who in ("residents", "others")))


def card_of(page: str, proposal) -> tuple[str, str]:
    card, = (one for one in re.findall(r'<li class="pc">.*?</li>', page, re.S) if f"/{proposal.number}\"" in one)
    return re.search(r'<b class="num">([\d,]+)</b>', card)[1], re.search(r'value="(\d+)"', card)[1]


def test_its_page_shows_the_union_and_where_it_comes_from(told, browse):
    _kick, board, *_rest = told
    page = browse().get(f"/proposals/{board.number}").text
    assert number_of(page) == ({"4"}, "4", "2명", "2명")
    assert page.count("이 제안에 2명이 공감했고, 합쳐진 제안에서 2명이 더해졌어요.") == 1
    assert "여러 제안에 공감해도 한 번만 셌어요." in page


def test_a_merged_proposal_shows_its_own_and_leads_to_the_one_that_carries_it_on(told, browse):
    kick, board, *_rest = told
    page = browse().get(f"/proposals/{kick.number}").text
    assert "이웃 3명이 공감했어요" in page and "합쳐진 제안에서" not in page
    panel = re.search(r'<section class="panel support".*?</section>', page, re.S)[0]
    assert "이 공감은 이어 가는 제안에서 함께 세어요." in panel and f'href="/proposals/{board.number}"' in panel


@pytest.mark.in_turns(of=5)
def test_lists_the_first_page_and_agendas_show_and_sort_by_the_same(told, town, browse):
    _kick, board, other, _merge, moderator = told
    client = browse()
    most = client.get("/proposals?sort=supported").text
    places = [most.index(f'/proposals/{one.number}"') for one in (board, other)]
    assert places == sorted(places), "four people stand behind the first, three behind the second"
    assert card_of(most, board) == ("4", "4") and card_of(most, other) == ("3", "3")
    home = client.get("/").text
    first = re.search(r'<div class="lc-in">.*?</div>', home, re.S)[0]
    assert board.title in first and "<p>4" in first, "the most supported of all"
    following = browse(person := town.resident())
    proposals.follow(board.id, by=person)
    assert card_of(following.get("/proposals/mine").text, board) == ("4", "4")
    agenda = making.begin("alley", Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=moderator)
    grouping.group(agenda.id, [board.id, other.id], Relation.CORE, WHY, by=moderator)
    making.publish(agenda.id, by=moderator)
    page = client.get("/agendas/alley").text
    assert re.findall(r'class="sup">[^<]*<b class="num">(\d+)', page) == ["4", "3"]
    assert "공감한 이웃 7명" in page


def test_search_and_tables_show_the_same(told, browse):
    _kick, board, *_rest = told
    hooks.run(ProposalPublished(board.id), db.session)
    db.session.commit()
    assert "공감 4" in browse().get("/search", query_string={"q": "킥보드"}).text
    lines = browse().get("/data/proposals.csv").data.decode("utf-8-sig").splitlines()
    row, = (one for one in csv.DictReader(lines) if one["접수번호"] == board.number)
    assert [row[name] for name in ("공감", "주민 공감", "합쳐진 제안의 공감")] == ["4", "2", "2"]


def test_the_script_gets_the_union_with_its_origin(told, town, browse):
    _kick, board, *_rest = told
    person = browse(town.resident())
    given = person.post(f"/proposals/{board.number}/supports", headers=JSON).json
    assert (given["count"], given["residents"], given["others"]) == (5, "3명", "2명")
    assert "이 제안에 3명이 공감했고, 합쳐진 제안에서 2명이 더해졌어요." in given["origin"]
    taken = person.post(f"/proposals/{board.number}/supports/end", headers=JSON).json
    assert (taken["count"], taken["residents"], taken["others"]) == (4, "2명", "2명")


@pytest.mark.in_turns(of=5)
def test_a_name_taken_back_and_a_merge_undone_change_the_number_and_its_residents(told, town):
    kick, board, _other, merge, moderator = told
    late = town.resident()
    proposals.support(board.id, by=late)
    assert counts(board) == (5, 3, 2)
    proposals.end_support(board.id, by=late)
    assert counts(board) == (4, 2, 2)
    people = supporters(kick.id) - {late.id}
    for person in sorted(people):
        merging.opt_out(merge.id, by=db.session.get(User, person))
    assert counts(board) == (2, 1, 0) and counts(kick) == (3, 2, 0)
    merging.undo(merge.id, WHY, by=moderator)
    assert counts(board) == (2, 1, 0) and counts(kick) == (3, 2, 0)


@pytest.mark.both
def test_a_supporter_of_the_merged_one_moves_nothing_by_supporting_the_one_that_carries_it_on(town):
    kick, board, person = town.proposal(), town.proposal(), town.user()
    proposals.support(kick.id, by=person)
    merging.merge(kick.id, board.id, WHY, by=town.moderator())
    assert counts(board) == (1, 0, 1)
    person.is_resident = True
    db.session.commit()
    proposals.support(board.id, by=person)
    assert counts(board) == (1, 1, 0), "a resident since: once is enough"


@pytest.mark.in_turns(of=5)
def test_supporters_are_counted_by_the_service_before_it_tells_anybody(told, town, monkeypatch):
    """Whoever hears of a support or of its end reads the number that stands: nobody who hears of it counts."""
    _kick, board, *_rest = told
    heard = []
    for fact in (ProposalSupported, SupportTakenBack):
        monkeypatch.setitem(hooks._listeners, fact, [lambda fact, session: heard.append(
            session.get_one(Proposal, fact.proposal_id).support_count)])
    newcomer = town.resident()
    proposals.support(board.id, by=newcomer)
    proposals.end_support(board.id, by=newcomer)
    assert heard == [5, 4] and counts(board) == (4, 2, 2)


def test_a_proposal_that_carries_nothing_on_is_counted_by_itself(told, town):
    _kick, _board, other, *_rest = told
    somebody = town.user()
    proposals.support(other.id, by=somebody)
    assert counts(other) == (4, 3, 0)
    proposals.end_support(other.id, by=somebody)
    assert counts(other) == (3, 3, 0)
