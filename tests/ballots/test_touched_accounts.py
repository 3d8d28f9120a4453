"""An account into which staff could have got: its first ballot waits for a second clerk, and what is in the box stays.
"""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import RoleGrant, User
from civic_forum.accounts.rules import AffiliationKind, Evidence, Role
from civic_forum.accounts.services import codes, profile, residency, staff_acts
from civic_forum.ballots import identities
from civic_forum.ballots.box import casting as box_casting
from civic_forum.ballots.box import voters
from civic_forum.ballots.box.casting import CastForm
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls.rules import EntryState
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import ChangedOnPaper, OnPaper, SecondClerkFirst
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, NotFound
from tests.accounts.people import PASSWORD, second_clerk, seen
from tests.ballots import boxes
from tests.ballots.people import _born, verified
from tests.common import again, commit
from tests.factories import saved

pytestmark = pytest.mark.both
CARD = Evidence.RESIDENT_CARD
DAY = timedelta(days=1)
WHO = Identity("김하늘", _born)


@pytest.fixture
def voter(town):
    return verified(town, WHO.name)


@pytest.fixture
def made(voter):
    return boxes.box([identities.of_person(voter.person, 1)])


def opened(made, user):
    """The form of the ballot page as this account opens it now."""
    user = again(user)
    person = identities.of_person(user.person, rolls.key_of(made.id))
    form_key, state = box_casting.opened_for(made.id, person, user.id), voters.standing(made.id, person).state
    db.session.rollback()
    return CastForm(made.fingerprint, form_key, state, boxes.token_bytes(16), b"")


def casts(made, user, *chosen, form=None):
    form = form or opened(made, user)
    filled = CastForm(form.fingerprint, form.form_key, form.state, form.mine, made.choice(*chosen))
    persons = identities.candidates(again(user), rolls.key_of(made.id))
    user_id = user.id
    db.session.rollback()
    return casting.cast_as(made.id, persons, filled, Channel.ONLINE, user_id)


def code(user, clerk):
    return codes.issue(again(user), WHO, evidence=CARD, by=clerk)


def test_a_code_of_the_desk_replaces_no_ballot_that_is_in_the_box(town, made, voter, clerk):
    casts(made, voter, 1)
    form = opened(made, voter)
    codes.reset_with_desk_code(voter.sign_in_name, code(voter, clerk), PASSWORD)
    before = made.voter(made.voters[0])
    with pytest.raises(ChangedOnPaper):
        casts(made, voter, 4, form=form)
    with pytest.raises(ChangedOnPaper):
        opened(made, voter)
    seen(town, WHO)
    with pytest.raises(ChangedOnPaper):
        casts(made, voter, 4, form=form)
    assert made.voter(made.voters[0]) == before and len(made.named().revisions) == 1


def test_a_first_ballot_waits_for_the_second_clerk_and_may_be_changed_then(town, made, voter, clerk):
    form = opened(made, voter)
    code(voter, clerk)
    with pytest.raises(SecondClerkFirst):
        casts(made, voter, 1, form=form)
    with pytest.raises(SecondClerkFirst):
        opened(made, voter)
    assert made.voter(made.voters[0]) is None
    seen(town, WHO)
    casts(made, voter, 1)
    casts(made, voter, 2)
    assert made.voter(made.voters[0]).revision == 2


def test_a_later_act_binds_the_ballot_that_came_before_it(town, made, voter, clerk):
    code(voter, clerk)
    seen(town, WHO)
    casts(made, voter, 1)
    form = opened(made, voter)
    code(voter, clerk)
    with pytest.raises(ChangedOnPaper):
        casts(made, voter, 2, form=form)
    seen(town, WHO)
    with pytest.raises(ChangedOnPaper):
        casts(made, voter, 2, form=form)


def test_the_form_of_before_the_second_clerk_came_is_the_same_ballot_sent_again(town, made, voter, clerk):
    form = opened(made, voter)
    receipt = casts(made, voter, 1, form=form)
    code(voter, clerk)
    assert casts(made, voter, 1, form=form) == receipt


def test_an_account_opened_for_somebody_on_an_imported_roll_does_not_vote(town, clerk):
    absent = Identity("이도윤", WHO.birth_date)
    account, slip = residency.open_account(
        "haneul1234", "맑은 하늘", absent, affiliations={AffiliationKind.LIVE: town.neighbourhood().id}, evidence=CARD,
        by=clerk)
    made = boxes.box([identities.of_person(again(account).person, 1)])
    codes.reset_with_desk_code("haneul1234", slip, PASSWORD)
    with pytest.raises(SecondClerkFirst):
        opened(made, account)


@pytest.mark.parametrize("before, is_bound", [(-DAY, True), (timedelta(), True), (30 * DAY, True),
                                              (30 * DAY + timedelta(seconds=1), False)])
def test_an_act_binds_in_votes_that_are_announced_within_thirty_days(made, voter, clerk, before, is_bound):
    code(voter, clerk)
    commit(sa.update(User).where(User.id == voter.id).values(staff_act_at=made.row.created_at - before))
    if is_bound:
        with pytest.raises(SecondClerkFirst):
            opened(made, voter)
    else:
        assert opened(made, voter)


