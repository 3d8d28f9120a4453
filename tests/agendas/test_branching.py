"""Agendas that are merged, undone in any order, and split: every link and every version stays."""

from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import RoleGrant, User
from civic_forum.agendas.events import AgendaMerged, AgendaMergeUndone, ProposalGrouped, ProposalUngrouped
from civic_forum.agendas.models import Agenda, AgendaDescent, AgendaLink
from civic_forum.agendas.queries import links, listing, merges
from civic_forum.agendas.queries.detail import detail
from civic_forum.agendas.rules import AgendaState, Relation
from civic_forum.agendas.services import branching, grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.journeys.queries import entries
from civic_forum.platform import hooks
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, Denied, Refusal
from civic_forum.proposals.services import supports as proposals
from tests.common import commit
from tests.factories import MAY
from tests.proposals.test_races import at_once

QUESTION = "골목을 함께 쓰려면 무엇부터 할까요?"
WHY = "같은 골목의 이야기예요."


def begun(moderator, slug, *members, relation=Relation.RELATED, public=True):
    agenda = making.begin(slug, Wording(QUESTION), by=moderator)
    grouping.group(agenda.id, [one.id for one in members], relation, WHY, by=moderator)
    return making.publish(agenda.id, by=moderator) if public else agenda


def held(agenda) -> dict[int, Relation]:
    db.session.expire_all()
    return {link.proposal_id: link.relation for link in links.open_of(agenda.id)}


def test_an_agenda_carries_on_what_another_one_held_until_that_is_undone(town, moderator, monkeypatch):
    told, run = [], hooks.run
    monkeypatch.setattr(hooks, "run", lambda fact, session: (told.append(fact), run(fact, session)))
    one, two, both = town.proposal(), town.proposal(), town.proposal()
    alley, market = begun(moderator, "alley", one, both), begun(moderator, "market", two, both)
    making.move(alley.id, AgendaState.IN_DELIBERATION, by=moderator)
    told.clear()
    descent = branching.merge(alley.id, market.id, WHY, by=moderator)
    assert set(held(market)) == {one.id, two.id, both.id} and set(held(alley)) == {one.id, both.id}
    assert [fact.proposal_id for fact in told if isinstance(fact, ProposalGrouped)] == [one.id]
    assert AgendaMerged(alley.id, market.id) in told
    assert listing.of_ids([market.id])[market.id].proposals == 3
    assert [(kin.descent_id, kin.slug) for kin in detail("market").kin] == [(descent.id, "alley")]
    assert db.session.get(Agenda, alley.id).state is AgendaState.CLOSED
    branching.undo(descent.id, "두 의제를 따로 보기로 했어요.", by=moderator)
    assert set(held(market)) == {two.id, both.id} and set(held(alley)) == {one.id, both.id}
    again = db.session.get(Agenda, alley.id)
    assert (again.state, again.state_before, again.merged_into_id) == (AgendaState.IN_DELIBERATION, None, None)
    assert AgendaMergeUndone(alley.id, market.id) in told
    for agenda in (alley, market):
        assert [step.step for step in entries(agenda.journey_id)][-1] == "agenda_merge_undone"
    with pytest.raises(Denied, match="이미 되돌린"):
        branching.undo(descent.id, WHY, by=town.moderator())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AgendaLink)) == 4


LINKS = pytest.mark.parametrize("count", [12, pytest.param(30, marks=pytest.mark.long)])


@pytest.mark.in_turns(of=5)
@LINKS
def test_a_chain_of_agendas_undone_in_any_order_is_as_before(town, moderator, queries, count):
    members = [town.proposal() for _ in range(count + 1)]
    agendas = [begun(moderator, f"agenda-{n}", one) for n, one in enumerate(members)]
    made = [branching.merge(one.id, into.id, WHY, by=moderator) for one,
            into in zip(agendas, agendas[1:], strict=False)]
    assert set(held(agendas[-1])) == {one.id for one in members}
    with queries() as seen:
        detail(f"agenda-{count}")
    assert len(seen) == 10, "however long the chain is"
    assert [one.slug for one in merges.around(members[0].id)[0]] == [f"agenda-{count}"]
    Random(count).shuffle(made)
    for descent in made:
        branching.undo(descent.id, WHY, by=moderator)
    for agenda, one in zip(agendas, members, strict=True):
        assert list(held(agenda)) == [one.id]
        assert (agenda.state, agenda.merged_into_id) == (AgendaState.PREPARING, None)


