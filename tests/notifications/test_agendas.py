"""Grouping and merging: who hears of it, until when they may object, and that nobody hears of it twice."""

from datetime import timedelta

import pytest

from civic_forum.agendas.rules import AgendaState, Relation
from civic_forum.agendas.services import branching, grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.platform.i18n import local
from civic_forum.notifications import labels
from civic_forum.notifications.rules import NoticeKind
from civic_forum.proposals.services import supports as proposals
from tests.factories import MAY

from .told import last, notices, steps, told

WHY = "같은 골목의 같은 문제예요."
MINE, SUPPORTED, DUTY = NoticeKind.MY_PROPOSAL, NoticeKind.SUPPORTED, NoticeKind.DUTY


def agenda(town, *grouped, by, public=True):
    made = making.begin("alley", Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=by)
    links = grouping.group(made.id, [one.id for one in grouped], Relation.CORE, WHY, by=by)
    if public:
        making.publish(made.id, by=by)
    return made, links


def in_days(days: int) -> str:
    return local(MAY + timedelta(days=days)).date().isoformat()


def test_an_author_hears_how_to_object_to_a_grouping(town, at):
    at(MAY)
    author, moderator = town.resident(), town.moderator()
    _made, [link] = agenda(town, town.proposal(author=author), by=moderator)
    assert told(author) == [(MINE, "grouped_mine")]
    assert last(author).url == f"/proposals/{link.proposal.number}#of-agendas", "where the reason stands"
    assert last(author).details == {"until": in_days(7)}


def test_an_agenda_that_is_not_public_yet_is_told_to_nobody(town):
    author, supporter = town.resident(), town.resident()
    proposal = town.proposal(author=author)
    proposals.support(proposal.id, by=supporter)
    agenda(town, proposal, by=town.moderator(), public=False)
    assert told(author) == told(supporter) == []


@pytest.mark.in_turns(of=5)
def test_a_supporter_of_ten_proposals_of_one_agenda_hears_of_it_once(town):
    supporter, moderator = town.resident(), town.moderator()
    ten = [town.proposal() for _n in range(10)]
    for proposal in ten:
        proposals.support(proposal.id, by=supporter)
    made, _links = agenda(town, *ten[:8], by=moderator)
    grouping.group(made.id, [one.id for one in ten[8:]], Relation.RELATED, WHY, by=moderator)
    assert told(supporter) == [(SUPPORTED, "grouped_supported")]
    assert last(supporter).url == "/agendas/alley"


def test_a_step_of_the_agenda_reaches_authors_and_supporters_of_its_proposals(town):
    author, supporter, moderator = town.resident(), town.resident(), town.moderator()
    proposal = town.proposal(author=author)
    proposals.support(proposal.id, by=supporter)
    made, _links = agenda(town, proposal, by=moderator)
    making.move(made.id, AgendaState.IN_DELIBERATION, by=moderator)
    making.move(made.id, AgendaState.DECIDED, by=moderator)
    assert told(author)[1:] == [(MINE, "agenda_in_deliberation"), (MINE, "decided")]
    assert told(supporter)[1:] == [(SUPPORTED, "agenda_in_deliberation"), (SUPPORTED, "decided")]


def test_an_objection_waits_for_moderators_and_its_answer_is_told(town):
    author, moderator, other = town.resident(), town.moderator(), town.moderator()
    _made, [link] = agenda(town, town.proposal(author=author), by=moderator)
    objection = objecting.object_to_grouping(link.id, "제 제안은 단속을 말한 것이에요.", by=author)
    assert told(moderator) == told(other) == [(DUTY, "duty_objection")]
    assert last(other).url == f"/desk/author-objections/{objection.id}"
    objecting.answer(objection.id, "이어진 제안으로 옮겼어요.", by=other)
    assert steps(author) == ["grouped_mine", "objection_answered_mine"]


def test_a_merge_asks_both_authors_and_tells_each_person_once(town, at):
    at(MAY)
    first, second, both, one, other = (town.resident() for _n in range(5))
    kick, board = town.proposal(author=first), town.proposal(author=second)
    for user, proposal in ((both, kick), (both, board), (one, kick), (other, board), (second, kick)):
        proposals.support(proposal.id, by=user)
    merging.merge(kick.id, board.id, WHY, by=town.moderator())
    assert (told(first), told(second)) == ([(MINE, "merged_mine")], [(MINE, "took_up_mine")])
    assert last(first).details == last(second).details == {"until": in_days(7)}
    assert told(both) == told(one) == [(SUPPORTED, "merged_supported")]
    assert last(one).details == {"until": in_days(14)}
    assert last(one).url == f"/proposals/{kick.number}#lineage"
    assert told(other) == [(SUPPORTED, "took_up_supported")]


