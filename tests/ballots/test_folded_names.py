"""Rolls know one person under one name, whatever nobody sees in it (docs/decisions/0063)."""

import pytest

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import User
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import people as access
from civic_forum.accounts.services import residency
from civic_forum.ballots import identities
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls import services
from civic_forum.ballots.rolls.rules import EntryState, Wrong
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.platform.base import db
from tests.accounts.names import PRINTED
from tests.accounts.test_folded_names import BORN, MARKED, PLAIN, verified_before

from .desk_scene import REASON, Vote
from .test_rolls import HEADER, a_roll

__all__ = ["verified_before"]
NAMES = dict(PRINTED).values()


@pytest.fixture
def here(town):
    return {AffiliationKind.LIVE: town.neighbourhood().id}


def listed(*names, place="시흥1동"):
    return (HEADER + "".join(f'"{name}",1985-04-02,{place}\n' for name in names)).encode()


def test_a_list_names_nobody_twice(town):
    roll, printed = a_roll(RollSource.IMPORTED), list(dict.fromkeys(NAMES))
    town.neighbourhood()
    with pytest.raises(services.NotImported) as refusal:
        services.listed(listed(*printed, *(typed for typed, _prints_as in PRINTED)), roll)
    assert refusal.value.problems == [(line, Wrong.DUPLICATE, printed.index(prints_as) + 2)
                                      for line, (_typed, prints_as) in enumerate(PRINTED, len(printed) + 2)]


@pytest.mark.in_turns(of=5)
def test_a_list_with_marks_holds_those_whom_it_prints(town, clerk, here):
    roll, typed = a_roll(RollSource.IMPORTED), {printed: typed for typed, printed in PRINTED}
    services.import_list(listed(*typed.values(), place="시흥\ufe0f\u3164１동"), roll.id, by=town.moderator())
    for printed in typed:
        user = town.user()
        residency.verify(user, Identity(printed, BORN), affiliations=here, evidence=Evidence.PASSPORT, by=clerk)
        assert rolls.own_entry(rolls.roll(roll.id), db.session.get(User, user.id)).state is EntryState.IN


@pytest.mark.in_turns(of=5)
def test_a_desk_finds_them_in_the_roll(town, clerk):
    vote = Vote(town)
    people = {printed: vote.voter(printed, born=BORN).person for printed in set(NAMES)}
    for typed, printed in PRINTED:
        entry, = desk.look_up(vote.box_id, Identity(typed, BORN), REASON, by=clerk)
        assert entry.person == people[printed]


@pytest.mark.both
@pytest.mark.parametrize("who", [PLAIN, MARKED])
def test_a_desk_finds_who_is_on_a_roll_since_before_names_were_folded(town, clerk, verified_before, who):
    vote, person = Vote(town), db.session.get(User, verified_before.id).person
    access.fold_names()
    namesake = vote.voter(PLAIN.name, born=BORN)
    before = vote.voter(PLAIN.name, born=BORN, distinguisher=99)
    entry = rolls.entry(vote.roll.id, before.person)
    entry.person = identities.of_person(person)
    db.session.commit()
    found = desk.look_up(vote.box_id, who, REASON, by=clerk)
    assert {one.person: one.account and one.account.id for one in found} == {
        identities.of_person(person): verified_before.id, namesake.person: None}