@pytest.mark.in_turns(of=10)
def test_five_hundred_proposals_come_together_in_as_many_statements_as_five(town, moderator, queries):
    author = town.resident()
    few, many, market = (making.begin(slug, Wording(QUESTION), by=moderator) for slug in ("few", "many", "market"))
    grouping.group(few.id, [town.proposal(author=author).id for _ in range(5)], Relation.RELATED, WHY, by=moderator)
    ids = [town.proposal(author=author).id for _ in range(495)]
    for place in range(0, len(ids), 100):
        grouping.group(many.id, ids[place:place + 100], Relation.RELATED, WHY, by=moderator)
    counted = []
    for agenda in (few, many):
        with queries() as seen:
            branching.merge(agenda.id, market.id, WHY, by=moderator)
        counted.append(len(seen))
    assert len(held(market)) == 500
    assert counted[1] - counted[0] <= 2, counted
    with pytest.raises(Refusal, match="나누어"):
        grouping.group(market.id, [town.proposal(author=author).id], Relation.RELATED, WHY, by=moderator)


@pytest.mark.both
def test_a_core_proposal_in_one_of_them_is_core_and_said_anew_in_the_one_that_carries_on(town, moderator):
    one, other = town.proposal(), town.proposal()
    alley, market = begun(moderator, "alley", one, relation=Relation.CORE), begun(moderator, "market", one, other)
    descent = branching.merge(alley.id, market.id, WHY, by=moderator)
    assert held(market)[one.id] is Relation.CORE
    shown = next(link for link in links.open_of(market.id) if link.proposal_id == one.id)
    grouping.change(shown.id, Relation.ALTERNATIVE, "견주어 볼 방법이에요.", by=moderator)
    assert held(market)[one.id] is Relation.ALTERNATIVE
    branching.undo(descent.id, WHY, by=moderator)
    assert held(alley) == {one.id: Relation.ALTERNATIVE} and held(market)[one.id] is Relation.RELATED


def test_a_proposal_let_out_meanwhile_stays_out_after_undoing(town, moderator):
    one, two = town.proposal(), town.proposal()
    alley, market = begun(moderator, "alley", one, two), begun(moderator, "market", one)
    descent = branching.merge(alley.id, market.id, WHY, by=moderator)
    shown = next(link for link in links.open_of(market.id) if link.proposal_id == one.id)
    grouping.ungroup(shown.id, WHY, by=moderator)
    assert set(held(market)) == {two.id}
    branching.undo(descent.id, WHY, by=moderator)
    assert set(held(alley)) == {two.id} and held(market) == {}


def test_a_part_that_is_merged_back_is_as_before(town, moderator):
    one, two = town.proposal(), town.proposal()
    alley = begun(moderator, "alley", one, two)
    first = links.open_of(alley.id)[0]
    part = branching.split(alley.id, [first.id], "part", "나누어 볼까요?", WHY, by=moderator)
    assert set(held(part)) == {one.id} and set(held(alley)) == {two.id}
    back = branching.merge(part.id, alley.id, WHY, by=moderator)
    assert set(held(alley)) == {one.id, two.id}
    branching.undo(back.id, WHY, by=moderator)
    assert set(held(part)) == {one.id} and set(held(alley)) == {two.id}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AgendaDescent)) == 2


def test_an_author_may_object_when_the_proposal_came_into_another_agenda(town, moderator, at):
    at(MAY)
    one = town.proposal()
    alley, market = begun(moderator, "alley", one), begun(moderator, "market", town.proposal())
    link, = links.open_of(alley.id)
    at(MAY + timedelta(days=10))
    with pytest.raises(Denied, match="7일"):
        objecting.object_to_grouping(link.id, "늦었지만 반대해요.", by=one.author)
    branching.merge(alley.id, market.id, WHY, by=moderator)
    objecting.object_to_grouping(link.id, "시장 이야기가 아니에요.", by=one.author)
    assert [member.proposal_id for member in detail("market").objections] == [one.id]


def test_comments_rest_while_another_agenda_carries_on_and_go_on_afterwards(town, moderator):
    alley, market = begun(moderator, "alley", town.proposal()), begun(moderator, "market", town.proposal())
    neighbour = town.resident()
    said = comments.write(alley.thread_id, stance=Stance.NOTE, text="여기에 남긴 말이에요.", by=neighbour)
    descent = branching.merge(alley.id, market.id, WHY, by=moderator)
    with pytest.raises((Conflict, Denied), match="합쳐졌어요"):
        comments.write(alley.thread_id, stance=Stance.NOTE, text="이어서 말해요.", by=neighbour)
    branching.undo(descent.id, WHY, by=moderator)
    assert comments.write(alley.thread_id, stance=Stance.NOTE, text="이어서 말해요.", by=neighbour).id > said.id


@pytest.mark.both
def test_an_agenda_that_waits_for_its_decision_is_not_merged_into_what_was_decided(town, moderator):
    waiting, decided = begun(moderator, "waiting", town.proposal()), begun(moderator, "decided", town.proposal())
    making.move(waiting.id, AgendaState.IN_DELIBERATION, by=moderator)
    decided.state = AgendaState.DECIDED
    db.session.commit()
    with pytest.raises(Conflict, match="이미 결정한"):
        branching.merge(waiting.id, decided.id, WHY, by=moderator)
    branching.merge(decided.id, waiting.id, WHY, by=moderator)


