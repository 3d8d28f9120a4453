"""Ten proposals that say the same become one agenda; a merge among them is objected to and undone: by keyboard."""

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from civic_forum.agendas.models import AgendaLink, AuthorObjection, ProposalMerge
from civic_forum.agendas.rules import Relation
from civic_forum.platform.base import db
from civic_forum.proposals.services import supports as proposals

from .keyboard import Hands
from .office_scene import counted, handed_in, supports
from .visits import WINDOWS

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("csrf")]
QUESTION = "버스 정류장 의자를 어디에 먼저 놓을까요?"
SUMMARY = "비슷한 제안이 여럿이에요. **어르신이 많이 타는 곳**부터 견주어 봐요."
TITLES = tuple(f"{place} 버스 정류장에 의자를 놓아 주세요" for place in (
    "시흥사거리", "금천구청역 앞", "독산동 우체국 앞", "가산디지털단지역", "은행나무", "벚꽃십리길", "호암산 입구", "금빛공원",
    "시흥초등학교 앞", "말미고개"))
CORE, RELATED, OTHER = "같은 곳에 같은 것을 바라는 제안이에요.", "길 건너 정류장이라 함께 살펴야 해요.", "다른 방법도 견주어 봐요."
SAME = "두 제안이 같은 정류장의 같은 의자를 말해요."
NOT_MINE = "제 제안은 길 건너 정류장이라 사정이 달라요."
NOT_HERE = "의자보다 지붕이 먼저라는 제안이에요."
ANSWER, APART = "맞아요. 두 정류장은 달라서 다시 나눌게요.", "글쓴이의 반대를 받아들여 다시 나눠요."
MOST_KEYS = 800
"""Of a moderator for the whole way, what is written included."""


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize(("width", "javascript"), WINDOWS)
def test_ten_become_one_agenda_and_a_merge_is_undone(town, signed_in, window, served, width, javascript):
    town.department()
    town.neighbourhood()
    ten = [handed_in(town, title) for title in TITLES]
    both, one = town.resident(), town.resident()
    for proposal in ten[:2]:
        proposals.support(proposal.id, by=both)
    proposals.support(ten[0].id, by=one)

    def somebody(name: str, user=None) -> Hands:
        options = {"width": width, "javascript": javascript}
        return Hands(signed_in(user, **options) if user else window(base_url=served, **options), name)

    moderator, visitor = somebody("moderator", town.moderator()), somebody("visitor")
    makes_an_agenda(moderator, [one.id for one in ten])
    before, given, grouped = counted(), supports(), grouped_now()
    sees_an_agenda(visitor)

    numbers = [one.number for one in ten]
    merges(moderator, numbers[0], numbers[1])
    db.session.rollback()
    merge = db.session.scalar(sa.select(ProposalMerge))
    merged, into = merge.merged, merge.into
    assert tuple(counted()[into.number][2:4]) == (2, 1), "each person once; one of them by the merge alone"
    visitor.opens(f"/proposals/{merged.number}")
    visitor.reads("다른 제안과 합쳐졌어요", into.title)
    visitor.looks("merged")

    objects_to_the_merge(somebody("author", merged.author), into.title)
    other = db.session.scalar(sa.select(AgendaLink).filter_by(relation=Relation.ALTERNATIVE, ended_at=None)).proposal
    objects_to_the_grouping(somebody("other author", other.author), other.title)
    answers_and_undoes(moderator)

    assert (counted(), supports(), grouped_now()) == (before, given, grouped), "everything is as it was"
    for number in (merged.number, into.number):
        visitor.opens(f"/proposals/{number}")
        visitor.reads(NOT_MINE, ANSWER, APART)
    visitor.looks("undone")
    visitor.opens("/agendas/bench")
    visitor.reads(NOT_HERE, "의제의 질문을 넓혀 함께 다룰게요.")
    visitor.looks("agenda-with-objection")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuthorObjection)) == 2
    assert sum(moderator.stages.values()) < MOST_KEYS, moderator.stages


def grouped_now() -> set[tuple]:
    return {tuple(row) for row in db.session.execute(
        sa.select(AgendaLink.proposal_id, AgendaLink.relation, AgendaLink.why).filter_by(ended_at=None))}


def makes_an_agenda(hands: Hands, wanted: list[int]) -> None:
    """The first ones from a group that the system suggests, most by a search, the last suggested again."""
    hands.opens("/desk")
    hands.looks("desk")
    hands.link("의제와 묶음 반대")
    hands.looks("agendas")
    hands.follows(hands.main.locator("a[href*='new?like=']").first)
    hands.types(question=QUESTION, slug="bench", summary=SUMMARY)
    hands.ticks(hands.main.locator("[name=neighbourhoods]").first)
    hands.chooses("lead_department", "교통행정과")
    hands.looks("wording")
    hands.clicks("저장하기")
    hands.stage("begun")
    expect(hands.main.get_by_role("heading", name="함께 다룰 만한 제안")).to_be_visible()
    hands.looks("suggested")
    groups(hands, 3, Relation.CORE, CORE)
    hands.stage("three grouped from a suggestion")

    hands.link("제안 묶기")
    hands.types(q="정류장 의자")
    with hands.page.expect_navigation():
        hands.press("Enter")
    assert hands.main.locator("[name=proposals]").count() == 7
    groups(hands, 6, Relation.RELATED, RELATED)
    hands.stage("six grouped by a search")

    hands.link("제안 묶기")
    assert hands.main.locator("[name=proposals]").count() == 1, "suggested because it is like those that are there"
    groups(hands, 1, Relation.ALTERNATIVE, OTHER)
    hands.looks("ten-grouped")
    hands.clicks("모두에게 공개하기")
    hands.link("단계 바꾸기")
    hands.picks("state", "in_deliberation")
    hands.looks("state")
    hands.clicks("단계 바꾸기")
    hands.reads("단계를 바꾸고 처리 과정에 적었어요.")
    hands.stage("published")
    db.session.rollback()
    assert set(db.session.scalars(sa.select(AgendaLink.proposal_id).filter_by(ended_at=None))) == set(wanted)


