"""Electoral rolls and the keys that they are under: nobody stands in one twice, and nobody is lost by a rotation."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import current_app
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from civic_forum.accounts.identity import Identity
from civic_forum.accounts.models import Affiliation, Person, User
from civic_forum.accounts.rules import AffiliationKind, Evidence
from civic_forum.accounts.services import residency
from civic_forum.ballots import identities
from civic_forum.ballots.desk import services as desk
from civic_forum.ballots.kiosk import services as kiosk
from civic_forum.ballots.models import ElectoralRoll, Participated, RollEntry
from civic_forum.ballots.kiosk.models import KioskPass
from civic_forum.ballots.rolls import operations as steps_of_rolls
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls import services
from civic_forum.ballots.rolls.rules import EntryState
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.platform import clock, keys
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.platform.work import use_case
from tests.polls.making import opened, poll, voter
from tests.polls.test_ballot_page import ballot, in_hex, send
from tests.running.turns import share

from .desk_scene import REASON, Vote
from .kiosks import device
from .people import a_roll, declared, verified

HEADER = "name,birth_date,neighbourhood\n"


@pytest.fixture(autouse=True)
def own_keys(app, tmp_path, monkeypatch):
    monkeypatch.setitem(app.config, "KEYS", str(tmp_path / "keys"))


def at_the_desk(town, who, clerk):
    """An account whose person is verified under the newest key there is."""
    user = town.user()
    residency.verify(user, who, affiliations={AffiliationKind.LIVE: town.neighbourhood().id},
                     evidence=Evidence.PASSPORT, by=clerk)
    return db.session.get(User, user.id)


def state(roll, user):
    db.session.rollback()
    return rolls.own_entry(rolls.roll(roll.id), user).state


def in_it(roll):
    db.session.rollback()
    return set(db.session.scalars(sa.select(RollEntry.person).filter_by(roll_id=roll.id)))


def test_a_roll_keeps_the_key_of_the_day_on_which_it_was_made(town):
    clerk, moderator = town.clerk(), town.moderator()
    old = at_the_desk(town, Identity("김하나", date(1980, 1, 1)), clerk)
    before = a_roll(RollSource.DECLARED)
    keys.add()
    new = at_the_desk(town, Identity("이두리", date(1981, 1, 1)), clerk)
    after, word = a_roll(RollSource.DECLARED), declared(town)
    for roll, key in ((before, 1), (after, 2)):
        services.fix(roll.id, by=moderator)
        assert roll.key_id == key
        assert in_it(roll) == {identities.of_person(old.person, key), identities.of_person(new.person, key),
                               identities.of_account(word.id, key)}
        assert {state(roll, user) for user in (old, new, word)} == {EntryState.IN}
    assert {one.key_id for one in (old.person, new.person)} == {1, 2} and not in_it(before) & in_it(after)


def test_a_list_names_people_whichever_key_they_were_verified_under(town):
    clerk, moderator = town.clerk(), town.moderator()
    place = town.neighbourhood().name_ko
    people = [Identity(f"김{name}", date(1980, 1, n + 1)) for n, name in enumerate(("하나", "두리", "세나"))]
    data = (HEADER + "".join(f"{who.name},{who.birth_date},{place}\n" for who in people)).encode()
    accounts = [at_the_desk(town, people[0], clerk)]
    under = [services.import_list(data, a_roll(RollSource.IMPORTED).id, by=moderator)]
    prepared = a_roll(RollSource.IMPORTED)
    keys.add()
    accounts.append(at_the_desk(town, people[1], clerk))
    under += [services.import_list(data, roll.id, by=moderator) for roll in (a_roll(RollSource.IMPORTED), prepared)]
    keys.add()
    accounts.append(at_the_desk(town, people[2], clerk))
    assert [roll.key_id for roll in under] == [1, 2, 1]
    for roll in under:
        assert rolls.size(roll.id) == 3 and {state(roll, user) for user in accounts} == {EntryState.IN}


def test_corrections_of_a_roll_are_under_its_key(town, browse):
    moderator = town.moderator()
    vote = opened_later(town)
    user = verified(town)
    keys.add()
    client = browse(moderator)
    page = f"/desk/polls/{vote.slug}/roll/corrections"
    for _again in range(2):
        client.post(page, data={"name": user.sign_in_name, "what": "add", "reason": "등본을 확인했어요"})
    assert identities.of_person(user.person, 1) in in_it(vote.roll)
    assert identities.of_person(user.person, 2) not in in_it(vote.roll)
    client.post(page, data={"name": user.sign_in_name, "what": "strike", "reason": "다른 구로 이사했어요"})
    assert state(vote.roll, user) is EntryState.STRUCK


def opened_later(town):
    made = poll(town, opens_at=(clock.now() + timedelta(days=1)).isoformat(timespec="seconds"))
    services.fix(made.roll_id, by=town.moderator())
    return made


@pytest.mark.both
def test_nobody_votes_twice_around_a_rotation(town, browse):
    ada = voter(town)
    vote = opened(town)
    client = browse(ada)
    first = send(client, vote, ballot(client, vote), in_hex(1, how_many=3))
    keys.add()
    late = at_the_desk(town, Identity("박늦게", date(1990, 2, 3)), town.clerk())
    again = send(client, vote, ballot(client, vote), in_hex(2, how_many=3))
    assert first.status_code == again.status_code == 200
    db.session.rollback()
    assert db.session.scalar(sa.text("SELECT count(*) FROM voter")) == 1
    assert vote.box.roll.key_id == 1 and state(vote.box.roll, late) is not EntryState.IN


def test_the_desk_finds_who_is_in_the_roll_whatever_key_came_since(town):
    vote, clerk = Vote(town), town.clerk()
    known, listed = vote.voter(), vote.voter("이바다")
    vote.verified(known)
    keys.add()
    for one in (known, listed):
        found, = one.found_by(clerk)
        assert found.person == one.person and found.visit
    assert one.gets_paper(clerk)
    new = at_the_desk(town, listed.who, clerk)
    found, = desk.look_up(vote.box_id, listed.who, REASON, by=clerk)
    assert (found.person, found.account.id) == (listed.person, new.id)


def test_somebody_at_a_kiosk_has_one_pass_whatever_key_came_since(town):
    vote, clerk = Vote(town), town.clerk()
    anna = vote.voter()
    first = kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk)
    secret = kiosk.enter(first.code, device())
    keys.add()
    assert kiosk.voter(secret, device()).person == anna.person
    second = kiosk.issue(vote.box_id, anna.visit(clerk), by=clerk)
    assert kiosk.voter(secret, device()) is None
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(KioskPass)) == 1
    keys.add()
    secret = kiosk.enter(second.code, device())
    assert kiosk.use(secret, anna.form(2), device()).tracker and vote.by_channel() == {Channel.ASSISTED: 1}


def test_people_who_took_part_are_known_by_the_key_of_the_roll(town):
    clerk = town.clerk()
    old, absent = (at_the_desk(town, Identity(name, date(1980, 1, 1)), clerk) for name in ("김하나", "박들"))
    vote = opened(town)
    keys.add()
    new, word = at_the_desk(town, Identity("이두리", date(1981, 1, 1)), clerk), town.resident()
    db.session.add_all(Participated(box_id=vote.box_id, person=identities.candidates(user, vote.box.roll.key_id)[0],
                                    channel=Channel.ONLINE) for user in (old, new, word))
    db.session.commit()
    assert {one for some in rolls.took_part([vote.box_id]) for one in some} == {old.id, new.id, word.id}
    assert absent.id not in {one for some in rolls.took_part([vote.box_id]) for one in some}


def test_a_rehearsal_is_under_one_key(town):
    user = verified(town)
    keys.add()
    with use_case(None) as work:
        roll = steps_of_rolls.roll_of(work.session, [user], fixed_on=date(2026, 1, 1), at=work.at)
    assert roll.key_id == 2 and in_it(roll) == {identities.of_person(user.person, 2)} != {
        identities.of_person(user.person, 1)}
    assert state(roll, user) is EntryState.IN


@pytest.mark.both
@examples(max_examples=share(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.one_of(
    st.just(("rotate",)), st.tuples(st.just("verify"), st.integers(0, 2)),
    st.tuples(st.just("roll"), st.integers(0, 1)),
    st.tuples(st.just("fix"), st.integers(0, 1)),
    st.tuples(st.just("add"), st.integers(0, 1), st.integers(0, 2))), max_size=14))
def test_in_any_order_everybody_stands_in_a_roll_once(town, tmp_path_factory, moves):
    current_app.config["KEYS"] = str(tmp_path_factory.mktemp("keys"))
    db.session.execute(sa.update(User).values(person_id=None))
    for table in (Affiliation, RollEntry, ElectoralRoll):
        db.session.execute(sa.delete(table))
    db.session.execute(sa.text("DELETE FROM desk_check"))
    db.session.execute(sa.delete(Person))
    db.session.commit()
    clerk, moderator, people, made, there = town.clerk(), town.moderator(), {}, {}, {}
    for move, *of in moves:
        if move == "rotate":
            keys.add()
        elif move == "verify" and of[0] not in people:
            people[of[0]] = at_the_desk(town, Identity(f"주민 {of[0]}", date(1970, 1, 1 + of[0])), clerk)
        elif move == "roll" and of[0] not in made:
            made[of[0]] = a_roll()
        elif move == "fix" and of[0] in made and of[0] not in there:
            services.fix(made[of[0]].id, by=moderator)
            there[of[0]] = set(people)
        elif move == "add" and of[0] in there and of[1] in people:
            try:
                services.add(made[of[0]].id, people[of[1]], "등본을 확인했어요", by=moderator)
                assert of[1] not in there[of[0]]
            except Conflict:
                assert of[1] in there[of[0]]
            there[of[0]].add(of[1])
    for number, known in there.items():
        assert len(in_it(made[number])) == len(known) == rolls.size(made[number].id)
        for one, user in people.items():
            assert (state(made[number], user) is EntryState.IN) is (one in known)
            assert len(in_it(made[number]) & set(identities.candidates(user))) == (one in known)
