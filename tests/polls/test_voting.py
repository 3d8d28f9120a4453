"""The first reading of a cast: the box of the poll and whose session it is, or nothing where anything is unusual."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User, UserSession
from civic_forum.ballots import identities
from civic_forum.kernel import clock
from civic_forum.kernel.base import db
from civic_forum.polls.models import Poll
from civic_forum.polls.queries import voting
from tests.factories import signed_in
from tests.polls.making import opened, poll, voter
from tests.polls.test_ballot_page import ballot, in_hex, send


def change(table, **values):
    db.session.execute(sa.update(table).values(**values))
    db.session.commit()


def test_it_is_the_box_and_the_person_behind_the_session(town):
    ada = voter(town)
    vote = opened(town)
    known = voting.known(vote.slug, signed_in(ada))
    assert known.box_id == vote.box_id and known.user_id == ada.id
    assert identities.candidates_of(*known[1:]) == identities.candidates(ada)


def test_an_account_without_a_person_is_known_by_itself(town):
    somebody = town.resident()
    known = voting.known(opened(town).slug, signed_in(somebody))
    assert identities.candidates_of(*known[1:]) == [identities.of_account(somebody.id)]


@pytest.mark.parametrize("secret", [None, "", "somebody else's", 5, "\ud800"])
def test_somebody_who_is_not_signed_in_is_not_known(town, secret):
    assert voting.known(opened(town).slug, secret) is None


@pytest.mark.parametrize("table, why", [
    (User, {"blocked_at": clock.now()}), (User, {"left_at": clock.now()}),
    (UserSession, {"created_at": clock.now() - timedelta(days=31)}), (Poll, {"announced_at": None})])
def test_nobody_is_known_whose_account_or_session_is_over_nor_in_a_poll_that_nobody_sees(town, browse, table, why):
    ada = voter(town)
    vote = opened(town)
    client, secret = browse(ada), signed_in(ada)
    form = ballot(client, vote)
    change(table, **why)
    assert voting.known(vote.slug, secret) is None
    assert send(client, vote, form, in_hex(1, how_many=3)).status_code in (403, 404)


def test_a_rehearsal_and_a_poll_without_a_box_go_the_long_way(town):
    ada = voter(town)
    vote, other = opened(town), poll(town)
    secret = signed_in(ada)
    assert voting.known(other.slug, secret) is None
    change(Poll.__table__, rehearsal_of_id=other.id)
    assert voting.known(vote.slug, secret) is None


def test_no_such_poll(town):
    assert voting.known("none", signed_in(voter(town))) is None


def test_a_ballot_is_taken_in_few_statements(town, browse, queries):
    ada, ben = voter(town), voter(town)
    vote = opened(town)
    clients = browse(ada), browse(ben)
    forms = [ballot(client, vote) for client in clients]
    send(clients[0], vote, forms[0], in_hex(1, how_many=3))
    with queries() as seen:
        assert send(clients[1], vote, forms[1], in_hex(2, how_many=3)).status_code == 200
    assert len(seen) == 4, seen
