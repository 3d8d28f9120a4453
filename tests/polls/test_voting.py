"""The first reading of a cast, by script as by form: the box of the poll, and whose session it is."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import current_app, session

from civic_forum.accounts import session_cookie
from civic_forum.accounts.models import User, UserSession
from civic_forum.accounts.rules import Role
from civic_forum.ballots import identities
from civic_forum.ballots.models import Promise, Voter
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import NotFound
from civic_forum.polls.models import Poll
from civic_forum.polls.queries import records
from tests.factories import signed_in
from tests.polls.making import opened, poll, voter
from tests.polls.test_ballot_page import ballot, in_hex, send


def change(table, **values):
    db.session.execute(sa.update(table).values(**values))
    db.session.commit()


def cookie(secret):
    with current_app.test_request_context():
        session["_user_id"] = secret
        return session_cookie.of_request()


def sign_out(client):
    with client.session_transaction() as session:
        del session["_user_id"]


def send_form(client, vote, form):
    return client.post(f"/polls/{vote.slug}/casts", data=form | {"option": ["1"]})


def nobody_voted():
    db.session.rollback()
    return not any(db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Voter, Promise))


def test_it_is_the_box_and_the_person_behind_the_session(town):
    ada = voter(town)
    vote = opened(town)
    found, caller = records.vote(vote.slug, cookie(signed_in(ada)))
    assert found.box_id == vote.box_id and caller.is_authenticated and caller.id == ada.id
    assert identities.candidates(caller) == identities.candidates(ada) and len(identities.candidates(ada)) == 2


def test_an_account_without_a_person_is_known_by_itself(town):
    somebody = town.resident()
    _found, caller = records.vote(opened(town).slug, cookie(signed_in(somebody)))
    assert identities.candidates(caller) == [identities.of_account(somebody.id)]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("secret", [None, "", "somebody else's", 5, "\ud800"])
def test_somebody_who_is_not_signed_in_is_not_known(town, secret):
    assert not records.vote(opened(town).slug, cookie(secret))[1].is_authenticated


@pytest.mark.both
def test_roles_count_as_they_do_for_the_record(town, monkeypatch):
    moderator, slug = town.moderator(), opened(town).slug
    secret = signed_in(moderator)
    assert records.vote(slug, cookie(secret))[1].roles == {Role.MODERATOR}
    monkeypatch.setitem(current_app.config, "STAFF_TOTP", "required")
    assert records.vote(slug, cookie(secret))[1].roles == moderator.roles == frozenset()
    assert records.vote(slug, cookie(signed_in(town.resident())))[1].roles == frozenset()


@pytest.mark.in_turns(of=5)
@pytest.mark.both
@pytest.mark.parametrize("table, why", [
    (User, {"blocked_at": clock.now()}), (User, {"left_at": clock.now()}),
    (UserSession, {"created_at": clock.now() - timedelta(days=31)}), (UserSession, None)])
def test_nobody_casts_whose_account_or_session_is_over_by_script_or_by_form(town, browse, table, why):
    ada = voter(town)
    vote = opened(town)
    client, secret = browse(ada), signed_in(ada)
    form = ballot(client, vote)
    change(table, **why) if why else sign_out(client)
    if why:
        assert not records.vote(vote.slug, cookie(secret))[1].is_authenticated
    by_script, by_form = send(client, vote, form, in_hex(1, how_many=3)), send_form(client, vote, form)
    assert by_script.status_code == 403 and "로그인이 끝나서 아직 투표하지 못했어요" in by_script.json["detail"]
    assert by_form.status_code == 302 and by_form.headers["Location"].startswith("/sign-in?next=")
    assert "Set-Cookie" not in by_script.headers and "Set-Cookie" not in by_form.headers
    assert nobody_voted()


@pytest.mark.both
def test_a_block_that_is_over_keeps_nobody_from_voting(town, browse):
    ada = voter(town)
    vote = opened(town)
    client = browse(ada)
    form = ballot(client, vote)
    change(User, blocked_at=clock.now() - timedelta(days=2), blocked_until=clock.now() - timedelta(days=1))
    assert send(client, vote, form, in_hex(1, how_many=3)).status_code == 200


@pytest.mark.both
def test_in_a_poll_that_nobody_sees_nobody_votes_by_script_or_by_form(town, browse):
    ada = voter(town)
    vote = opened(town)
    client = browse(ada)
    form = ballot(client, vote)
    change(Poll, announced_at=None)
    answers = send(client, vote, form, in_hex(1, how_many=3)), send_form(client, vote, form)
    assert [answer.status_code for answer in answers] == [404, 404] and nobody_voted()


@pytest.mark.both
def test_a_rehearsal_is_voted_in_by_whoever_is_signed_in_and_hidden_from_others(town, browse):
    ada = voter(town)
    vote, other = opened(town), poll(town)
    client, stranger = browse(ada), browse()
    form = ballot(client, vote)
    change(Poll.__table__, rehearsal_of_id=other.id)
    answers = send(stranger, vote, form, in_hex(1, how_many=3)), send_form(stranger, vote, form)
    assert [answer.status_code for answer in answers] == [404, 404] and nobody_voted()
    assert send(client, vote, form, in_hex(1, how_many=3)).status_code == 200


@pytest.mark.parametrize("slug", ["none", "\0", "No-Slug"])
def test_no_such_poll(town, slug):
    with pytest.raises(NotFound):
        records.vote(slug, cookie(signed_in(voter(town))))


def test_a_poll_without_a_box_has_no_vote(town):
    with pytest.raises(NotFound):
        records.vote(poll(town).slug, cookie(signed_in(voter(town))))


def test_a_ballot_is_taken_in_few_statements(town, browse, queries):
    ada, ben = voter(town), voter(town)
    vote = opened(town)
    clients = browse(ada), browse(ben)
    forms = [ballot(client, vote) for client in clients]
    send(clients[0], vote, forms[0], in_hex(1, how_many=3))
    with queries() as seen:
        assert send(clients[1], vote, forms[1], in_hex(2, how_many=3)).status_code == 200
    assert len(seen) == 4, seen
