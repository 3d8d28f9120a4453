"""Many at once: nothing is counted twice, nothing gets lost, nothing happens twice."""


import pytest
import sqlalchemy as sa

from civic_forum.journeys.queries import entries
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from civic_forum.proposals.models import Proposal, Support
from civic_forum.proposals.rules import State, Text
from civic_forum.proposals.services import drafts, publication, supports
from tests.common import user
from tests.proposals.test_writing import BASICS, BODY, drafted
from tests.racing import at_once

pytestmark = pytest.mark.both


def test_fifty_supports_by_one_user_count_once(town, app):
    bench, anna = town.proposal().id, town.resident().id
    db.session.rollback()
    at_once(app, 25, lambda _n: [supports.support(bench, by=user(anna)) for _again in range(2)])
    proposal = db.session.get(Proposal, bench, populate_existing=True)
    assert (proposal.support_count, proposal.resident_support_count) == (1, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Support)) == 1


def test_forty_people_at_once_are_forty_and_reach_the_threshold_once(town, app):
    bench = town.proposal(threshold=20)
    people = [town.resident().id if n % 2 else town.user().id for n in range(40)]
    bench_id, journey_id = bench.id, bench.journey_id
    db.session.rollback()
    answers = at_once(app, 20, lambda n: [supports.support(bench_id, by=user(people[n])),
                                          supports.support(bench_id, by=user(people[n + 20]))])
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    proposal = db.session.get(Proposal, bench_id, populate_existing=True)
    assert (proposal.support_count, proposal.resident_support_count) == (40, 20)
    assert proposal.state is State.ANSWER_DUE
    assert [entry.step for entry in entries(journey_id)] == ["first_support", "threshold"]


def test_giving_and_taking_back_at_once_leaves_what_is_there(town, app):
    bench, people = town.proposal().id, [town.user().id for _n in range(8)]
    db.session.rollback()

    def to_and_fro(n):
        for _again in range(3):
            supports.support(bench, by=user(people[n]))
            supports.end_support(bench, by=user(people[n]))
        supports.support(bench, by=user(people[n]))

    at_once(app, 8, to_and_fro)
    assert db.session.get(Proposal, bench, populate_existing=True).support_count == 8


def test_publishing_at_once_gives_every_proposal_its_own_number(town, app):
    authors = [town.user().id for _n in range(12)]
    keys = [drafted(user(author)).draft_key for author in authors]
    db.session.rollback()
    at_once(app, 12, lambda n: publication.publish(keys[n], by=user(authors[n])))
    numbers = sorted(db.session.scalars(sa.select(Proposal.serial)))
    assert numbers == list(range(1, 13))


def test_ten_clicks_on_the_first_step_make_one_draft(town, app):
    anna = town.user().id
    db.session.rollback()
    key = drafts.new_key()
    answers = at_once(app, 10, lambda _n: drafts.save_draft(key, BASICS, version=0, by=user(anna)))
    assert not [answer for answer in answers if isinstance(answer, Refusal)]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Proposal)) == 1


def test_ten_clicks_on_publish_are_one_proposal(town, app):
    anna = town.user()
    key, anna_id = drafted(anna).draft_key, anna.id
    db.session.rollback()
    numbers = {proposal.number for proposal in at_once(app, 10, lambda _n: publication.publish(key, by=user(anna_id)))}
    assert len(numbers) == 1
    proposal = db.session.scalar(sa.select(Proposal))
    assert [entry.step for entry in entries(proposal.journey_id)] == ["registered"]


def test_of_ten_edits_of_one_version_one_is_kept(town, app):
    anna = town.user()
    proposal = publication.publish(drafted(anna).draft_key, by=anna)
    proposal_id, anna_id = proposal.id, anna.id
    db.session.rollback()
    answers = at_once(app, 10, lambda n: publication.edit(
        proposal_id, Text(proposal.title, f"{n}번째 창에서 고친 글이에요.", BODY.wish), version=1, by=user(anna_id)))
    assert len([answer for answer in answers if not isinstance(answer, Refusal)]) == 1
    assert db.session.get(Proposal, proposal_id, populate_existing=True).version == 2
