"""Words and acts of people beside merging and grouping: none of it is lost by that, and none of it loses anything."""

from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from civic_forum.accounts.services import leaving
from civic_forum.agendas.models import Agenda
from civic_forum.agendas.services import making, objecting
from civic_forum.agendas.services.making import Wording
from civic_forum.comments import services as comments
from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal
from tests.accounts.people import PASSWORD

from . import snapshots

NO = "제 제안은 다른 이야기예요. 따로 두면 좋겠어요."
_turn = count(1)


class Voices(RuleBasedStateMachine):
    """Objections and their answers, consent, replies, new words for agendas, people who leave.

    Beside `District`, which has the proposals, the agendas, the merges, the links and the people.
    """

    def __init__(self):
        super().__init__()
        self.known = {name: set() for name in snapshots.MAY_CHANGE}
        self.objections: set[int] = set()

    def author_of(self, proposal_id):
        return db.session.get(Proposal, proposal_id).author

    @rule(data=st.data(), agrees=st.booleans())
    def say_to_merge(self, data, agrees):
        if self.merges:
            merge_id = data.draw(st.sampled_from(sorted(self.merges)))
            author = self.author_of(data.draw(st.sampled_from(self.merges[merge_id])))
            if agrees:
                self.attempt(lambda: objecting.agree_to_merge(merge_id, by=author))
            elif said := self.attempt(lambda: objecting.object_to_merge(merge_id, NO, by=author)):
                self.objections.add(said.id)

    @rule(data=st.data())
    def object_to_grouping(self, data):
        if self.links:
            link = data.draw(st.sampled_from(sorted(self.links)))
            author = self.author_of(self.links[link][1])
            if said := self.attempt(lambda: objecting.object_to_grouping(link, NO, by=author)):
                self.objections.add(said.id)

    @rule(data=st.data())
    def answer_objection(self, data):
        if self.objections:
            objection = data.draw(st.sampled_from(sorted(self.objections)))
            self.attempt(lambda: objecting.answer(objection, "다시 살펴보고 알려 드릴게요.", by=self.moderator))

    @rule(data=st.data(), who=st.integers(0, 3))
    def reply(self, data, who):
        if self.comments:
            comment_id = data.draw(st.sampled_from(sorted(self.comments)))
            if said := self.attempt(lambda: comments.reply(comment_id, text=f"저도 그래요 {next(_turn)}.",
                                                           by=self.people[who])):
                self.comments.add(said.id)

    @rule(data=st.data())
    def say_agenda_anew(self, data):
        agenda = db.session.get(Agenda, data.draw(st.sampled_from(sorted(self.states))))
        wording = Wording(f"골목을 함께 쓰려면 {next(_turn)}번째로 무엇을 할까요?")
        self.attempt(lambda: making.edit(agenda.id, wording, version=agenda.version, by=self.moderator))

    @rule()
    def leave_the_site(self):
        """One of those who support; supports stay counted, and nobody acts in that name any more."""
        if not self.people[0].left_at:
            leaving.leave(PASSWORD, by=self.people[0])

    @invariant()
    def nothing_is_forgotten(self):
        """No row of what people wrote, and of what was done with it, ever goes or says something else."""
        if not hasattr(self, "proposals"):
            return
        now = snapshots.kept()
        assert not snapshots.lost(self.known, now)
        self.known = now