def touched_by(what, town, user, clerk):
    """Acts by which staff could have got into the account."""
    here = {AffiliationKind.LIVE: town.neighbourhood().id}
    if what == "verify":
        residency.verify(again(user), WHO, affiliations=here, evidence=CARD, by=clerk)
    elif what == "recognise":
        residency.recognise(again(user).person_id, WHO, evidence=CARD, by=clerk)
    elif what == "code":
        code(user, clerk)
    else:
        user.totp_secret, user.totp_confirmed_at, user.password_hash = b"x", clock.now(), "x"
        db.session.commit()
        profile.remove(again(user), by=town.administrator())


@pytest.mark.parametrize("what", ["verify", "recognise", "code", "second factor"])
def test_every_act_of_staff_binds(town, made, voter, clerk, what):
    touched_by(what, town, voter, clerk)
    with pytest.raises(SecondClerkFirst):
        opened(made, voter)


def test_a_roll_that_grows_takes_nobody_whom_one_clerk_verified(town, clerk):
    made = boxes.box(12, grows=True)
    account, _slip = residency.open_account(
        "haneul1234", "맑은 하늘", WHO, affiliations={AffiliationKind.LIVE: town.neighbourhood().id}, evidence=CARD,
        by=clerk)
    person = identities.of_person(again(account).person, rolls.key_of(made.id))
    form = boxes.form_of(made.row, person, made.choice(1))
    with pytest.raises(SecondClerkFirst):
        casting.cast_as(made.id, [person], form, Channel.ONLINE, account.id)
    assert rolls.own_entry(made.row.roll, again(account)).state is EntryState.MAY_BE_ADDED
    seen(town, WHO)
    casting.cast_as(made.id, [person], form, Channel.ONLINE, account.id)


def test_paper_stays_open_to_whoever_is_bound(town, made, voter, clerk):
    db.session.add(boxes.paper_row(made.row, made.row_key(made.voters[0]), 1))
    db.session.commit()
    form = boxes.form_of(made.row, made.voters[0], made.choice(1))
    code(voter, clerk)
    with pytest.raises(OnPaper):
        casting.cast_as(made.id, [made.voters[0]], form, Channel.ONLINE, voter.id)


# The second clerk


def test_the_clerk_who_acted_is_not_the_second(town, made, voter):
    first = second_clerk(town)
    code(voter, first)
    with pytest.raises(Denied):
        staff_acts.confirm_seen(WHO, evidence=CARD, by=first)
    twin = second_clerk(town, mobile="010-1111-2222")
    commit(sa.update(User).where(User.id == first.id).values(mobile="010-1111-2222"))
    with pytest.raises(Denied):
        staff_acts.confirm_seen(WHO, evidence=CARD, by=again(twin))
    with pytest.raises(SecondClerkFirst):
        opened(made, voter)


def test_a_clerk_of_another_desk_serves_and_one_about_whom_it_is_does_not(town, made, voter, clerk):
    saved(RoleGrant(user_id=voter.id, role=Role.CLERK, granted_at=clock.now(),
                    neighbourhood_id=town.neighbourhood().id))
    codes.issue(again(voter), WHO, evidence=CARD, by=town.administrator(neighbourhood_id=None))
    with pytest.raises(Denied):
        staff_acts.confirm_seen(WHO, evidence=CARD, by=again(voter))
    act = staff_acts.confirm_seen(WHO, evidence=CARD, by=second_clerk(town, town.neighbourhood("독산3동")))
    assert act.id and opened(made, voter)


@pytest.mark.parametrize("loses", ["first", "second"])
def test_a_role_that_was_withdrawn_meanwhile_confirms_nothing(town, made, voter, loses):
    first, second = second_clerk(town), second_clerk(town)
    code(voter, first)
    commit(sa.update(RoleGrant).where(RoleGrant.user_id == (first if loses == "first" else second).id)
           .values(withdrawn_at=clock.now()))
    with pytest.raises(Denied):
        staff_acts.confirm_seen(WHO, evidence=CARD, by=again(second))
    with pytest.raises(SecondClerkFirst):
        opened(made, voter)


def test_nobody_is_found_for_whom_nothing_waits(town, voter, clerk):
    second = second_clerk(town)
    with pytest.raises(NotFound):
        staff_acts.confirm_seen(WHO, evidence=CARD, by=second)
    code(voter, clerk)
    with pytest.raises(NotFound):
        staff_acts.confirm_seen(Identity("김하늘", WHO.birth_date + DAY), evidence=CARD, by=again(second))
    with pytest.raises(Denied):
        staff_acts.confirm_seen(WHO, evidence=CARD, by=town.moderator())


def test_the_marked_form_key_is_as_long_as_any_and_says_nothing_without_the_key(town, made, voter, clerk):
    code(voter, clerk)
    seen(town, WHO)
    first, second = opened(made, voter).form_key, opened(made, voter).form_key
    assert len(first) == len(second) == 16 and first[:8] != second[:8] and first[8:] != second[8:]
