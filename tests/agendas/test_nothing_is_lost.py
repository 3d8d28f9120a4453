"""Random merges of proposals and of agendas, withdrawals, groupings, undoing: nothing is lost, nobody counts twice."""

from itertools import count

import pytest
import sqlalchemy as sa
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from civic_forum.agendas.models import (Agenda, AgendaLink, AgendaVersion, AuthorObjection, MergeOptOut, ProposalMerge)
from civic_forum.agendas.queries import links, union
from civic_forum.agendas.queries.union import supporters
from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import branching, grouping, making, merging
from civic_forum.agendas.services.making import Wording
from civic_forum.comments import services as comments
from civic_forum.comments.models import Comment
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.proposals.models import Proposal, Support
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import publication, supports
from tests.accounts.people import password_hash
from tests.conftest import empty

from . import snapshots
from .voices import Voices

WHY = "같은 뜻을 담은 제안이에요."
PROPOSALS, PEOPLE, AGENDAS, MOST_AGENDAS = 4, 4, 3, 5
ONE, WHO, WHERE = st.integers(0, PROPOSALS - 1), st.integers(0, PEOPLE - 1), st.integers(0, AGENDAS - 1)
PAIR = st.permutations(range(AGENDAS)).map(lambda order: order[:2])
SOME = st.sets(WHO, min_size=1, max_size=3)
TWO = st.permutations(range(PROPOSALS)).map(lambda order: order[:2])
_turn = count(1)


