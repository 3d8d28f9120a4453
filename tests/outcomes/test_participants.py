"""People who are told of an outcome: all who took part in what it is about, each once, and never who voted."""

import pytest

from civic_forum.agendas.rules import Relation
from civic_forum.agendas.services import grouping, making, merging
from civic_forum.agendas.services.making import Wording
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.platform.base import db
from civic_forum.outcomes.models import Outcome
from civic_forum.outcomes.queries import participants
from civic_forum.polls.models import Poll
from civic_forum.proposals.services import supports as proposals
from tests.polls import making as polls

REASON = "같은 골목의 이야기예요."


def told(subject: str, subject_id: int) -> list[int]:
    return sorted(db.session.scalars(participants.of(Outcome(subject=subject, subject_id=subject_id))))


def supported(town, proposal):
    by = town.resident()
    proposals.support(proposal.id, by=by)
    return by


def remarked(town, thread_id):
    by = town.resident()
    made = comments.write(thread_id, stance=Stance.NOTE, text="저도 날마다 지나는 길이에요.", by=by)
    return by, made


@pytest.mark.both
def test_of_a_proposal_its_author_supporters_and_commenters_and_those_of_what_was_merged(town):
    proposal, other = town.proposal(), town.proposal()
    both = supported(town, proposal)
    proposals.support(other.id, by=both)
    there = supported(town, other)
    left = supported(town, other)
    speaker, _comment = remarked(town, other.thread_id)
    silent, taken_back = remarked(town, proposal.thread_id)
    comments.remove(taken_back.id, by=silent)
    stranger = supported(town, town.proposal())
    merge = merging.merge(other.id, proposal.id, REASON, by=town.moderator())
    merging.opt_out(merge.id, by=left)
    assert told("proposal", proposal.id) == sorted([proposal.author_id, other.author_id, both.id, there.id, speaker.id])
    assert stranger.id not in told("proposal", proposal.id)


@pytest.mark.both
def test_of_an_agenda_those_of_its_proposals_and_who_discussed_it(town):
    moderator, one, two, gone = town.moderator(), town.proposal(), town.proposal(), town.proposal()
    agenda = making.begin("alley", Wording("골목을 함께 쓰려면 무엇부터 할까요?"), by=moderator)
    links = grouping.group(agenda.id, [one.id, two.id, gone.id], Relation.RELATED, REASON, by=moderator)
    making.publish(agenda.id, by=moderator)
    grouping.ungroup(links[2].id, "다른 길의 이야기예요.", by=moderator)
    supporter = supported(town, two)
    speaker, _comment = remarked(town, agenda.thread_id)
    assert told("agenda", agenda.id) == sorted([one.author_id, two.author_id, supporter.id, speaker.id])


@pytest.mark.both
def test_of_a_poll_those_of_the_proposals_it_is_about(town):
    linked, chosen = town.proposal(), town.proposal()
    supporter = supported(town, linked)
    poll = db.session.get(Poll, polls.poll(town).id)
    poll.proposals = [linked]
    poll.options[0].proposal_id = chosen.id
    db.session.commit()
    assert told("poll", poll.id) == sorted([linked.author_id, chosen.author_id, supporter.id])
