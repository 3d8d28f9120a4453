"""Supports count persons: whoever comes back with another account finds their 공감 given."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import User
from civic_forum.accounts.operations import ToldApart, verify_person
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.accounts.services import leaving
from civic_forum.agendas.models import MergeOptOut
from civic_forum.agendas.queries import union
from civic_forum.agendas.services import merging
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.work import use_case
from civic_forum.proposals import persons
from civic_forum.proposals.models import Proposal, Support
from civic_forum.proposals.rules import State
from civic_forum.proposals.services import supports
from tests.accounts.people import PASSWORD, member
from tests.racing import all_at_once, held, on_postgresql

ANNA = Identity("제갈산들", date(1991, 3, 2))
WHY = "같은 뜻을 담은 제안이에요."


def verified(town, user=None, who=ANNA, told_apart=None):
    """The account, tied to this person as a letter does it."""
    user = user or member(town)
    place = town.neighbourhood().id
    with use_case(None) as work:
        verify_person(db.session.get_one(User, user.id, with_for_update={"key_share": True}), who,
                      how=Verification.LETTER, affiliations={AffiliationKind.LIVE: place}, at=work.at,
                      told_apart=told_apart)
    return db.session.get_one(User, user.id)


def leave(user):
    leaving.leave(PASSWORD, by=db.session.get_one(User, user.id))
    db.session.rollback()


def marks():
    db.session.rollback()
    return db.session.scalars(sa.select(Support.person_mark).order_by(Support.at, Support.proposal_id)).all()


def count(proposal_id):
    db.session.rollback()
    one = db.session.get_one(Proposal, proposal_id, populate_existing=True)
    return one.support_count, one.resident_support_count, one.merged_support_count


def test_somebody_who_left_and_comes_back_does_not_count_twice(town):
    bench, first = town.proposal(), verified(town)
    supports.support(bench.id, by=first)
    leave(first)
    again = verified(town)
    with pytest.raises(Conflict, match="한 번만"):
        supports.support(bench.id, by=again)
    assert count(bench.id) == (1, 1, 0)


def test_a_support_taken_back_can_be_given_again_with_another_account(town):
    bench, first = town.proposal(), verified(town)
    supports.support(bench.id, by=first)
    supports.end_support(bench.id, by=first)
    leave(first)
    supports.support(bench.id, by=verified(town))
    assert count(bench.id) == (1, 1, 0)


def test_a_newer_key_makes_nobody_another_person(town, app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))
    bench, first = town.proposal(), verified(town)
    supports.support(bench.id, by=first)
    leave(first)
    keys.add()
    again = verified(town)
    assert again.person.key_id == 2
    with pytest.raises(Conflict):
        supports.support(bench.id, by=again)


def test_marks_of_two_proposals_tell_nothing_without_the_keys(town):
    one, other, anna = town.proposal(), town.proposal(), verified(town)
    for proposal in (one, other):
        supports.support(proposal.id, by=anna)
    first, second = marks()
    assert first != second and len(first) == len(second) == persons.BYTES
    assert persons.names(one.id, [first]) == persons.names(other.id, [second]) == [persons.name_of(anna.person)]


@pytest.mark.both
def test_somebody_who_is_not_verified_leaves_no_mark(town):
    bench = town.proposal()
    supports.support(bench.id, by=town.user())
    assert marks() == [None]


def test_being_verified_later_marks_what_stands(town):
    bench, user = town.proposal(), member(town)
    supports.support(bench.id, by=user)
    user = verified(town, user)
    assert marks() == [persons.mark(persons.name_of(user.person), bench.id)]
    leave(user)
    with pytest.raises(Conflict):
        supports.support(bench.id, by=verified(town))


def test_being_verified_later_takes_a_second_support_away(town):
    bench, other, first = town.proposal(), town.proposal(), verified(town)
    supports.support(bench.id, by=first)
    leave(first)
    again = member(town)
    for proposal in (bench, other):
        supports.support(proposal.id, by=again)
    assert count(bench.id) == (2, 1, 0)
    verified(town, again)
    assert (count(bench.id), count(other.id)) == ((1, 1, 0), (1, 0, 0))
    assert db.session.get(Support, (bench.id, first.id)) and not db.session.get(Support, (bench.id, again.id))


def test_a_proposal_that_is_over_is_not_counted_again(town):
    bench, first = town.proposal(), verified(town)
    supports.support(bench.id, by=first)
    leave(first)
    again = member(town)
    supports.support(bench.id, by=again)
    db.session.get_one(Proposal, bench.id).state = State.DECIDED
    db.session.commit()
    verified(town, again)
    assert count(bench.id) == (2, 1, 0)


@pytest.mark.both
def test_a_merge_counts_each_person_once_whatever_accounts_they_had(town):
    one, other, moderator = town.proposal(), town.proposal(), town.moderator()
    first = verified(town)
    supports.support(one.id, by=first)
    leave(first)
    second = verified(town)
    supports.support(other.id, by=second)
    leave(second)
    supports.support(other.id, by=town.resident())
    made = merging.merge(one.id, other.id, WHY, by=moderator)
    assert count(other.id) == (2, 2, 0)
    assert db.session.scalars(sa.select(MergeOptOut.user_id)).all() == [first.id]
    with pytest.raises(Conflict):
        supports.support(other.id, by=verified(town))
    merging.undo(made.id, WHY, by=moderator)
    assert (count(one.id)[0], count(other.id)[0]) == (1, 2)


def test_a_support_of_what_was_merged_counts_for_the_one_that_carries_it_on(town):
    one, other, moderator = town.proposal(), town.proposal(), town.moderator()
    first = verified(town)
    supports.support(one.id, by=first)
    leave(first)
    made = merging.merge(one.id, other.id, WHY, by=moderator)
    again = member(town)
    supports.support(other.id, by=again)
    again = verified(town, again)
    assert count(other.id) == (1, 1, 1) and union.supporters(other.id) == {first.id}
    with pytest.raises(Conflict):
        supports.support(other.id, by=again)
    merging.undo(made.id, WHY, by=moderator)
    supports.support(other.id, by=again)
    assert (count(one.id)[0], count(other.id)[0]) == (1, 1)
    merging.merge(one.id, other.id, WHY, by=moderator)
    assert count(other.id)[0] == 1


def test_a_second_support_of_what_was_merged_goes_when_its_giver_is_verified(town):
    one, other, moderator = town.proposal(), town.proposal(), town.moderator()
    first, again = verified(town), member(town)
    supports.support(other.id, by=first)
    supports.support(one.id, by=again)
    merging.merge(one.id, other.id, WHY, by=moderator)
    assert count(other.id) == (2, 1, 1)
    leave(first)
    verified(town, again)
    assert (count(one.id)[0], count(other.id)) == (0, (1, 1, 0))


def test_a_namesake_is_somebody_else_until_one_of_them_leaves(town):
    bench, first = town.proposal(), verified(town)
    namesake = verified(town, told_apart=ToldApart(1))
    supports.support(bench.id, by=first)
    supports.support(bench.id, by=namesake)
    assert count(bench.id)[0] == 2
    leave(first)
    back = verified(town, told_apart=ToldApart(1))
    assert back.person.distinguisher == 2
    with pytest.raises(Conflict, match="탈퇴해서"):
        supports.support(bench.id, by=back)


@pytest.mark.both
def test_supports_from_before_there_were_marks_get_theirs(town):
    bench, over, anna = town.proposal(), town.proposal(state=State.DECIDED), verified(town)
    for proposal, user in ((bench, anna), (over, anna), (bench, town.user())):
        db.session.add(Support(proposal_id=proposal.id, user_id=user.id, as_resident=False, at=clock.now()))
    db.session.commit()
    assert supports.mark_supports(365) == 1 and supports.mark_supports(365) == 0
    assert db.session.get(Support, (bench.id, anna.id)).person_mark == persons.mark(
        persons.name_of(anna.person), bench.id)


def test_marks_go_some_time_after_nobody_can_support_any_more(town):
    bench, over, anna = town.proposal(), town.proposal(), verified(town)
    for proposal in (bench, over):
        supports.support(proposal.id, by=anna)
    for one in (bench, over):
        db.session.get_one(Proposal, one.id).gathering_ends_at -= timedelta(days=400)
    db.session.get_one(Proposal, over.id).state = State.ANSWERED
    db.session.commit()
    assert supports.forget_marks(365) == 1
    assert supports.mark_supports(365) == 0
    assert db.session.get(Support, (over.id, anna.id)).person_mark is None
    assert db.session.get(Support, (bench.id, anna.id)).person_mark is not None


@pytest.mark.parametrize("state", [State.LAPSED, State.ANSWERED])
def test_all_that_an_agenda_may_take_up_counts_each_person_once(town, state):
    bench, first, again = town.proposal(), verified(town), member(town)
    supports.support(bench.id, by=first)
    leave(first)
    supports.support(bench.id, by=again)
    assert count(bench.id)[0] == 2
    db.session.get_one(Proposal, bench.id).state = state
    db.session.commit()
    verified(town, again)
    assert count(bench.id)[0] == 1 and marks()[0] is not None and len(marks()) == 1


def test_a_second_support_from_before_there_were_marks_is_taken_away_and_stops_nobody(town):
    bench, first, again = town.proposal(), verified(town), verified(town, who=Identity("제갈바람", date(1981, 3, 2)))
    supports.support(bench.id, by=first)
    leave(first)
    back = verified(town)
    for user in (back, again):
        db.session.add(Support(proposal_id=bench.id, user_id=user.id, as_resident=True, at=clock.now()))
    db.session.get_one(Proposal, bench.id).support_count = 3
    db.session.commit()
    assert supports.mark_supports(365) == 2 and supports.mark_supports(365) == 0
    assert count(bench.id)[0] == 2 and db.session.get(Support, (bench.id, back.id)) is None
    assert db.session.get(Support, (bench.id, again.id)).person_mark


@on_postgresql
def test_supporting_waits_for_a_verification_that_is_under_way(app, town):
    bench, user = town.proposal(), member(town)
    with held(user, is_resident=True):
        supports.support(bench.id, by=user)
    assert count(bench.id) == (1, 1, 0)


@on_postgresql
def test_two_accounts_of_one_person_at_once_count_once(app, town):
    """One supports while it is verified as somebody whose support stands."""
    bench, first = town.proposal(), verified(town)
    supports.support(bench.id, by=first)
    leave(first)
    again, place = member(town), town.neighbourhood().id
    by = again.id

    def verify():
        with use_case(None) as work:
            verify_person(db.session.get_one(User, by, with_for_update={"key_share": True}), ANNA, at=work.at,
                          how=Verification.LETTER, affiliations={AffiliationKind.LIVE: place})

    all_at_once(app, verify, lambda: supports.support(bench.id, by=db.session.get_one(User, by)))
    assert count(bench.id) == (1, 1, 0)
