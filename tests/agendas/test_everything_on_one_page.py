"""A proposal with all that the office side says of it, in as many statements as a page may ask."""

import pytest

from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.answers import services as answers
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.proposals import services as proposals
from tests.answers.making import declined, on_the_table, published

WHY = "같은 골목의 이야기예요."
FOR_VISITORS, SIGNED_IN = 6, 9
VERSION = "SELECT pg_current_snapshot()"
"""What tells on PostgreSQL whether a page that is kept may be served; no part of making one."""


@pytest.fixture
def everything(town):
    """Grouped in two agendas, carrying on another one whose author objected, answered, reviewed again, discussed."""
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
    for _ in range(3):
        said = comments.write(proposal.thread_id, stance=Stance.FOR, text="저도 그렇게 생각해요.", by=town.resident())
        comments.reply(said.id, text="고마워요.", by=proposal.author)
    return proposal


def test_a_proposal_with_everything_asks_no_more_than_a_page_may(everything, town, browse, queries):
    for user, most in ((None, FOR_VISITORS), (town.resident(), SIGNED_IN), (everything.author, SIGNED_IN)):
        client = browse(user)
        client.get(f"/proposals/{everything.number}")
        with queries() as seen:
            page = client.get(f"/proposals/{everything.number}").text
        for said in ("함께 다루는 의제", "합쳐진 제안", "제 뜻과 달라요.", "부서 답변", "고마워요."):
            assert said in page
        asked = [statement for statement in seen if not statement.startswith(VERSION)]
        assert len(asked) <= most, "\n\n".join(asked)
