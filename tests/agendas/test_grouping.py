"""Agendas: proposals come and go, every link and every version stays."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.agendas.events import AgendaPublished, ProposalGrouped, ProposalUngrouped
from civic_forum.agendas.models import Agenda, AgendaLink, AgendaVersion
from civic_forum.agendas.queries import links
from civic_forum.agendas.rules import AgendaState, Relation
from civic_forum.agendas.services import branching, grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.journeys.events import StepTaken
from civic_forum.journeys.queries import entries
from civic_forum.platform import hooks
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from tests.factories import MAY

QUESTION = "골목을 함께 쓰려면 무엇부터 할까요?"
WHY = "같은 골목의 이야기예요."


def begun(moderator, slug="alley", **wording) -> Agenda:
    return making.begin(slug, Wording(**{"question": QUESTION} | wording), by=moderator)


def grouped(agenda, proposals, moderator, relation=Relation.CORE):
    return grouping.group(agenda.id, [one.id for one in proposals], relation, WHY, by=moderator)


def opened(moderator, *proposals, slug="alley"):
    agenda = begun(moderator, slug)
    made = grouped(agenda, proposals, moderator)
    making.publish(agenda.id, by=moderator)
    return agenda, made


def state_of(proposal):
    db.session.rollback()
    return db.session.get(Proposal, proposal.id, populate_existing=True).state


def test_grouping_moves_no_state_and_is_told_when_everybody_can_read_it(town, moderator, monkeypatch):
    told, run = [], hooks.run
    monkeypatch.setattr(hooks, "run", lambda fact, session: (told.append(fact), run(fact, session)))
    one, two = town.proposal(), town.proposal()
    agenda = begun(moderator)
    first, = grouped(agenda, [one], moderator)
    assert [fact for fact in told if isinstance(fact, ProposalGrouped)] == []
    making.publish(agenda.id, by=moderator)
    second, = grouped(agenda, [two], moderator, Relation.RELATED)
    told = [fact for fact in told if not isinstance(fact, StepTaken)]
    assert told == [AgendaPublished(agenda.id), ProposalGrouped(agenda.id, one.id, first.id),
                    ProposalGrouped(agenda.id, two.id, second.id)]
    assert state_of(one) is State.GATHERING
    assert [step.step for step in entries(one.journey_id)][-1] == "grouped"
    grouping.ungroup(first.id, WHY, by=moderator)
    assert told[-1] == ProposalUngrouped(agenda.id, one.id, first.id)
    kept = db.session.get(AgendaLink, first.id)
    assert kept.ended_why == WHY and [link.id for link in links.open_of(agenda.id)] == [second.id]


def test_a_proposal_is_core_in_one_agenda_and_related_in_several(town, moderator):
    one = town.proposal()
    opened(moderator, one)
    other = begun(moderator, "market")
    with pytest.raises(Conflict, match=one.number):
        grouped(other, [one], moderator)
    link, = grouped(other, [one], moderator, Relation.RELATED)
    with pytest.raises(Conflict, match="중심"):
        grouping.change(link.id, Relation.CORE, WHY, by=moderator)
    grouping.change(link.id, Relation.ALTERNATIVE, "견주어 볼 방법이에요.", by=moderator)
    assert len(links.open_of(other.id)) == 1


def test_five_hundred_at_once_are_refused_with_a_sentence(town, moderator):
    agenda = begun(moderator)
    with pytest.raises(Refusal, match="한 번에 100개까지 .* 500개"):
        grouping.group(agenda.id, range(1, 501), Relation.RELATED, WHY, by=moderator)
    assert db.session.scalar(sa.select(AgendaLink.id)) is None


def test_all_are_grouped_or_none(town, moderator):
    agenda, good = begun(moderator), town.proposal()
    for facts in ({"state": State.HELD, "published_at": None}, {"state": State.WITHDRAWN}, {"state": State.MERGED},
                  {"hidden_at": MAY}):
        with pytest.raises(Conflict):
            grouped(agenda, [good, town.proposal(**facts)], moderator)
    grouped(agenda, [good], moderator)
    with pytest.raises(Conflict, match="이미 이 의제에"):
        grouped(agenda, [good, town.proposal()], moderator)
    assert len(links.open_of(agenda.id)) == 1


@pytest.mark.in_turns(of=5)
def test_taking_up_is_an_act_of_its_own_and_leaving_leads_back(town, moderator):
    one = town.proposal(state=State.ANSWERED)
    _agenda, (link,) = opened(moderator, one)
    grouping.take_up(link.id, by=moderator)
    assert state_of(one) is State.IN_AGENDA
    with pytest.raises(Conflict):
        grouping.take_up(link.id, by=moderator)
    grouping.ungroup(link.id, WHY, by=moderator)
    assert state_of(one) is State.ANSWERED
    with pytest.raises(Conflict, match="이미 의제에서 나온"):
        grouping.ungroup(link.id, WHY, by=moderator)


def test_a_proposal_that_left_its_agenda_while_merged_does_not_go_back_into_it(town, moderator):
    one, other = town.proposal(), town.proposal()
    _agenda, (link,) = opened(moderator, one)
    grouping.take_up(link.id, by=moderator)
    merge = merging.merge(one.id, other.id, WHY, by=moderator)
    grouping.ungroup(link.id, WHY, by=moderator)
    merging.undo(merge.id, WHY, by=moderator)
    assert state_of(one) is State.GATHERING


def test_an_agenda_without_proposals_is_not_published(moderator):
    with pytest.raises(Conflict, match="하나 이상"):
        making.publish(begun(moderator).id, by=moderator)


@pytest.mark.both
def test_earlier_texts_are_kept_and_two_moderators_do_not_overwrite_each_other(town, moderator):
    agenda = begun(moderator, summary="처음 설명")
    making.edit(agenda.id, Wording("다르게 물을까요?", "고친 설명", [town.neighbourhood().id]), version=1, by=moderator)
    with pytest.raises(Conflict, match="다른 운영자"):
        making.edit(agenda.id, Wording("늦은 질문일까요?"), version=1, by=town.moderator())
    kept = db.session.execute(sa.select(AgendaVersion.version, AgendaVersion.question)
                              .order_by(AgendaVersion.version)).all()
    assert [tuple(row) for row in kept] == [(1, QUESTION), (2, "다르게 물을까요?")]
    making.edit(agenda.id, Wording("다르게 물을까요?", "고친 설명", [town.neighbourhood().id]), version=2, by=moderator)
    assert db.session.get(Agenda, agenda.id).version == 2


@pytest.mark.parametrize("slug", ["", "A", "with space", "-x-", "<b>", "x" * 61])
def test_an_address_is_short_and_plain(moderator, slug):
    with pytest.raises(Refusal, match="주소"):
        begun(moderator, slug)


def test_states_are_said_in_the_journey(town, moderator):
    agenda, _links = opened(moderator, town.proposal())
    making.move(agenda.id, AgendaState.IN_DELIBERATION, by=moderator)
    with pytest.raises(Conflict, match="이미 그 단계"):
        making.move(agenda.id, AgendaState.IN_DELIBERATION, by=town.moderator())
    assert [step.step for step in entries(agenda.journey_id)] == ["agenda_opened", "agenda_in_deliberation"]


def test_an_author_objects_within_seven_days_of_hearing_of_it(town, moderator, at):
    at(MAY)
    one, two = town.proposal(), town.proposal()
    agenda = begun(moderator)
    first, second = grouped(agenda, [one, two], moderator)
    with pytest.raises(Denied):
        objecting.object_to_grouping(first.id, "공개하기 전이에요.", by=one.author)
    at(MAY + timedelta(days=10))
    making.publish(agenda.id, by=moderator)
    at(MAY + timedelta(days=16))
    objection = objecting.object_to_grouping(first.id, "제 제안은 단속을 말한 것이에요.", by=one.author)
    with pytest.raises(Conflict, match="이미 반대"):
        objecting.object_to_grouping(first.id, "한 번 더 반대해요.", by=one.author)
    with pytest.raises(Denied):
        objecting.object_to_grouping(first.id, "이웃으로서 반대해요.", by=two.author)
    at(MAY + timedelta(days=17))
    with pytest.raises(Denied, match="7일"):
        objecting.object_to_grouping(second.id, "늦었지만 반대해요.", by=two.author)
    assert objecting.answer(objection.id, "이어진 제안으로 옮겼어요.", by=moderator).answered_at


def test_an_agenda_comes_apart_and_together_with_every_link(town, moderator):
    one, two, three = town.proposal(), town.proposal(), town.proposal()
    agenda, (first, second, _third) = opened(moderator, one, two, three)
    part = branching.split(agenda.id, [first.id, second.id], "alley-share", "낮에 나눠 쓸까요?", WHY, by=moderator)
    assert {link.proposal_id for link in links.open_of(part.id)} == {one.id, two.id} and part.published_at
    branching.merge(part.id, agenda.id, WHY, by=moderator)
    assert {link.proposal_id for link in links.open_of(agenda.id)} == {one.id, two.id, three.id}
    with pytest.raises(Denied, match="합쳐진 의제"):
        grouped(db.session.get(Agenda, part.id), [town.proposal()], moderator)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AgendaLink)) == 5


def test_the_whole_of_an_agenda_is_not_split_off(town, moderator):
    agenda, (link,) = opened(moderator, town.proposal())
    with pytest.raises(Conflict):
        branching.split(agenda.id, [link.id], "whole", QUESTION, WHY, by=moderator)
