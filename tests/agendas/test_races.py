"""Two moderators at once: what the first did stands, nothing is done twice, and nobody waits for ever."""

import time
from threading import Event

import pytest
import sqlalchemy as sa

from civic_forum.agendas.models import AgendaLink, AuthorObjection, ProposalMerge
from civic_forum.agendas.policy import may_answer_objection
from civic_forum.agendas.queries.union import count_of_all
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making, merging, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.proposals import operations as proposal_steps
from civic_forum.proposals.models import Proposal
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports as proposals
from tests.common import user
from tests.proposals.test_races import at_once

pytestmark = pytest.mark.both

WHY = "같은 뜻을 담은 제안이에요."


def test_two_that_are_merged_into_each_other_at_once_are_merged_once(town, app):
    pair = [town.proposal().id, town.proposal().id]
    moderators = [town.moderator().id for _ in range(8)]
    db.session.rollback()
    answers = at_once(app, 8, lambda n: merging.merge(pair[n % 2], pair[1 - n % 2], WHY, by=user(moderators[n])))
    assert len([one for one in answers if isinstance(one, Refusal)]) == 7
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProposalMerge)) == 1
    states = set(db.session.scalars(sa.select(Proposal.state).where(Proposal.id.in_(pair))))
    assert states == {State.MERGED, State.GATHERING}


def test_supports_names_taken_back_and_merges_at_once_leave_a_true_count(town, app):
    kick, board = town.proposal().id, town.proposal().id
    people = [town.resident().id for _ in range(6)]
    for one in people[:3]:
        proposals.support(kick, by=user(one))
    moderator = town.moderator().id
    merge = merging.merge(kick, board, WHY, by=user(moderator)).id
    db.session.rollback()
    acts = [lambda: merging.opt_out(merge, by=user(people[0])), lambda: proposals.support(board, by=user(people[1])),
            lambda: proposals.support(board, by=user(people[3])), lambda: proposals.support(board, by=user(people[4])),
            lambda: merging.opt_out(merge, by=user(people[2])), lambda: proposals.support(board, by=user(people[5]))]
    assert not [one for one in at_once(app, 6, lambda n: acts[n]()) if isinstance(one, Refusal)]
    found = db.session.get(Proposal, board, populate_existing=True)
    assert found.support_count == count_of_all([board]) == 4
    assert found.own_support_count == 4 and found.merged_support_count == 0


def test_a_proposal_becomes_core_in_one_agenda_only(town, app):
    moderators = [town.moderator().id for _ in range(4)]
    agendas = [making.begin(f"agenda-{n}", Wording("무엇부터 할까요?"), by=user(moderators[n])).id for n in range(4)]
    one = town.proposal().id
    db.session.rollback()
    answers = at_once(app, 4, lambda n: grouping.group(agendas[n], [one], Relation.CORE, WHY, by=user(moderators[n])))
    assert len([answer for answer in answers if isinstance(answer, Refusal)]) == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AgendaLink)) == 1


def test_a_merge_that_reaches_the_threshold_while_another_proposal_reaches_its_own(town, app, monkeypatch):
    """Both count states anew: neither holds what the other waits for."""
    kick, board, other = town.proposal().id, town.proposal(threshold=2).id, town.proposal(threshold=1).id
    people = [town.resident().id for _ in range(3)]
    proposals.support(kick, by=user(people[0]))
    proposals.support(board, by=user(people[1]))
    moderator, half_way, look = town.moderator().id, Event(), proposal_steps.look_at_threshold

    def slowly(work, proposal):
        if proposal.id == board:
            half_way.set()
            time.sleep(1)
        look(work, proposal)

    def support():
        half_way.wait(10)
        proposals.support(other, by=user(people[2]))

    monkeypatch.setattr(proposal_steps, "look_at_threshold", slowly)
    db.session.rollback()
    acts = [lambda: merging.merge(kick, board, WHY, by=user(moderator)), support]
    assert not [one for one in at_once(app, 2, lambda n: acts[n]()) if isinstance(one, Refusal)]
    states = db.session.scalars(sa.select(Proposal.state).where(Proposal.id.in_((board, other)))).all()
    assert states == [State.ANSWER_DUE] * 2


def test_an_undo_happens_once(town, app):
    merge = merging.merge(town.proposal().id, town.proposal().id, WHY, by=town.moderator()).id
    moderators = [town.moderator().id for _ in range(5)]
    db.session.rollback()
    answers = at_once(app, 5, lambda n: merging.undo(merge, WHY, by=user(moderators[n])))
    assert len([answer for answer in answers if isinstance(answer, Refusal)]) == 4


def test_an_author_objects_while_a_moderator_undoes_the_merge(town, app):
    """The second to come sees what the first did; nothing waits that nobody can answer any more."""
    for _again in range(6):
        merged, into = town.proposal(), town.proposal()
        author, moderator = merged.author_id, town.moderator().id
        merge = merging.merge(merged.id, into.id, WHY, by=town.moderator()).id
        db.session.rollback()
        acts = [lambda: objecting.object_to_merge(merge, "같은 뜻이 아니에요.", by=user(author)),
                lambda: merging.undo(merge, WHY, by=user(moderator))]
        objected, undone = at_once(app, 2, lambda n: acts[n]())
        db.session.expire_all()
        assert not isinstance(undone, Exception) and db.session.get(ProposalMerge, merge).undone_at
        kept = db.session.scalars(sa.select(AuthorObjection).filter_by(merge_id=merge)).all()
        assert len(kept) == (0 if isinstance(objected, Refusal) else 1)
        assert db.session.get(Proposal, merged.id).state is State.GATHERING
        assert all(may_answer_objection(user(moderator), one) is None for one in kept)


def test_an_author_objects_while_a_moderator_lets_the_proposal_out(town, app):
    for again in range(6):
        proposal, moderator = town.proposal(), town.moderator().id
        author = proposal.author_id
        agenda = making.begin(f"corner-{again}", Wording("골목을 어떻게 고칠까요?", "골목이 어두워요."), by=user(moderator))
        [link] = grouping.group(agenda.id, [proposal.id], Relation.CORE, WHY, by=user(moderator))
        making.publish(agenda.id, by=user(moderator))
        link_id, proposal_id = link.id, proposal.id
        db.session.rollback()
        acts = [lambda: objecting.object_to_grouping(link_id, "다른 이야기예요.", by=user(author)),
                lambda: grouping.ungroup(link_id, WHY, by=user(moderator))]
        objected, let_go = at_once(app, 2, lambda n: acts[n]())
        db.session.expire_all()
        assert not isinstance(let_go, Exception) and db.session.get(AgendaLink, link_id).ended_at
        kept = db.session.scalars(sa.select(AuthorObjection).filter_by(link_id=link_id)).all()
        assert len(kept) == (0 if isinstance(objected, Refusal) else 1)
        assert db.session.get(Proposal, proposal_id).state is State.GATHERING
