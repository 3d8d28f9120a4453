"""A proposal and an agenda with all that the office side says of them, in as many statements as a page may ask."""

import pytest

from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import branching, grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.answers.services import author as answers
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.outcomes.rules import Decision
from civic_forum.polls.models import Poll
from civic_forum.proposals.services import supports as proposals
from tests.answers.making import declined, on_the_table, published
from tests.outcomes import making as outcomes
from tests.polls.making import poll

WHY = "같은 골목의 이야기예요."
FOR_VISITORS, SIGNED_IN = 6, 9
VERSION = "SELECT pg_current_snapshot()"
"""The statement that tells on PostgreSQL whether a page that is kept may be served; no part of making one."""


def discussed(town, thread_id, answering):
    for _ in range(3):
        said = comments.write(thread_id, stance=Stance.FOR, text="저도 그렇게 생각해요.", by=town.resident())
        comments.reply(said.id, text="고마워요.", by=answering)


@pytest.fixture
def everything(town):
    """Grouped in two agendas, carrying on another one whose author objected, answered, reviewed again, decided, voted
    on, discussed."""
    moderator, official, second = town.moderator(), town.official(), town.official()
    proposal = on_the_table(town, official, neighbourhood_id=town.neighbourhood().id)
    for slug, relation in (("alley", Relation.CORE), ("market", Relation.RELATED)):
        agenda = making.begin(slug, Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=moderator)
        grouping.group(agenda.id, [proposal.id], relation, WHY, by=moderator)
        making.publish(agenda.id, by=moderator)
    for _ in range(2):
        other = town.proposal()
        proposals.support(other.id, by=town.resident())
        merge = merging.merge(other.id, proposal.id, WHY, by=moderator)
        objecting.agree_to_merge(merge.id, by=proposal.author)
        objecting.object_to_merge(merge.id, "제 뜻과 달라요.", by=other.author)
    merging.undo(merge.id, WHY, by=moderator)
    published(proposal, official, second, declined())
    answers.ask_review(proposal.id, reason="다른 정류장도 있어요. 다시 봐 주세요.", by=proposal.author)
    published(proposal, official, second)
    discussed(town, proposal.thread_id, proposal.author)
    outcomes.published("proposal", proposal.id, official, second)
    _voted_on(town, proposal)
    return proposal


def _voted_on(town, proposal):
    for title in ("골목 쉼터를 어디에 둘까요?", "골목 화단을 누가 가꿀까요?"):
        made = db.session.get(Poll, poll(town, title=title).id)
        made.proposals = [proposal]
    db.session.commit()


def asked_for(client, address, queries) -> tuple[str, list[str]]:
    """The page, and the statements that it took the second time."""
    client.get(address)
    with queries() as seen:
        page = client.get(address).text
    return page, [statement for statement in seen if not statement.startswith(VERSION)]


@pytest.mark.in_turns(of=5)
def test_a_proposal_with_everything_asks_no_more_than_a_page_may(everything, town, browse, queries):
    for user, most in ((None, 17), (town.resident(), 22), (everything.author, 22)):
        page, asked = asked_for(browse(user), f"/proposals/{everything.number}", queries)
        for said in ("함께 다루는 의제", "합쳐진 제안", "제 뜻과 달라요.", "부서 답변", "고마워요.", "이렇게 정했어요",
                     outcomes.TITLE, "4,100만 원", "골목 쉼터를 어디에 둘까요?", "골목 화단을 누가 가꿀까요?"):
            assert said in page, said
        assert len(asked) <= most, "\n\n".join(asked)


@pytest.mark.in_turns(of=5)
def test_an_agenda_with_everything_asks_no_more_than_a_page_may(town, browse, queries):
    official, second, moderator = town.official(), town.official(), town.moderator()
    first, other = (outcomes.agenda(town, official, town.proposal(), town.proposal(), slug=slug, relation=relation)
                    for slug, relation in (("alley", Relation.CORE), ("market", Relation.RELATED)))
    branching.merge(other.id, first.id, WHY, by=moderator)
    outcomes.published("agenda", first.id, official, second)
    for slug in ("alley", "market"):
        poll(town, title=f"{slug} 투표로 정해요", links={"agenda": slug})
    discussed(town, first.thread_id, moderator)
    for user, most in ((None, FOR_VISITORS), (town.resident(), SIGNED_IN)):
        page, asked = asked_for(browse(user), "/agendas/alley", queries)
        for said in ("이렇게 정했어요", outcomes.TITLE, "이 의제로 하는 투표", "alley 투표로 정해요", "market 투표로 정해요", "고마워요."):
            assert said in page, said
        assert len(asked) <= most, "\n\n".join(asked)


def test_a_proposal_shows_what_was_decided_on_the_agenda_that_carries_on_its_own(town, browse):
    official, second = town.official(), town.official()
    proposal = town.proposal()
    own = outcomes.agenda(town, official, proposal, slug="alley")
    carrying = outcomes.agenda(town, official, slug="market", relation=Relation.RELATED)
    branching.merge(own.id, carrying.id, WHY, by=town.moderator())
    declined_title = "올해는 하지 않아요"
    outcomes.published("agenda", carrying.id, official, second, outcomes.text(
        decision=Decision.DECLINED, promised_on=None, cost=None, title=declined_title))
    assert declined_title in browse().get(f"/proposals/{proposal.number}").text