@pytest.mark.both
def test_an_objector_to_a_merge_is_answered_about_the_own_proposal(town):
    """Letters name one's own texts even when they are hidden, so no title of another's is kept for anybody."""
    first, second, moderator = town.resident(), town.resident(), town.moderator()
    kick, board = town.proposal(author=first, title="킥보드 자리"), town.proposal(author=second, title="전동 보드")
    merge = merging.merge(kick.id, board.id, WHY, by=moderator)
    for author, own in ((first, kick), (second, board)):
        objection = objecting.object_to_merge(merge.id, "두 제안은 말하는 곳이 달라요.", by=author)
        objecting.answer(objection.id, "같은 주차 자리를 다뤄요.", by=moderator)
        assert (last(author).step, last(author).about, last(author).title) == (
            "objection_answered_mine", f"proposal:{own.id}", own.title)


def test_undoing_a_merge_is_told_once_to_each(town):
    kick, board, both, moderator = town.proposal(), town.proposal(), town.resident(), town.moderator()
    for proposal in (kick, board):
        proposals.support(proposal.id, by=both)
    merge = merging.merge(kick.id, board.id, WHY, by=moderator)
    merging.undo(merge.id, WHY, by=moderator)
    assert steps(both) == ["merged_supported", "merge_undone"]
    again = merging.merge(kick.id, board.id, WHY, by=moderator)
    assert steps(both)[-1] == "merged_supported" and again.id != merge.id


def test_being_let_out_of_an_agenda_is_told(town):
    author, supporter, moderator = town.resident(), town.resident(), town.moderator()
    proposal = town.proposal(author=author)
    proposals.support(proposal.id, by=supporter)
    _made, [link, _other] = agenda(town, proposal, town.proposal(), by=moderator)
    grouping.ungroup(link.id, WHY, by=moderator)
    assert steps(author)[-1] == steps(supporter)[-1] == "ungrouped"


@pytest.mark.in_turns(of=5)
def test_grouping_many_costs_a_few_statements_each(town, queries):
    moderator = town.moderator()
    many = [town.proposal().id for _n in range(30)]
    made, _links = agenda(town, town.proposal(), by=moderator)
    with queries() as seen:
        grouping.group(made.id, many, Relation.RELATED, WHY, by=moderator)
    telling = [one for one in seen if "INTO notice " in one or "INTO delivery " in one]
    assert len(telling) <= 4 * len(many)
    assert len(notices(moderator)) == 0


def test_proposals_that_come_along_when_agendas_are_merged_are_told_again(town, at):
    """The proposal stands in another agenda now, and its author has seven days again."""
    at(MAY)
    author, supporter, moderator = town.resident(), town.resident(), town.moderator()
    proposal = town.proposal(author=author)
    proposals.support(proposal.id, by=supporter)
    made, _links = agenda(town, proposal, by=moderator)
    other = making.begin("shade", Wording("나무 그늘을 어디에 더할까요?"), by=moderator)
    grouping.group(other.id, [town.proposal().id], Relation.CORE, WHY, by=moderator)
    at(MAY + timedelta(days=3))
    making.publish(other.id, by=moderator)
    at(MAY + timedelta(days=9))
    branching.merge(made.id, other.id, WHY, by=moderator)
    assert steps(author) == ["grouped_mine", "grouped_mine"]
    assert last(author).details == {"until": in_days(16)}
    assert last(supporter).url == "/agendas/shade"
    making.move(other.id, AgendaState.DECIDED, by=moderator)
    assert steps(author)[-1] == steps(supporter)[-1] == "decided"


def test_a_step_written_down_at_an_agenda_is_told_in_its_words(town):
    moderator, author = town.moderator(), town.resident()
    made, _links = agenda(town, town.proposal(author=author), by=moderator)
    making.note(made.id, "60명이 독산로를 함께 걸으며 100% 재었어요.", by=moderator)
    assert labels.sentence(last(author).step, last(author).details) == ("의제에 새 소식이 있어요: 60명이 독산로를 함께 걸으며 100% 재었어요.")
    making.note(made.id, "보도를 " * 60, by=moderator)
    said = labels.sentence(last(author).step, last(author).details)
    assert said.endswith("보도를…") and len(said) < 110
