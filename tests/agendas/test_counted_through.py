"""Supporters of only a merged proposal, counted already at the one that took it up: its page and button say so."""

import re
from datetime import timedelta

import pytest

from civic_forum.agendas.queries import union
from civic_forum.agendas.services import merging
from civic_forum.platform.base import db
from civic_forum.platform.i18n import day
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports as proposals

WHY = "같은 골목의 같은 문제예요."
JSON = {"Accept": "application/json"}
COUNTED = "합쳐진 제안에 공감해서 여기에서도 함께 세고 있어요."
PRESSING = "여기에도 공감하면 합친 것을 되돌려도 공감이 남아요. 수는 그대로예요."


@pytest.fixture
def merged(town):
    """`kick` went into `alley`, and that into `board`; somebody supports `kick` alone."""
    kick, alley, board = (town.proposal(threshold=20, title=title) for title in (
        "점자블록 위 킥보드를 옮겨 주세요", "골목의 킥보드를 치워 주세요", "킥보드 세울 칸을 그려 주세요"))
    person = town.resident()
    proposals.support(kick.id, by=person)
    moderator = town.moderator()
    first = merging.merge(kick.id, alley.id, WHY, by=moderator)
    merging.merge(alley.id, board.id, WHY, by=moderator)
    return kick, alley, board, person, first


def panel(client, proposal) -> str:
    return re.search(r'<section class="panel support".*?</section>', client.get(f"/proposals/{proposal.number}").text,
                     re.S)[0]


def count(proposal) -> int:
    db.session.rollback()
    return db.session.get(Proposal, proposal.id, populate_existing=True).support_count


@pytest.mark.both
def test_it_is_found_through_others_and_not_once_the_name_was_taken_back(merged, town):
    kick, alley, board, person, first = merged
    assert union.through(board.id, person.id) == union.through(alley.id, person.id) == [(kick.number, kick.title)]
    assert union.through(kick.id, person.id) == union.through(board.id, town.resident().id) == []
    merging.opt_out(first.id, by=person)
    assert union.through(board.id, person.id) == []


def test_its_page_says_through_which_and_what_pressing_does(merged, town, browse):
    kick, _alley, board, person, _first = merged
    shown = panel(browse(person), board)
    assert COUNTED in shown and PRESSING in shown and f'href="/proposals/{kick.number}">{kick.title}<' in shown
    assert ">공감하기<" in shown
    for other in (browse(town.resident()), browse()):
        assert COUNTED not in panel(other, board)


def test_each_press_says_that_the_number_stays(merged, browse):
    _kick, _alley, board, person, _first = merged
    client, address = browse(person), f"/proposals/{board.number}/supports"
    given = client.post(address, headers=JSON).json
    assert (given["count"], given["sentence"]) == (1, "이 제안에도 공감했어요. 이미 세고 있어서 수는 그대로예요.")
    assert COUNTED not in panel(client, board)
    taken = client.post(f"{address}/end", follow_redirects=True).text
    assert "이 제안의 공감을 거두었어요. 합쳐진 제안에 공감해서 수는 그대로예요." in taken
    assert count(board) == 1 and COUNTED in taken


def test_a_merged_proposal_says_where_to_support_and_until_when_a_name_may_be_taken_back(merged, town, browse):
    kick, _alley, _board, person, first = merged
    client, other, wish = browse(person), browse(town.resident()), "이어 가는 제안에 공감해 주세요."
    page = client.get(f"/proposals/{kick.number}").text
    assert wish not in page, "they did"
    assert "이 제안에 공감했어요." in page and f"{day(first.at + timedelta(days=14))}까지 거둘 수 있어요." in page
    client.post(f"/merges/{first.id}/opt-outs")
    page = client.get(f"/proposals/{kick.number}").text
    assert "이어 가는 제안에서는 내 이름을 세지 않아요." in page and "까지 거둘 수 있어요." not in page
    assert wish in panel(other, kick)


def test_closed_support_says_only_that_they_are_counted(merged, browse):
    _kick, _alley, board, person, _first = merged
    db.session.get(Proposal, board.id).state = State.LAPSED
    db.session.commit()
    shown = panel(browse(person), board)
    assert COUNTED in shown and PRESSING not in shown