def groups(hands: Hands, number: int, relation: Relation, why: str) -> None:
    for place in range(number):
        hands.ticks(hands.main.locator("[name=proposals]").nth(place))
    hands.picks("relation", relation.value)
    hands.types(why=why)
    hands.looks(f"choosing-{number}")
    hands.clicks("묶기")
    hands.reads("묶었어요.")


def sees_an_agenda(hands: Hands) -> None:
    hands.opens("/agendas")
    hands.looks("agendas")
    hands.link(QUESTION)
    hands.looks("agenda")
    expect(hands.main.get_by_role("heading", level=1)).to_have_text(QUESTION)
    hands.reads("어르신이 많이 타는 곳", "교통행정과", CORE, RELATED, OTHER, "함께 다루는 제안 10개", *TITLES)
    expect(hands.main.locator(".rel > li")).to_have_count(10)


def merges(hands: Hands, number: str, other: str) -> None:
    hands.opens("/desk/agendas/bench")
    hands.follows(hands.main.locator(f"a[href='/desk/proposals/{number}/merge']"))
    hands.looks("merging")
    hands.types(into=other, reason=SAME)
    hands.clicks("합치기")
    hands.reads("아래가 찾은 것이에요", "두 글쓴이와 공감한 사람에게 바로 알리고")
    hands.clicks("합치기")
    hands.reads("합쳤어요. 두 글쓴이에게 뜻을 물어요.", SAME)
    hands.looks("merged")
    hands.stage("merged")


def follows_a_notice(hands: Hands, words: str) -> None:
    """From the number in the header to what the notice is about."""
    hands.opens("/")
    bell = hands.page.locator("header a.bell")
    expect(bell.locator(".unread-count")).to_be_visible()
    hands.follows(bell)
    hands.looks("notices")
    wanted = hands.main.locator(".notices a", has_text=words).first
    if not wanted.is_visible():  # an earlier one about the same
        hands.to(hands.main.locator(".notices details", has_text=words).locator("summary"))
        hands.press("Enter")
    hands.follows(wanted)


def objects_to_the_merge(hands: Hands, other: str) -> None:
    follows_a_notice(hands, "같은 뜻의 다른 제안과 합쳤어요")
    assert hands.page.url.endswith("#lineage")
    hands.reads(SAME)
    hands.link("합치는 데 반대하기")
    hands.reads(other, SAME)
    hands.looks("objecting")
    hands.types(text=NOT_MINE)
    hands.clicks("반대 남기기")
    hands.reads(NOT_MINE, "운영자의 답을 기다리고 있어요.")
    hands.looks("objected")
    hands.stage("objected")


def objects_to_the_grouping(hands: Hands, title: str) -> None:
    """The notice leads to the proposal, where the agenda stands with the reason and the way to object."""
    follows_a_notice(hands, "의제에 묶었어요")
    hands.reads(QUESTION, OTHER)
    hands.looks("grouped")
    hands.link("묶음에 반대하기")
    hands.reads(title, QUESTION)
    hands.looks("objecting-to-the-grouping")
    hands.types(text=NOT_HERE)
    hands.clicks("반대 남기기")
    hands.reads("묶음 반대 1건", NOT_HERE)


def answers_and_undoes(hands: Hands) -> None:
    hands.opens("/desk")
    hands.looks("desk-with-objections")
    hands.link(f"“{QUESTION}” 의제에서 빼 달라는 요청")
    hands.reads(NOT_HERE, OTHER)
    hands.types(answer="의제의 질문을 넓혀 함께 다룰게요.")
    hands.clicks("답하기")
    hands.reads("답했어요. 모두가 읽을 수 있어요.")
    hands.looks("grouping-answered")

    hands.opens("/desk")
    hands.link("합치지 말아 달라는 요청")
    hands.reads(NOT_MINE, SAME)
    hands.looks("answering")
    hands.types(answer=ANSWER)
    hands.clicks("답하기")
    hands.reads(ANSWER)
    hands.looks("answered")
    hands.link("합친 것을 되돌리기")
    hands.looks("undoing")
    hands.types(reason=APART)
    hands.clicks("되돌리기")
    hands.reads("되돌렸어요. 두 제안이 다시 따로 있어요.", APART)
    hands.stage("answered and undone")
