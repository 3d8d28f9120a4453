"""The sample district, loaded once on each database."""

import collections
from datetime import datetime

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.agendas.queries.union import count_of_all
from civic_forum.comments.models import Comment, Thread
from civic_forum.journeys.models import JourneyEntry
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import SEOUL
from civic_forum.proposals.models import Follow, Proposal, Support
from civic_forum.proposals.queries import records as queries
from civic_forum.proposals.queries import listing
from civic_forum.proposals.rules import State
from civic_forum.sample_data import loader, people, scale
from civic_forum.search import queries as search


def count(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_every_proposal_has_come_as_far_as_its_text_says(district):
    found = {proposal.title: proposal for proposal in db.session.scalars(sa.select(Proposal))}
    for entry in people.read("proposals"):
        proposal = found[entry["title"]]
        assert (proposal.state, proposal.own_support_count, proposal.follower_count, proposal.channel) == (
            entry["state"], entry["supports"], entry["followers"], entry["channel"]), entry["key"]


def test_the_counters_are_true(district):
    for proposal in db.session.scalars(sa.select(Proposal)):
        for model, counter in ((Support, proposal.own_support_count), (Follow, proposal.follower_count)):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(model).filter_by(
                proposal_id=proposal.id)) == counter
        assert proposal.support_count == count_of_all([proposal.id])
    states = collections.Counter(db.session.scalars(sa.select(Proposal.state)))
    assert {state: states[state] for state in State} == queries.totals()
    shown = sa.select(sa.func.count()).select_from(Comment).where(
        Comment.deleted_at.is_(None), Comment.hidden_at.is_(None))
    assert db.session.scalar(sa.select(sa.func.sum(Thread.comment_count))) == db.session.scalar(shown)


def test_nothing_is_older_than_the_platform_and_nothing_lies_ahead(district):
    opened = datetime(2019, 12, 9, tzinfo=SEOUL)
    for model, column in ((Proposal, Proposal.created_at), (Comment, Comment.at), (JourneyEntry, JourneyEntry.at)):
        first, last = db.session.execute(sa.select(sa.func.min(column), sa.func.max(column))).one()
        assert opened <= first and last <= clock.now(), model


def test_something_is_always_open(district):
    assert len(listing.nearest(20)) >= 5


def test_the_accounts_of_the_contract_are_there(district):
    names = set(db.session.scalars(sa.select(User.sign_in_name).where(User.password_hash.is_not(None))))
    assert names == {*(f"resident{n}" for n in range(1, 10)), "moderator1", "moderator2", "official1", "official2",
                     "clerk1", "clerk2", "observer1", "observer2", "administrator"}
    official = db.session.scalars(sa.select(User).filter_by(sign_in_name="official2")).one()
    assert len(official.department_ids()) == 2


def test_a_district_is_loaded_once(district):
    with pytest.raises(Conflict):
        loader.load("another password")


def test_more_proposals_can_be_added_and_are_found(district):
    before = count(Proposal), count(Comment)
    scale.add(200, people.read("proposals"), people.read("comments"))
    assert (count(Proposal), count(Comment)) == (before[0] + 200, before[1] + 2000)
    assert len(search.matches(scale.RARE, ["proposal"]).items) == 10
    assert count(Proposal) == sum(queries.totals().values())
    scale.add(30, people.read("proposals"), people.read("comments"))
    numbers = list(db.session.scalars(sa.select(Proposal.number).where(Proposal.number.is_not(None))))
    assert len(numbers) == len(set(numbers))


def test_one_resident_is_reached_by_short_message(district):
    proven = dict(db.session.execute(sa.select(User.sign_in_name, User.confirmed_mobile).where(
        User.confirmed_mobile.is_not(None))).all())
    assert proven == {"resident9": "010-0000-0009"}
