"""The meaning of proposals to search, comments, one's own data, and the passing of time."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.blocks import kinds
from civic_forum.blocks.moderated import Moderated
from civic_forum.comments import services as comments
from civic_forum.comments.rules import Stance
from civic_forum.journeys.queries import entries
from civic_forum.platform.base import db
from civic_forum.proposals import operations
from civic_forum.proposals.kinds import PROPOSAL
from civic_forum.proposals.models import Follow, Proposal, ProposalTally, Support
from civic_forum.proposals.queries import records as queries
from civic_forum.proposals.rules import Mover, State
from civic_forum.proposals.services import publication, supports
from tests.factories import MAY
from tests.proposals.test_writing import BASICS, drafted


def test_comments_are_counted_beside_the_proposal(town):
    bench, anna = town.proposal(), town.user()
    first = comments.write(bench.thread_id, stance=Stance.FOR, text="저도 넘어질 뻔했어요.", by=anna)
    comments.write(bench.thread_id, stance=Stance.NOTE, text="사진도 올릴게요.", by=anna)
    db.session.refresh(bench)
    assert bench.comment_count == 2
    comments.remove(first.id, by=anna)
    db.session.refresh(bench)
    assert bench.comment_count == 1


def test_the_thread_knows_where_it_stands_and_who_may_write(town):
    bench = town.proposal()
    held = town.proposal(state=State.HELD, published_at=None)
    stranger, visitor = town.user(), AnonymousUserMixin()
    assert kinds.url("proposal", bench.id) == f"/proposals/{bench.number}"
    assert PROPOSAL.why_not_see(visitor, bench.id) is None
    assert kinds.why_not_write("proposal", stranger, bench.id) is None
    assert PROPOSAL.why_not_see(stranger, held.id) and kinds.why_not_write("proposal", stranger, held.id)
    assert PROPOSAL.why_not_see(visitor, 987654321)
    assert kinds.discussed_titles("proposal", [bench.id, held.id]) == {bench.id: bench.title}


def test_only_public_proposals_can_be_reported_and_found(town):
    bench, held = town.proposal(), town.proposal(state=State.HELD, published_at=None)
    hidden = town.proposal(hidden_at=MAY, hidden_rule="spam")
    kind = PROPOSAL.get(Moderated)
    assert kind.find(town.user(), bench.id) is bench and kind.excerpt(bench) == bench.title
    assert kind.find(town.user(), held.id) is None and kind.find(town.user(), hidden.id) is None
    shown = PROPOSAL.get(kinds.Searched).results([bench.id, held.id, hidden.id])
    assert list(shown) == [bench.id] and shown[bench.id].url == f"/proposals/{bench.number}"


def test_a_proposal_out_of_time_is_written_down_once_at_its_own_moment(town, at):
    at(MAY)
    bench = town.proposal(published_at=MAY - timedelta(days=21))
    ends = bench.gathering_ends_at
    assert (publication.lapse_due(), publication.lapse_due()) == (1, 0)
    assert bench.state is State.LAPSED
    assert [(entry.step, entry.at) for entry in entries(bench.journey_id)] == [("lapsed", ends)]


def test_a_job_leaves_alone_what_still_has_time(town, at):
    at(MAY)
    bench = town.proposal(published_at=MAY - timedelta(days=19))
    assert publication.lapse_due() == 0 and bench.state is State.GATHERING


def test_one_may_have_everything_about_oneself(town):
    anna, bench = town.user(), town.proposal()
    publication.publish(drafted(anna).draft_key, by=anna)
    drafted(anna)
    supports.support(bench.id, by=anna)
    supports.follow(bench.id, by=anna)
    data = PERSONAL_DATA["proposals"].collect(anna)
    assert [one["title"] for one in data["proposals"]] == [one["title"] for one in data["drafts"]] == [BASICS.title]
    assert data["supports"][0]["proposal"] == data["follows"][0]["proposal"] == bench.number


@pytest.mark.both
def test_leaving_erases_drafts_and_follows_and_keeps_contributions(town):
    anna, bench = town.user(), town.proposal()
    mine = publication.publish(drafted(anna).draft_key, by=anna)
    drafted(anna)
    supports.support(bench.id, by=anna)
    supports.follow(bench.id, by=anna)
    PERSONAL_DATA["proposals"].erase(anna, db.session)
    db.session.commit()
    db.session.refresh(bench)
    assert (bench.support_count, bench.follower_count) == (1, 0)
    assert db.session.get(Support, (bench.id, anna.id)) and not db.session.get(Follow, (bench.id, anna.id))
    assert set(db.session.scalars(sa.select(Proposal.id).filter_by(author_id=anna.id))) == {mine.id}


def test_the_tally_follows_every_step(town):
    anna = town.user()
    proposal = publication.publish(drafted(anna).draft_key, by=anna)
    drafted(anna)
    assert (queries.totals()[State.GATHERING], queries.totals()[State.DRAFT]) == (1, 1)
    publication.withdraw(proposal.id, reason="다시 생각해 볼게요.", by=anna)
    before = queries.totals()
    operations.tally_again(db.session)
    assert queries.totals() == before and before[State.WITHDRAWN] == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ProposalTally)) == 2


def test_a_merge_points_on_and_can_be_undone(town):
    one, other = town.proposal(), town.proposal()
    operations.merge(db.session, one, other, at=MAY)
    assert (one.state, one.merged_into_id) == (State.MERGED, other.id)
    operations.move_back(db.session, one, at=MAY)
    assert (one.state, one.merged_into_id) == (State.GATHERING, None)
    assert [entry.step for entry in entries(one.journey_id)] == ["merged", "returned"]


@pytest.mark.parametrize("after", [State.DECIDED, State.DONE, State.HELD])
def test_a_step_that_is_not_in_the_table_is_refused(after, town):
    from civic_forum.platform.errors import Conflict

    bench = town.proposal()
    with pytest.raises(Conflict):
        operations.move(db.session, bench, after, Mover.MODERATOR, at=MAY)
    assert bench.state is State.GATHERING and entries(bench.journey_id) == []