class District(Voices):
    """Acts of people with a few proposals and agendas; beside them, in plain sets, what must be true of them."""

    def __init__(self, town):
        super().__init__()
        self.town = town

    @initialize(supported=st.lists(SOME, min_size=PROPOSALS, max_size=PROPOSALS),
                grouped=st.lists(WHERE, min_size=PROPOSALS, max_size=PROPOSALS))
    def begin(self, supported, grouped):
        empty()
        self.moderator = self.town.moderator()
        self.people = [self.town.user(is_resident=n % 2 == 0) for n in range(PEOPLE)]
        self.residents = {one.id for one in self.people if one.is_resident}
        self.proposals = [self.town.proposal(threshold=3).id for _ in range(PROPOSALS)]
        self.authors = [db.session.get(Proposal, one).author for one in self.proposals]
        self.agendas = [self.agenda() for _ in range(AGENDAS)]
        self.supports: set[tuple[int, int]] = set()
        self.merges: dict[int, tuple[int, int]] = {}
        self.opt_outs: set[tuple[int, int]] = set()
        self.links: dict[int, tuple[int, int]] = {}
        self.ended: set[int] = set()
        self.comments: set[int] = set()
        self.agenda_merges: dict[int, tuple[int, int]] = {}
        self.states = {one: db.session.get(Agenda, one).state for one in self.agendas}
        self.history = 0
        self.people[0].password_hash = password_hash()  # who may leave
        db.session.commit()
        for one, (some, where) in enumerate(zip(supported, grouped, strict=True)):
            self.support(one, some)
            self.comment(one, min(some), where, of_agenda=False)
            self.comment(one, min(some), where, of_agenda=True)
            self.group(one, where, Relation.RELATED)
        for link in sorted(self.links)[::2]:
            grouping.take_up(link, by=self.moderator)

    def agenda(self):
        """Open to everybody, with a proposal that is none of ours."""
        made = making.begin(f"agenda-{next(_turn)}", Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=self.moderator)
        grouping.group(made.id, [self.town.proposal().id], Relation.CORE, WHY, by=self.moderator)
        return making.publish(made.id, by=self.moderator).id

    def attempt(self, change):
        """The answer of the change, None where it is refused."""
        try:
            return change()
        except Refusal:
            db.session.rollback()
            return None

    @rule(one=ONE, some=SOME)
    def support(self, one, some):
        for who in sorted(some):
            if self.attempt(lambda: supports.support(self.proposals[one], by=self.people[who])):
                self.supports.add((self.proposals[one], self.people[who].id))

    @rule(one=ONE, who=WHO)
    def take_support_back(self, one, who):
        if self.attempt(lambda: supports.end_support(self.proposals[one], by=self.people[who])):
            self.supports.discard((self.proposals[one], self.people[who].id))

    @rule(one=ONE, who=WHO, where=WHERE, of_agenda=st.booleans())
    def comment(self, one, who, where, of_agenda):
        about = (Agenda, self.agendas[where]) if of_agenda else (Proposal, self.proposals[one])
        thread = db.session.get(*about).thread_id
        if said := self.attempt(lambda: comments.write(
            thread, stance=Stance.NOTE, text=f"의견 {next(_turn)}이에요.", by=self.people[who])):
            self.comments.add(said.id)

    @rule(one=ONE)
    def withdraw(self, one):
        """Withdraw a proposal: each that was merged into it stands by itself again, with those merged further down."""
        if self.attempt(lambda: publication.withdraw(self.proposals[one], reason="다시 생각해 볼게요.", by=self.authors[one])):
            self.merges = {merge: pair for merge, pair in self.merges.items() if pair[1] != self.proposals[one]}

    @rule(two=TWO)
    def merge(self, two):
        self.merge_two(*two)

    def merge_two(self, one, into):
        if made := self.attempt(lambda: merging.merge(self.proposals[one], self.proposals[into], WHY,
                                                      by=self.moderator)):
            self.merges[made.id] = (made.merged_id, made.into_id)
            self.history += 1
            return made.id

    @rule(data=st.data())
    def undo(self, data):
        if self.merges:
            self.undo_one(data.draw(st.sampled_from(sorted(self.merges))))

    def undo_one(self, merge_id):
        merging.undo(merge_id, WHY, by=self.moderator)
        del self.merges[merge_id]

    @rule(data=st.data(), some=SOME)
    def opt_out(self, data, some):
        if self.merges:
            self.opt_out_of(data.draw(st.sampled_from(sorted(self.merges))), some)

    @rule(one=ONE, where=WHERE, relation=st.sampled_from(Relation))
    def group(self, one, where, relation):
        if made := self.attempt(lambda: grouping.group(self.agendas[where], [self.proposals[one]], relation, WHY,
                                                       by=self.moderator)):
            self.links |= {link.id: (link.agenda_id, link.proposal_id) for link in made}

    @rule(data=st.data())
    def ungroup(self, data):
        if self.links:
            link = data.draw(st.sampled_from(sorted(self.links)))
            top, proposal_id = self.top(self.links[link][0]), self.links[link][1]
            grouping.ungroup(link, WHY, by=self.moderator)
            self.end(one for one, (agenda_id, of) in self.links.items()
                     if of == proposal_id and self.top(agenda_id) == top)

    def end(self, gone):
        for link in list(gone):
            del self.links[link]
            self.ended.add(link)

    @rule(data=st.data(), relation=st.sampled_from(Relation))
    def say_anew(self, data, relation):
        if self.links:
            link = data.draw(st.sampled_from(sorted(self.links)))
            fresh = self.attempt(lambda: grouping.change(link, relation, "다시 보니 이렇게 이어져요.", by=self.moderator))
            if fresh and fresh.id != link:
                self.links[fresh.id] = self.links[link]
                self.end([link])

    @rule(pair=PAIR)
    def merge_agendas(self, pair):
        self.merge_two_agendas(*pair)

    def merge_two_agendas(self, one, into):
        made = self.attempt(lambda: branching.merge(self.agendas[one], self.agendas[into], WHY, by=self.moderator))
        if made:
            self.agenda_merges[made.id] = (made.from_id, made.to_id)
            return made.id

    @rule(data=st.data())
    def undo_agenda_merge(self, data):
        if self.agenda_merges:
            self.undo_agendas(data.draw(st.sampled_from(sorted(self.agenda_merges))))

    def undo_agendas(self, descent_id):
        branching.undo(descent_id, WHY, by=self.moderator)
        del self.agenda_merges[descent_id]

    @rule(data=st.data())
    def split(self, data):
        """A proposal of ours leaves for an agenda of its own; what was merged into the first lets go of it as well."""
        here = [one for one in self.links if self.top(self.links[one][0]) == self.links[one][0]]
        if here and len(self.states) < MOST_AGENDAS:
            link = data.draw(st.sampled_from(sorted(here)))
            agenda_id, proposal_id = self.links[link]
            fresh = self.attempt(lambda: branching.split(
                agenda_id, [link], f"part-{next(_turn)}", "이것만 따로 볼까요?", WHY, by=self.moderator))
            if fresh:
                self.end(one for one, (where, of) in self.links.items()
                         if of == proposal_id and self.top(where) == agenda_id)
                only, = links.open_of(fresh.id)
                before = db.session.get(AgendaLink, link)
                assert (only.relation, only.why) == (before.relation, before.why)
                self.links[only.id], self.states[fresh.id] = (fresh.id, proposal_id), fresh.state

    def picture_of_agendas(self):
        db.session.rollback()
        db.session.expire_all()
        return [(one.id, one.state, one.state_before, one.merged_into_id, one.version, one.published_at,
                 [(link.id, link.relation, link.why) for link in links.open_of(one.id)])
                for one in (db.session.get(Agenda, agenda_id) for agenda_id in sorted(self.states))]

    def top(self, agenda_id):
        up = dict(self.agenda_merges.values())
        while agenda_id in up:
            agenda_id = up[agenda_id]
        return agenda_id

    def under(self, agenda_id):
        """An agenda and everything merged into it, by walking down."""
        return {agenda_id}.union(*(self.under(one) for one, into in self.agenda_merges.values() if into == agenda_id))

    @invariant()
    def agendas_hold_what_was_put_into_them(self):
        """Each proposal once, and each person who supports any of them once."""
        if not hasattr(self, "proposals"):
            return
        for agenda_id, _state, _before, into, *_facts, held in self.picture_of_agendas():
            assert into == dict(self.agenda_merges.values()).get(agenda_id)
            ids = [db.session.get(AgendaLink, link_id).proposal_id for link_id, _relation, _why in held]
            ours = {proposal_id for where, proposal_id in self.links.values() if where in self.under(agenda_id)}
            assert len(ids) == len(set(ids)) and set(ids) & set(self.proposals) == ours
            assert union.count_of_all(ids) == len(set().union(*map(self.reaching, ours)))

    @rule(data=st.data())
    def take_up(self, data):
        if self.links:
            link = data.draw(st.sampled_from(sorted(self.links)))
            self.attempt(lambda: grouping.take_up(link, by=self.moderator))

    @rule(data=st.data(), pairs=st.lists(st.one_of(st.tuples(st.just(True), TWO), st.tuples(st.just(False), PAIR)),
                                         min_size=1, max_size=5))
    def merges_come_and_go(self, data, pairs):
        """However many proposals and agendas are merged, undoing that in any order gives the state before: every row
        of every table."""
        before, made = snapshots.everything(), []
        for of_proposals, pair in pairs:
            merge_id = self.merge_two(*pair) if of_proposals else self.merge_two_agendas(*pair)
            if merge_id is not None:
                made.append((of_proposals, merge_id))
                self.agendas_hold_what_was_put_into_them()
            if merge_id is not None and of_proposals:
                self.opt_out_of(merge_id, data.draw(st.sets(WHO, max_size=1)))
        for of_proposals, merge_id in data.draw(st.permutations(made)):
            self.undo_one(merge_id) if of_proposals else self.undo_agendas(merge_id)
            self.each_person_counts_once()
            self.agendas_hold_what_was_put_into_them()
        assert not snapshots.differences(before, snapshots.everything())

    def opt_out_of(self, merge_id, some):
        for who in sorted(some):
            if self.attempt(lambda: merging.opt_out(merge_id, by=self.people[who])):
                self.opt_outs.add((merge_id, self.people[who].id))

    def picture(self):
        db.session.rollback()
        db.session.expire_all()
        return [(one.id, one.state, one.state_before, one.state_before_merge, one.merged_into_id, one.support_count,
                 one.resident_support_count, one.merged_support_count, one.threshold_reached_at,
                 frozenset(supporters(one.id)))
                for one in (db.session.get(Proposal, proposal_id) for proposal_id in self.proposals)]

    def reaching(self, root):
        """By walking up from every support, as a person would explain it."""
        found = set()
        up = {merged: (merge_id, into) for merge_id, (merged, into) in self.merges.items()}
        for proposal_id, user_id in self.supports:
            while proposal_id != root and proposal_id in up and (up[proposal_id][0], user_id) not in self.opt_outs:
                proposal_id = up[proposal_id][1]
            if proposal_id == root:
                found.add(user_id)
        return found

    @invariant()
    def each_person_counts_once(self):
        if not hasattr(self, "proposals"):
            return
        for proposal_id, *_rest, counted, residents, brought, _reached, people in self.picture():
            assert people == self.reaching(proposal_id)
            assert (counted, residents) == (len(people), len(people & self.residents))
            assert counted - brought == len([one for one, _user in self.supports if one == proposal_id])

    @invariant()
    def nothing_is_lost(self):
        if not hasattr(self, "proposals"):
            return
        db.session.rollback()
        assert set(map(tuple, db.session.execute(sa.select(Support.proposal_id, Support.user_id)
                                      .where(Support.proposal_id.in_(self.proposals))))) == self.supports
        assert self.comments == set(db.session.scalars(sa.select(Comment.id)))
        links = db.session.execute(sa.select(AgendaLink.id, AgendaLink.ended_at)
                                   .where(AgendaLink.proposal_id.in_(self.proposals))).all()
        assert {one for one, ended in links if ended is None} == set(self.links)
        assert {one for one, ended in links if ended is not None} == self.ended
        of_ours = ProposalMerge.merged_id.in_(self.proposals)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ProposalMerge).where(of_ours)) == self.history
        assert self.opt_outs == set(map(tuple, db.session.execute(
            sa.select(MergeOptOut.merge_id, MergeOptOut.user_id))))
        assert self.objections == set(db.session.scalars(sa.select(AuthorObjection.id)))

    @invariant()
    def states_say_what_is(self):
        if not hasattr(self, "proposals"):
            return
        db.session.rollback()
        merged = {pair[0] for pair in self.merges.values()}
        grouped = {proposal_id for _agenda, proposal_id in self.links.values()}
        for one in db.session.scalars(sa.select(Proposal).where(Proposal.id.in_(self.proposals))):
            assert (one.state is State.MERGED) == (one.id in merged) == (one.merged_into_id is not None)
            if one.state is State.IN_AGENDA:
                assert one.id in grouped
            if one.state is State.WITHDRAWN:
                assert one.id not in {into for _merged, into in self.merges.values()}

    def teardown(self):
        if not hasattr(self, "proposals"):
            return
        for merge_id in sorted(self.merges):
            self.undo_one(merge_id)
        self.each_person_counts_once()
        for descent_id in sorted(self.agenda_merges):
            self.undo_agendas(descent_id)
        self.agendas_hold_what_was_put_into_them()
        versions = sa.select(sa.func.count(AgendaVersion.agenda_id.distinct())).where(
            AgendaVersion.agenda_id.in_(self.states))
        assert db.session.scalar(versions) == len(self.states)
        assert {one.id: one.state for one in (db.session.get(Agenda, one) for one in self.states)} == self.states


def play(town, examples):
    # What is found is shown as found: making it smaller takes minutes with a database beneath.
    run_state_machine_as_test(lambda: District(town), settings=settings(
        max_examples=examples, stateful_step_count=20, database=None, phases=[Phase.generate]))


@pytest.mark.in_turns(of=10)
def test_nothing_is_lost_and_nobody_counts_twice(town):
    play(town, 8)


@pytest.mark.long
def test_nothing_is_lost_in_sixty_districts(town):
    play(town, 60)
