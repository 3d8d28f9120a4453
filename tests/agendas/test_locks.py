"""Changes of an agenda, a merge or an objection: each waits for whoever holds it, and decides by what was left."""

import pytest

from civic_forum.agendas.models import AuthorObjection
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.agendas.operations import MERGES
from civic_forum.platform.base import db
from civic_forum.platform.clock import now
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.moderation import services as moderation
from civic_forum.moderation.rules import Decision, Rule
from civic_forum.proposals.rules import State
from tests.racing import held, on_postgresql

pytestmark = on_postgresql
WHY, OBJECTS = "같은 뜻을 담은 제안이에요.", "같은 뜻이 아니에요."


@pytest.fixture
def merge(town, moderator):
    return merging.merge(town.proposal().id, town.proposal().id, WHY, by=moderator)


@pytest.fixture
def objection(merge):
    return objecting.object_to_merge(merge.id, OBJECTS, by=merge.merged.author)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("act", [
    lambda merge, moderator: merging.undo(merge.id, WHY, by=moderator),
    lambda merge, _moderator: objecting.object_to_merge(merge.id, OBJECTS, by=merge.merged.author),
    lambda merge, _moderator: objecting.agree_to_merge(merge.id, by=merge.merged.author)],
    ids=["undo", "object", "agree"])
def test_changes_of_merges_take_turns(merge, moderator, act):
    with held(advisory=MERGES):
        act(merge, moderator)


def test_a_proposal_merged_meanwhile_is_not_merged_again(town, moderator):
    merged, into = town.proposal(), town.proposal()
    with held(merged, state=State.MERGED), pytest.raises(Conflict, match="이미 다른 제안과"):
        merging.merge(merged.id, into.id, WHY, by=moderator)


def test_a_proposal_withdrawn_meanwhile_is_not_grouped(town, moderator):
    agenda, proposal = making.begin("alley", Wording("무엇부터 할까요?"), by=moderator), town.proposal()
    with held(proposal, state=State.WITHDRAWN), pytest.raises(Conflict, match="거둔 제안"):
        grouping.group(agenda.id, [proposal.id], Relation.CORE, WHY, by=moderator)


def test_an_agenda_that_was_edited_meanwhile_is_not_overwritten(moderator):
    agenda = making.begin("alley", Wording("무엇부터 할까요?"), by=moderator)
    with held(agenda, version=2), pytest.raises(Refusal):
        making.edit(agenda.id, Wording("무엇을 할까요?"), version=1, by=moderator)


def test_an_objection_that_was_answered_meanwhile_is_not_answered_again(town, objection):
    with held(objection, answer="그대로 두어요.", answered_at=now()), pytest.raises(Refusal):
        objecting.answer(objection.id, "다시 살펴볼게요.", by=town.moderator())


def test_an_objection_is_hidden_as_it_is_by_then(town, objection):
    with held(objection, text="다른 뜻이에요."):
        moderation.cases.decide("author_objection", objection.id,
                                Decision(True, None, None, Rule.ABUSE, "사람을 욕했어요."), by=town.moderator())
    found = db.session.get(AuthorObjection, objection.id, populate_existing=True)
    assert found.hidden_at and found.text == "다른 뜻이에요."
