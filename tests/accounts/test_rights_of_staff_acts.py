"""Acts of staff on somebody's account ask for the right in the service, and hold what others change meanwhile."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import Letter
from civic_forum.accounts.policy import may_see_account
from civic_forum.accounts.services import letters, residency, staff_acts
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Denied, Refusal, TooMany
from tests import factories
from tests.accounts.people import CARD, WHO, code, second_clerk, seen
from tests.ballots.people import verified
from tests.common import again
from tests.racing import held, on_postgresql



@pytest.fixture
def owner(town):
    return verified(town, neighbourhood_id=town.neighbourhood().id)


def open_letters():
    db.session.rollback()
    return [letter.ended_at is None for letter in db.session.scalars(sa.select(Letter).order_by(Letter.id))]


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("act", [
    lambda owner, by: residency.recognise(owner.person_id, WHO, evidence=CARD, by=by),
    lambda owner, by: residency.account_at_desk(owner.sign_in_name, WHO, by=by),
    lambda owner, by: staff_acts.confirm_seen(Identity("이도윤", WHO.birth_date), evidence=CARD, by=by),
    lambda owner, by: letters.post_batch(db.session.scalars(sa.select(Letter.id)).all(), by=by)])
@pytest.mark.parametrize("stranger", ["resident", "moderator"])
def test_nobody_but_a_clerk_acts(town, owner, clerk, act, stranger):
    code(owner, clerk)
    letters.print_batch(db.session.scalars(sa.select(Letter.id)).all(), by=second_clerk(town))
    with pytest.raises(Denied):
        act(again(owner), getattr(town, stranger)())


def test_nobody_is_the_second_clerk_of_the_own_account(clerk, owner):
    assert may_see_account(clerk, clerk) and may_see_account(owner, owner)
    assert may_see_account(clerk, owner) is None is may_see_account(clerk)


def test_the_owner_alone_says_that_it_was_read(owner, clerk):
    code(owner, clerk)
    owner = again(owner)
    owner.blocked_at = clock.now()
    db.session.commit()
    with pytest.raises(Denied):
        staff_acts.read(by=owner)
    assert again(owner).staff_act_unread


def test_the_second_clerk_ends_what_was_signed_in_before(town, owner, clerk, browse):
    code(owner, clerk)
    browser = browse(again(owner))
    assert browser.get("/me").status_code == 200
    seen(town, WHO)
    assert browser.get("/me").status_code == 302


def test_a_pause_ends_to_the_second(owner, clerk, at):
    wrong = Identity(WHO.name, date(1980, 1, 2))
    at(factories.MAY)
    for _time in range(2):
        with pytest.raises(Refusal):
            code(owner, clerk, wrong)
    at(factories.MAY + timedelta(seconds=59))
    with pytest.raises(TooMany):
        code(owner, clerk)
    at(factories.MAY + timedelta(seconds=60))
    assert code(owner, clerk)


@on_postgresql
def test_an_act_while_the_letter_is_posted_has_a_letter_of_its_own(app, owner, clerk):
    code(owner, clerk)
    letter = db.session.scalar(sa.select(Letter))
    with held(letter, ended_at=clock.now(), outcome="posted"):
        code(owner, clerk)
    assert open_letters() == [False, True]
