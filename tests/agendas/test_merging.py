"""Two proposals that say the same: one is carried on, both stay, and every support keeps its origin."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.agendas.events import MergeUndone, ProposalMerged
from civic_forum.agendas.models import MergeOptOut, ProposalMerge
from civic_forum.agendas.queries.merges import around
from civic_forum.agendas.queries.union import count_of_all, supporters
from civic_forum.agendas.rules import Reply
from civic_forum.agendas.services import merging, objecting
from civic_forum.journeys.queries import entries
from civic_forum.platform import hooks
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.proposals.events import ThresholdLost, ThresholdReached
from civic_forum.proposals.models import Support
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports as proposals
from tests.common import again
from tests.factories import MAY

WHY = "같은 골목의 같은 문제예요."


@pytest.fixture
def told(monkeypatch):
    """Every fact that is told, in order."""
    facts, run = [], hooks.run
    monkeypatch.setattr(hooks, "run", lambda fact, session: (facts.append(fact), run(fact, session)))
    return facts


def lineage_of(proposal):
    _agendas, lineage = around(proposal.id)
    return lineage


def support(proposal, *users):
    for user in users:
        proposals.support(proposal.id, by=user)
    return list(users)


@pytest.mark.both
def test_both_stay_readable_and_each_person_counts_once(town, told):
    kick, board, moderator = town.proposal(), town.proposal(), town.moderator()
    both, one, other = town.resident(), town.user(), town.resident()
    support(kick, both, one)
    support(board, both, other)
    merge = merging.merge(kick.id, board.id, WHY, by=moderator)
    assert (again(kick).state, again(kick).own_support_count, again(board).own_support_count) == (State.MERGED, 2, 2)
    assert supporters(board.id) == {both.id, one.id, other.id} and count_of_all([board.id]) == 3
    assert (again(kick).support_count, again(board).support_count, again(board).merged_support_count) == (2, 3, 1)
    assert ProposalMerged(merge.id, kick.id, board.id) in told
    assert [step.step for step in entries(again(kick).journey_id)][-1] == "merged"
    assert [step.step for step in entries(again(board).journey_id)][-1] == "took_up"
    assert lineage_of(kick).merges == lineage_of(board).merges


def test_a_supporter_of_the_other_one_later_is_still_one_person(town):
    kick, board, neighbour = town.proposal(), town.proposal(), town.resident()
    support(kick, neighbour)
    merging.merge(kick.id, board.id, WHY, by=town.moderator())
    support(board, neighbour)
    assert (count_of_all([board.id]), again(board).merged_support_count) == (1, 0)
    proposals.end_support(board.id, by=neighbour)
    assert (count_of_all([board.id]), again(board).merged_support_count) == (1, 1)


@pytest.mark.in_turns(of=5)
def test_a_chain_carries_everybody_to_its_end_and_comes_apart_in_any_order(town):
    first, second, third, moderator = town.proposal(), town.proposal(), town.proposal(), town.moderator()
    for proposal in (first, second, third):
        support(proposal, town.resident())
    lower = merging.merge(first.id, second.id, WHY, by=moderator)
    upper = merging.merge(second.id, third.id, WHY, by=moderator)
    assert [count_of_all([one.id]) for one in (first, second, third)] == [1, 2, 3]
    merging.undo(lower.id, WHY, by=moderator)
    assert [count_of_all([one.id]) for one in (first, second, third)] == [1, 1, 2]
    assert [again(one).state for one in (first, second)] == [State.GATHERING, State.MERGED]
    merging.undo(upper.id, WHY, by=moderator)
    assert [count_of_all([one.id]) for one in (first, second, third)] == [1, 1, 1]
    assert again(third).merged_support_count == 0 and again(second).state is State.GATHERING


def test_a_proposal_of_an_agenda_goes_back_into_it(town):
    kick, board = town.proposal(state=State.IN_AGENDA, state_before=State.ANSWERED), town.proposal()
    merge = merging.merge(kick.id, board.id, WHY, by=town.moderator())
    merging.undo(merge.id, WHY, by=town.moderator())
    assert (again(kick).state, again(kick).state_before) == (State.IN_AGENDA, State.ANSWERED)
    assert again(kick).merged_into_id is None


def test_together_they_oblige_the_office_and_undoing_leads_back(town, told):
    kick, board, moderator = town.proposal(threshold=3), town.proposal(threshold=3), town.moderator()
    support(kick, town.resident(), town.user())
    support(board, town.resident())
    merge = merging.merge(kick.id, board.id, WHY, by=moderator)
    assert again(board).state is State.ANSWER_DUE and again(board).threshold_reached_at
    assert told.count(ThresholdReached(board.id)) == 1
    merging.undo(merge.id, WHY, by=moderator)
    assert again(board).state is State.GATHERING and again(board).threshold_reached_at is None
    assert told.count(ThresholdLost(board.id)) == 1 and MergeUndone(merge.id, kick.id, board.id) in told


@pytest.mark.in_turns(of=5)
def test_a_number_reached_by_its_own_supports_stays_reached(town, told):
    kick, board, moderator = town.proposal(), town.proposal(threshold=2), town.moderator()
    support(kick, town.resident())
    support(board, town.resident())
    merge = merging.merge(kick.id, board.id, WHY, by=moderator)
    last = town.user()
    support(board, last)
    proposals.end_support(board.id, by=last)
    merging.undo(merge.id, WHY, by=moderator)
    assert again(board).state is State.ANSWER_DUE and ThresholdLost(board.id) not in told


def test_the_first_support_after_a_merge_may_be_the_one_that_was_missing(town, told):
    kick, board = town.proposal(), town.proposal(threshold=2)
    support(kick, town.resident())
    merging.merge(kick.id, board.id, WHY, by=town.moderator())
    assert again(board).state is State.GATHERING
    support(board, town.resident())
    assert again(board).state is State.ANSWER_DUE and ThresholdReached(board.id) in told


def test_a_proposal_lifted_by_a_merge_comes_down_below_another_merge_too(town):
    kick, board, last, moderator = (
        town.proposal(),
        town.proposal(threshold=1),
        town.proposal(threshold=1),
        town.moderator(),
    )
    support(kick, town.resident())
    lower = merging.merge(kick.id, board.id, WHY, by=moderator)
    upper = merging.merge(board.id, last.id, WHY, by=moderator)
    assert again(board).state_before_merge is State.ANSWER_DUE
    merging.undo(lower.id, WHY, by=moderator)
    merging.undo(upper.id, WHY, by=moderator)
    assert again(board).state is State.GATHERING


@pytest.mark.both
def test_supporters_take_their_name_back_within_fourteen_days(town, at):
    at(MAY)
    kick, board, neighbour, moderator = town.proposal(), town.proposal(), town.resident(), town.moderator()
    support(kick, neighbour, town.resident())
    merge = merging.merge(kick.id, board.id, WHY, by=moderator)
    merging.opt_out(merge.id, by=neighbour)
    merging.opt_out(merge.id, by=neighbour)
    assert count_of_all([board.id]) == 1 and again(kick).support_count == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(MergeOptOut)) == 1
    at(MAY + timedelta(days=14))
    with pytest.raises(Denied, match="14일"):
        merging.opt_out(merge.id, by=neighbour)
    merging.undo(merge.id, WHY, by=moderator)
    assert supporters(kick.id) == set(db.session.scalars(sa.select(Support.user_id).filter_by(proposal_id=kick.id)))


def test_nobody_takes_back_a_name_that_is_not_there(town):
    kick, board = town.proposal(), town.proposal()
    merge = merging.merge(kick.id, board.id, WHY, by=town.moderator())
    with pytest.raises(Conflict, match="남긴 공감이 없어요"):
        merging.opt_out(merge.id, by=town.resident())


def test_both_authors_are_heard_and_an_objection_is_answered(town, at):
    at(MAY)
    kick, board, moderator = town.proposal(), town.proposal(), town.moderator()
    merge = merging.merge(kick.id, board.id, WHY, by=moderator)
    objecting.agree_to_merge(merge.id, by=board.author)
    objection = objecting.object_to_merge(merge.id, "제 제안은 보관함을 말한 것이라 뜻이 달라요.", by=kick.author)
    with pytest.raises(Conflict, match="이미 답했어요"):
        objecting.object_to_merge(merge.id, "다시 한번 반대해요.", by=kick.author)
    objecting.answer(objection.id, "말씀이 옳아 합친 것을 되돌릴게요.", by=moderator)
    with pytest.raises(Denied, match="이미 답한"):
        objecting.answer(objection.id, "두 번째 운영자의 답이에요.", by=town.moderator())
    found = lineage_of(kick)
    assert found.replies[merge.id] == {board.author_id: Reply.AGREED, kick.author_id: Reply.OBJECTED}
    assert found.objections[merge.id][0].answer == "말씀이 옳아 합친 것을 되돌릴게요."


def test_an_objection_comes_within_seven_days_and_from_an_author(town, at):
    at(MAY)
    kick, board = town.proposal(), town.proposal()
    merge = merging.merge(kick.id, board.id, WHY, by=town.moderator())
    with pytest.raises(Denied, match="쓴 사람만"):
        objecting.object_to_merge(merge.id, "이웃으로서 반대해요.", by=town.resident())
    at(MAY + timedelta(days=7))
    with pytest.raises(Denied, match="7일"):
        objecting.object_to_merge(merge.id, "늦었지만 반대해요.", by=kick.author)
    objecting.agree_to_merge(merge.id, by=kick.author)


def test_the_second_moderator_sees_what_the_first_did(town):
    kick, board, other = town.proposal(), town.proposal(), town.proposal()
    merge = merging.merge(kick.id, board.id, WHY, by=town.moderator())
    with pytest.raises(Conflict, match="이미 다른 제안과 합쳐졌어요"):
        merging.merge(kick.id, other.id, WHY, by=town.moderator())
    with pytest.raises(Conflict, match="이어 가는 제안을 골라"):
        merging.merge(other.id, kick.id, WHY, by=town.moderator())
    merging.undo(merge.id, WHY, by=town.moderator())
    with pytest.raises(Conflict, match="이미 되돌린"):
        merging.undo(merge.id, WHY, by=town.moderator())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).filter_by(
        action="agendas.merge_undone")) == 1


@pytest.mark.parametrize("state", [State.DRAFT, State.HELD, State.WITHDRAWN, State.DECIDED, State.DONE])
def test_a_proposal_that_is_not_public_or_over_is_not_merged(town, state):
    kick, board = town.proposal(state=state), town.proposal()
    for merged, into in ((kick, board), (board, kick)):
        with pytest.raises(Conflict, match="합칠 수 없어요"):
            merging.merge(merged.id, into.id, WHY, by=town.moderator())
    assert db.session.scalar(sa.select(ProposalMerge.id)) is None


def test_only_another_moderator_merges_and_with_a_reason(town):
    moderator = town.moderator()
    kick, board = town.proposal(author=moderator), town.proposal()
    for by in (town.resident(), town.official(), town.clerk(), moderator):
        with pytest.raises(Denied):
            merging.merge(kick.id, board.id, WHY, by=by)
    with pytest.raises(Refusal, match="5자 이상 500자 이하") as refused:
        merging.merge(kick.id, board.id, "음", by=town.moderator())
    assert refused.value.field == "reason"
    with pytest.raises(Conflict, match="합칠 수 없어요"):
        merging.merge(board.id, board.id, WHY, by=town.moderator())
