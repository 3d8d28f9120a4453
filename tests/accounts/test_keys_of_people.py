"""People and the keys that they were hashed with: whoever is known stays the same person after a rotation."""

import itertools
from datetime import date

import pytest
import sqlalchemy as sa
from flask import current_app
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from civic_forum.accounts.identity import Identity, hash_of, opened
from civic_forum.accounts.models import Affiliation, DeskCheck, Person, User
from civic_forum.accounts.operations import SamePerson, ToldApart
from civic_forum.accounts.queries import people
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import codes, residency
from civic_forum.platform import keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal, Unavailable
from tests.common import commit
from tests.racing import all_at_once, at_once
from tests.running.turns import share

WHO = Identity("김서윤", date(1985, 4, 2))


@pytest.fixture(autouse=True)
def own_keys(app, tmp_path, monkeypatch):
    """A keys directory of each test, so that no other one has rotated there."""
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))


def verified(town, user=None, who=WHO, clerk=None, told_apart=None):
    user = user or town.user()
    residency.verify(user, who, affiliations={AffiliationKind.LIVE: town.neighbourhood().id}, told_apart=told_apart,
                     evidence=Evidence.PASSPORT, by=clerk or town.clerk())
    return db.session.get(User, user.id)


def persons():
    db.session.rollback()
    return db.session.scalars(sa.select(Person).order_by(Person.id)).all()


def test_somebody_verified_under_an_earlier_key_is_found_and_keeps_it(town):
    user, clerk = verified(town), town.clerk()
    kept = persons()[0].identity_hash
    assert keys.add() == 2
    assert WHO.fits(user.person) and [one.id for one in people.namesakes(WHO)] == [user.person_id]
    with pytest.raises(SamePerson):
        verified(town)
    verified(town, user, Identity("김 서윤", WHO.birth_date), clerk)
    with pytest.raises(Refusal, match="다른 이름이나 생년월일"):
        verified(town, user, Identity("김서연", WHO.birth_date), clerk)
    assert [(one.key_id, one.identity_hash) for one in persons()] == [(1, kept)]
    assert [one.person_id for one in residency.compare(WHO, by=clerk)] == [user.person_id]
    assert residency.account_at_desk(user.sign_in_name, WHO, by=clerk).id == user.id
    assert residency.recognise(user.person_id, WHO, evidence=Evidence.PASSPORT, by=clerk).user_id == user.id
    assert codes.issue(user, WHO, evidence=Evidence.PASSPORT, by=clerk)
    with pytest.raises(Refusal, match="이름과 생년월일이 아니에요"):
        codes.issue(user, Identity("김서연", WHO.birth_date), evidence=Evidence.PASSPORT, by=clerk)


def test_namesakes_are_told_apart_across_keys(town):
    verified(town)
    keys.add()
    verified(town, told_apart=ToldApart(1, None))
    keys.add()
    verified(town, told_apart=ToldApart(2, None))
    assert [(one.key_id, one.distinguisher) for one in persons()] == [(1, 0), (2, 1), (3, 2)]
    assert len({one.identity_hash for one in persons()}) == 3 == len(people.namesakes(WHO))


def test_opening_an_account_twice_is_a_second_click_whatever_key_there_is(town):
    clerk, place = town.clerk(), town.neighbourhood().id

    def opened_account():
        return residency.open_account("seoyun85", "서윤", WHO, affiliations={AffiliationKind.LIVE: place},
                                      evidence=Evidence.PASSPORT, by=clerk)[0].id

    first = opened_account()
    keys.add()
    assert opened_account() == first and len(persons()) == 1


@examples(max_examples=share(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(st.none(), st.integers(0, 2)), max_size=8))
def test_any_order_of_rotations_and_visits_makes_one_person_of_each(town, tmp_path_factory, steps):
    """None: a rotation; a number: somebody at the desk with an account that nobody knows yet."""
    current_app.config["KEYS"] = str(tmp_path_factory.mktemp("keys"))
    db.session.execute(sa.update(User).values(person_id=None))
    db.session.execute(sa.delete(DeskCheck))
    db.session.execute(sa.delete(Affiliation))
    commit(sa.delete(Person))
    clerk, known = town.clerk(), {}
    for step in steps:
        if step is None:
            keys.add()
            continue
        who = Identity(f"주민 {step}", date(1970, 1, 1 + step))
        try:
            known[step] = verified(town, who=who, clerk=clerk).person_id, keys.newest()
        except SamePerson:
            assert step in known
        [person] = people.namesakes(who)
        assert (person.id, person.key_id) == known[step] and who.fits(person) and opened(person) == who
        assert [hash_of(person, one) for one in keys.ids()] == who.hashes
    assert len(persons()) == len(known) == len(set(steps) - {None})


@pytest.mark.parametrize("_again", range(3))
def test_two_desks_at_once_around_a_rotation_make_one_person(app, town, _again):
    place = town.neighbourhood().id
    pairs = [(town.clerk().id, town.user().id) for _each in range(4)]
    keys.newest()

    def verify(clerk_id, user_id):
        residency.verify(db.session.get(User, user_id), WHO, affiliations={AffiliationKind.LIVE: place},
                         evidence=Evidence.PASSPORT, by=db.session.get(User, clerk_id))

    db.session.rollback()
    came = all_at_once(app, *(lambda pair=pair: verify(*pair) for pair in pairs), keys.add)
    assert [one for one in came if not isinstance(one, Refusal)] == [None, 2]
    assert len(persons()) == 1


def test_a_desk_that_hashed_before_the_rotation_waits_for_the_one_that_hashed_after_it(app, town, monkeypatch):
    """The first has looked and found nobody; meanwhile a key is made and the second comes."""
    place, real, rounds = town.neighbourhood().id, people.namesakes, itertools.count()
    pairs = [(town.clerk().id, town.user().id) for _each in range(2)]

    def slow(who):
        found = real(who)
        if next(rounds) == 0:
            keys.add()
        return found

    monkeypatch.setattr(people, "namesakes", slow)

    def verify(n):
        clerk_id, user_id = pairs[n]
        residency.verify(db.session.get(User, user_id), WHO, affiliations={AffiliationKind.LIVE: place},
                         evidence=Evidence.PASSPORT, by=db.session.get(User, clerk_id))

    db.session.rollback()
    came = at_once(app, 2, verify)
    assert sum(isinstance(one, SamePerson) for one in came) == 1 and len(persons()) == 1
    assert persons()[0].key_id == 1 and WHO.fits(persons()[0])


def test_a_person_whose_key_is_lost_is_a_sentence(town):
    user = verified(town)
    user.person.key_id = 2
    with pytest.raises(Unavailable, match="master-2.key is missing"):
        WHO.fits(user.person)
