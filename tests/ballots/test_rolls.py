"""People in an electoral roll, people who are not and why, lists from a file, corrections, and what leaving changes."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.personal_data import PERSONAL_DATA
from civic_forum.accounts.services import leaving
from civic_forum.ballots import identities
from civic_forum.ballots.models import RollEntry, RollObjection
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls import services
from civic_forum.ballots.rolls.rules import EntryState, RollRule
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.platform import clock
from civic_forum.platform.audit import AuditEntry
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict, NotFound, Refusal
from tests.ballots.people import LIVE, STUDY, WORK, a_roll, belongs, declared, person, verified
from tests.common import today

HEADER = "name,birth_date,neighbourhood\n"


def entries(roll):
    db.session.rollback()
    return {entry.person: entry for entry in db.session.scalars(sa.select(RollEntry).filter_by(roll_id=roll.id))}


def state(roll, user):
    db.session.rollback()
    return rolls.own_entry(rolls.roll(roll.id), user).state


def in_order(roll):
    return list(db.session.scalars(sa.select(RollEntry.person).filter_by(roll_id=roll.id).order_by(RollEntry.person)))


class Visitor:
    is_authenticated = False


@pytest.mark.both
def test_a_roll_holds_everybody_verified_who_lives_here_in_order_of_their_hashes(town):
    ours, neighbour, commuter = verified(town), verified(town, "박바다"), verified(town, "이별", kind=WORK)
    declared(town)
    without_account = person("정아무")
    belongs(None, town.neighbourhood(), person_id=without_account.id)
    roll = services.fix(a_roll().id, by=town.moderator())
    wanted = {identities.of_person(one.person) for one in (ours, neighbour)} | {identities.of_person(without_account)}
    assert set(entries(roll)) == wanted and in_order(roll) == sorted(wanted)
    assert roll.entries == rolls.size(roll.id) == 3
    assert state(roll, ours) is EntryState.IN and state(roll, commuter) is EntryState.OTHER_KIND


def test_a_roll_of_members_takes_who_works_or_studies_here(town):
    worker, pupil, neighbour = (verified(town, name, kind=kind)
                                for name, kind in (("이별", WORK), ("최솔", STUDY), ("박바다", LIVE)))
    roll = services.fix(a_roll(kinds=(WORK, STUDY)).id, by=town.moderator())
    assert set(entries(roll)) == {identities.of_person(one.person) for one in (worker, pupil)}
    assert state(roll, neighbour) is EntryState.OTHER_KIND


def test_a_roll_of_some_neighbourhoods(town):
    near, far = town.neighbourhood("가산동"), town.neighbourhood("독산1동")
    ours, others = verified(town, place=near), verified(town, "박바다", place=far)
    roll = services.fix(a_roll(neighbourhoods=("가산동",)).id, by=town.moderator())
    assert state(roll, ours) is EntryState.IN and state(roll, others) is EntryState.OTHER_NEIGHBOURHOOD
    assert rolls.sizes(roll.id) == {near.name_ko: 1}


def test_a_roll_of_a_neighbourhood_that_does_not_exist_is_not_fixed(town):
    with pytest.raises(Refusal, match="없는동"):
        services.fix(a_roll(neighbourhoods=("없는동",)).id, by=town.moderator())


@pytest.mark.parametrize(("born", "expected"), [
    (date(2012, 5, 20), EntryState.IN), (date(2012, 5, 21), EntryState.TOO_YOUNG)])
def test_the_age_counts_on_the_closing_day(town, born, expected):
    user = verified(town, born=born)
    roll = services.fix(a_roll(min_age=18, age_on=date(2030, 5, 20)).id, by=town.moderator())
    assert state(roll, user) is expected


def test_a_declared_roll_takes_accounts_too_but_not_where_an_age_must_be_known(town):
    word, seen = declared(town), verified(town)
    open_to_all = services.fix(a_roll(RollSource.DECLARED).id, by=town.moderator())
    assert set(entries(open_to_all)) == {identities.of_account(word.id), identities.of_person(seen.person)}
    assert state(open_to_all, word) is EntryState.IN
    grown_up = services.fix(a_roll(RollSource.DECLARED, min_age=19, age_on=today()).id, by=town.moderator())
    assert state(grown_up, word) is EntryState.AGE_UNKNOWN and state(grown_up, seen) is EntryState.IN


@pytest.mark.both
def test_an_entry_by_account_that_is_verified_later_stays_one_entry(town):
    word = declared(town)
    roll = services.fix(a_roll(RollSource.DECLARED).id, by=town.moderator())
    word.person_id = person().id
    db.session.commit()
    db.session.refresh(word)
    found = rolls.own_entry(roll, word)
    assert (found.state, found.person) == (EntryState.IN, identities.of_account(word.id))


def test_a_roll_is_fixed_on_its_day_and_once(town):
    moderator, roll = town.moderator(), a_roll(fixed_on=today() + timedelta(days=1))
    user = verified(town)
    assert state(roll, user) is EntryState.WILL_BE_IN
    with pytest.raises(Conflict):
        services.fix(roll.id, by=moderator)
    clock.shift(24 * 3600)
    services.fix(roll.id, by=moderator)
    with pytest.raises(Conflict):
        services.fix(roll.id, by=moderator)


def test_a_roll_that_nobody_fixed_is_fixed_when_its_day_is_over_as_of_that_day(town):
    early = verified(town)
    roll = a_roll()
    assert services.fix_due() == 0
    clock.shift(24 * 3600)
    late = verified(town, "박바다")
    assert services.fix_due() == 1 and services.fix_due() == 0
    assert state(roll, early) is EntryState.IN and state(roll, late) is EntryState.TOO_LATE


def test_a_roll_that_cannot_be_fixed_holds_up_no_other(town, caplog):
    user = verified(town)
    stuck, fine = a_roll(neighbourhoods=("없는동",)), a_roll()
    clock.shift(24 * 3600)
    assert services.fix_due() == 1 and "없는동" in caplog.text
    assert state(fine, user) is EntryState.IN and rolls.roll(stuck.id).fixed_at is None


def test_a_visitor_is_asked_to_sign_in(town):
    assert rolls.own_entry(a_roll(), Visitor()).state is EntryState.NOT_SIGNED_IN


# A list from a file


# Objections and corrections


def fixed(town, *users):
    return services.fix(a_roll().id, by=town.moderator())


@pytest.mark.both
def test_somebody_left_out_objects_and_is_answered_and_added(town):
    moderator, roll = town.moderator(), fixed(town)
    outside = verified(town)
    objection = services.object_to(roll.id, "주소를 옮겼는데 명부에 없어요.", by=outside)
    assert objection.answered_at is None
    services.add(roll.id, outside, "등본을 확인했어요", by=moderator)
    services.answer(objection.id, "확인하고 명부에 넣었어요.", by=moderator)
    assert state(roll, outside) is EntryState.IN
    assert db.session.get_one(RollObjection, objection.id).answered_at is not None
    assert rolls.size(roll.id) == rolls.roll(roll.id).entries == 1
    with pytest.raises(Conflict):
        services.answer(objection.id, "다시 확인했어요.", by=moderator)
    with pytest.raises(Conflict):
        services.add(roll.id, outside, "한 번 더 넣어요", by=moderator)


def test_nobody_is_put_into_a_roll_against_its_rule(town):
    near, far = town.neighbourhood("가산동"), town.neighbourhood("독산1동")
    roll = services.fix(a_roll(neighbourhoods=("가산동",), min_age=19, age_on=date(2030, 5, 20)).id, by=town.moderator())
    against = {"정해진 동": verified(town, place=far), "나이": verified(town, "박바다", date(2012, 1, 1), near),
               "본인 확인": declared(town, near), "따로 정해져": verified(town, "이별", place=near, kind=WORK)}
    for reason, user in against.items():
        with pytest.raises(Refusal, match=reason) as refused:
            services.add(roll.id, user, "이의가 맞아요", by=town.moderator())
        assert refused.value.field == "name"
    assert rolls.size(roll.id) == 0 and rolls.additions_by_hand([roll.id]) == {}
    services.add(roll.id, verified(town, "최솔", place=near), "이의가 맞아요", by=town.moderator())
    assert rolls.size(roll.id) == 1 and rolls.additions_by_hand([roll.id]) == {roll.id: 1}


def test_an_entry_is_struck_with_a_reason_that_the_person_reads(town):
    user, moderator = verified(town), town.moderator()
    roll = fixed(town)
    services.strike(roll.id, identities.of_person(user.person), "다른 구로 이사했어요", by=moderator)
    found = rolls.own_entry(rolls.roll(roll.id), user)
    assert (found.state, found.struck_reason) == (EntryState.STRUCK, "다른 구로 이사했어요")
    assert rolls.size(roll.id) == 0 and not found.state.may_vote
    with pytest.raises(Conflict):
        services.strike(roll.id, identities.of_person(user.person), "두 번은 안 돼요", by=moderator)
    with pytest.raises(NotFound):
        services.strike(roll.id, b"?" * 32, "누구인지 몰라요", by=moderator)


def test_an_objection_needs_words_and_few_may_wait(town):
    user, roll = verified(town), fixed(town)
    with pytest.raises(Refusal):
        services.object_to(roll.id, "음", by=user)
    for number in range(services.MOST_OBJECTIONS):
        services.object_to(roll.id, f"{number}번째 이의예요.", by=user)
    with pytest.raises(Conflict):
        services.object_to(roll.id, "하나 더 낼게요.", by=user)


# Leaving, keeping, forgetting


def leave(user):
    for name in sorted(PERSONAL_DATA, key=lambda name: (name == leaving.ACCOUNT, name)):
        PERSONAL_DATA[name].erase(user, db.session)
    db.session.commit()


def test_somebody_who_leaves_stays_in_the_roll_and_comes_back_as_the_same_entry(town):
    user = verified(town)
    roll = fixed(town)
    services.object_to(roll.id, "이름을 다시 봐 주세요.", by=user)
    leave(user)
    [kept] = entries(roll)
    assert db.session.scalar(sa.select(RollObjection)) is None
    again = verified(town)
    found = rolls.own_entry(roll, again)
    assert (found.state, found.person) == (EntryState.IN, kept), "one person, one entry: no second vote"


def test_a_namesake_who_leaves_gets_no_second_entry_either(town):
    first, second = verified(town), verified(town, distinguisher=1)
    roll = fixed(town)
    assert len(entries(roll)) == 2
    leave(second)
    again = verified(town, distinguisher=1)
    assert rolls.own_entry(roll, again).person in entries(roll) and len(entries(roll)) == 2
    leave(first)
    third = verified(town, distinguisher=2)
    assert state(roll, third) is EntryState.TOO_LATE, "a number that the roll never held opens nothing"


def test_a_new_account_of_somebody_who_only_declared_is_not_in_the_roll(town):
    word = declared(town)
    roll = services.fix(a_roll(RollSource.DECLARED).id, by=town.moderator())
    leave(word)
    assert state(roll, declared(town)) is EntryState.TOO_LATE


def test_the_download_of_own_data_names_the_rolls_that_one_is_in(town):
    user = verified(town)
    roll = fixed(town)
    collected = PERSONAL_DATA["ballots"].collect(user)
    assert [one["roll"] for one in collected["rolls"]] == [roll.id]
    assert PERSONAL_DATA["ballots"].collect(town.user())["rolls"] == []


@pytest.mark.both
def test_rolls_are_forgotten_after_the_time_that_the_setting_says(town):
    verified(town)
    old, new = fixed(town), None
    clock.shift(400 * 24 * 3600)
    verified(town, "박바다")
    new = fixed(town)
    assert services.forget(365) == 1
    assert not entries(old) and len(entries(new)) == 2


def test_the_rule_reads_back_as_it_was_written():
    rule = RollRule(RollSource.VERIFIED, date(2030, 5, 1), frozenset({LIVE, WORK}), ("가산동",), 14, date(2030, 5, 20))
    assert RollRule.from_json(rule.to_json()) == rule
    with pytest.raises(ValueError):
        RollRule(RollSource.VERIFIED, date(2030, 5, 1), frozenset())


def test_the_actor_is_audited_without_a_name(town):
    user, moderator = verified(town), town.moderator()
    roll = fixed(town)
    services.strike(roll.id, identities.of_person(user.person), "다른 구로 이사했어요", by=moderator)
    told = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.subject) for entry in told] == [
        ("ballots.roll_fixed", f"electoral_roll:{roll.id}"), ("ballots.roll_entry_struck", f"electoral_roll:{roll.id}")]
    assert told[1].details == {}


# Two of one name and birthday
