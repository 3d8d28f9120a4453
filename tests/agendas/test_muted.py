"""Muted people: they do not publish by objecting; to agree, and to appeal, stays open."""

from datetime import timedelta

import pytest

from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.platform import clock
from civic_forum.platform.errors import Denied
from civic_forum.platform.work import use_case

WHY, TEXT = "같은 골목의 이야기예요.", "제 제안은 다른 골목의 이야기예요."


@pytest.fixture
def muted(town):
    user = town.resident()
    with use_case(None):
        user.muted_until = clock.now() + timedelta(days=3)
    return user


@pytest.mark.in_turns(of=5)
def test_a_muted_user_does_not_object_to_a_grouping(town, muted, browse):
    moderator, proposal = town.moderator(), town.proposal(author=muted)
    agenda = making.begin("alley", Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=moderator)
    grouping.group(agenda.id, [proposal.id], Relation.CORE, WHY, by=moderator)
    making.publish(agenda.id, by=moderator)
    link, = links.open_of(agenda.id)
    with pytest.raises(Denied, match="글을 쓸 수 없어요"):
        objecting.object_to_grouping(link.id, TEXT, by=muted)
    sent = browse(muted).post(f"/groupings/{link.id}/objections", data={"text": TEXT})
    assert sent.status_code == 403 and TEXT not in browse().get("/agendas/alley").text


@pytest.mark.both
def test_a_muted_user_agrees_to_a_merge_and_does_not_object_to_it(town, muted):
    merge = merging.merge(town.proposal(author=muted).id, town.proposal().id, WHY, by=town.moderator())
    with pytest.raises(Denied, match="글을 쓸 수 없어요"):
        objecting.object_to_merge(merge.id, TEXT, by=muted)
    objecting.agree_to_merge(merge.id, by=muted)