def test_undoing_hides_again_what_was_never_published_by_itself(town, moderator, monkeypatch):
    told, run = [], hooks.run
    monkeypatch.setattr(hooks, "run", lambda fact, session: (told.append(fact), run(fact, session)))
    one = town.proposal()
    draft, public = begun(moderator, "draft", one, public=False), begun(moderator, "public", town.proposal())
    with pytest.raises(Conflict, match="공개한 의제는"):
        branching.merge(public.id, draft.id, WHY, by=moderator)
    other = begun(moderator, "other", town.proposal(), public=False)
    descent = branching.merge(draft.id, other.id, WHY, by=moderator)
    making.publish(other.id, by=moderator)
    assert one.id in [fact.proposal_id for fact in told if isinstance(fact, ProposalGrouped)]
    branching.undo(descent.id, WHY, by=moderator)
    assert [fact.proposal_id for fact in told if isinstance(fact, ProposalUngrouped)] == [one.id]
    assert merges.around(one.id) == ([], None)


@pytest.mark.both
def test_two_at_once_merge_into_each_other_once_and_undo_that_once(town, moderator, app):
    pair = [begun(moderator, slug, town.proposal()).id for slug in ("alley", "market")]
    moderators = [town.moderator().id for _ in range(6)]
    db.session.rollback()
    answers = at_once(app, 6, lambda n: branching.merge(pair[n % 2], pair[1 - n % 2], WHY, by=db.session.get(
        User, moderators[n])).id)
    descent_id, = [one for one in answers if not isinstance(one, Refusal)]
    answers = at_once(app, 6, lambda n: branching.undo(descent_id, WHY, by=db.session.get(User, moderators[n])).id)
    assert len([one for one in answers if isinstance(one, Refusal)]) == 5
    assert set(db.session.scalars(sa.select(Agenda.merged_into_id))) == {None}


def test_rights_withdrawn_while_the_page_is_open(town, moderator, browse):
    alley, market = begun(moderator, "alley", town.proposal()), begun(moderator, "market", town.proposal())
    descent = branching.merge(alley.id, market.id, WHY, by=moderator)
    client = browse(moderator)
    assert client.get(f"/desk/agenda-merges/{descent.id}/undo").status_code == 200
    commit(sa.delete(RoleGrant).where(RoleGrant.user_id == moderator.id))
    refused = client.post(f"/desk/agenda-merges/{descent.id}/undo", data={"reason": WHY})
    assert refused.status_code == 403 and "운영자만" in refused.text
    db.session.expire_all()
    assert db.session.get(AgendaDescent, descent.id).undone_at is None


def test_a_moderator_undoes_a_merge_of_agendas_by_its_form(town, moderator, browse):
    alley, market = begun(moderator, "alley", town.proposal()), begun(moderator, "market", town.proposal())
    descent = branching.merge(alley.id, market.id, WHY, by=moderator)
    client = browse(moderator)
    address = f"/desk/agenda-merges/{descent.id}/undo"
    assert address in client.get("/desk/agendas/alley").text and address in client.get("/desk/agendas/market").text
    assert client.post(address, data={"reason": "."}).status_code == 422
    assert client.post(address, data={"reason": WHY}).location == "/desk/agendas/alley"
    again = client.post(address, data={"reason": WHY})
    assert again.status_code == 403 and "이미 되돌린 일" in again.text
    assert client.get("/desk/agenda-merges/999/undo").status_code == 404
    assert "합쳤던 의제를 다시 나눴어요" in browse().get("/agendas/alley").text


@pytest.mark.in_turns(of=5)
@LINKS
def test_a_merge_chain_of_proposals_undone_in_any_order_is_as_before(town, moderator, count):
    chain = [town.proposal(threshold=100) for _ in range(count + 1)]
    people = [town.resident() for _ in range(count + 1)]
    for one, person in zip(chain, people, strict=True):
        proposals.support(one.id, by=person)
    before = [(one.state, one.support_count, one.merged_support_count) for one in chain]
    made = [merging.merge(one.id, into.id, WHY, by=moderator) for one, into in zip(chain, chain[1:], strict=False)]
    db.session.expire_all()
    assert (chain[-1].support_count, chain[-1].merged_support_count, chain[-1].own_support_count) == (
        count + 1, count, 1)
    Random(count).shuffle(made)
    for merge in made:
        merging.undo(merge.id, WHY, by=moderator)
    db.session.expire_all()
    assert [(one.state, one.support_count, one.merged_support_count) for one in chain] == before
