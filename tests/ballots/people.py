"""People whom a roll may hold: verified, declared only, or on a list."""

from datetime import date

from civic_forum.accounts.identity import SEALED_BIRTH_DATE, SEALED_NAME, Identity
from civic_forum.accounts.models import Affiliation, Person
from civic_forum.accounts.rules import AffiliationKind, Verification
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.ballots.rolls import operations as steps
from civic_forum.ballots.rolls.rules import RollRule
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.work import use_case
from tests.common import today
from tests.factories import saved

LIVE, WORK, STUDY = AffiliationKind.LIVE, AffiliationKind.WORK, AffiliationKind.STUDY
_born = date(1980, 1, 1)


def person(name="김하늘", born=_born, distinguisher=0):
    return saved(Person(identity_hash=Identity(name, born).hash, distinguisher=distinguisher,
                        name_sealed=keys.seal(SEALED_NAME, name), created_at=clock.now(),
                        birth_date_sealed=keys.seal(SEALED_BIRTH_DATE, born.isoformat())))


def belongs(user, place, kind=LIVE, how=Verification.DESK, at=None, person_id=None):
    return saved(Affiliation(user_id=user and user.id, person_id=person_id or (user and user.person_id), kind=kind,
                             how=how, neighbourhood_id=place.id, at=at or clock.now()))


def verified(town, name="김하늘", born=_born, place=None, kind=LIVE, distinguisher=0, **facts):
    """Somebody with an account whom a clerk has seen."""
    user = town.user(person_id=person(name, born, distinguisher).id, **facts)
    belongs(user, place or town.neighbourhood(), kind)
    return user


def declared(town, place=None, kind=LIVE):
    """Somebody who only said that they belong here."""
    user = town.user()
    belongs(user, place or town.neighbourhood(), kind, Verification.DECLARED)
    return user


def a_roll(source=RollSource.VERIFIED, fixed_on=None, kinds=(LIVE,), **rule):
    with use_case(None) as work:
        roll = steps.new_roll(work.session, RollRule(source, fixed_on or today(), frozenset(kinds), **rule))
    db.session.refresh(roll)
    return roll
