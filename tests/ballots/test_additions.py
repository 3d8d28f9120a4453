"""A roll that grows: who was verified too late to be on it is added when they come to vote, once, and the record has
it."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.accounts.services import leaving
from civic_forum.ballots import identities
from civic_forum.ballots.box import additions_file, closing_file, watching
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.counting.publication import VERIFIER
from civic_forum.ballots.models import Count, RollEntry, VoteNotice
from civic_forum.ballots.published import heads, records
from civic_forum.ballots.rolls.rules import EntryState
from civic_forum.ballots.voting import adding
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import CastingOver, NotInRoll, StruckFromRoll
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal, Unavailable
from tests.accounts.people import PASSWORD, password_hash
from tests.ballots import boxes
from tests.ballots.officials import both, strike
from tests.ballots.people import declared, verified
from tests.ballots.test_restoring import site  # noqa: F401  (a fixture)
from tests.common import commit
from tests.ballots.additions import added, cast, named, newcomers, own, person_of


@pytest.fixture
def made(town):
    return boxes.box(12, grows=True, closes=200_000, publishes="ballots")


def test_somebody_verified_later_is_added_by_their_first_ballot_and_once(made, town):
    user = verified(town)
    assert own(made, user).state is EntryState.MAY_BE_ADDED and added(made) == []
    cast(made, user, 1)
    assert own(made, user).state is EntryState.IN and added(made) == [person_of(made, user)]
    cast(made, user, 2)
    assert made.voter(person_of(made, user)).revision == 2
    assert added(made) == named(made).persons == [person_of(made, user)] and watching.look() == {}


def test_nobody_is_added_to_a_fixed_roll(town):
    fixed, user = boxes.box(12), verified(town)
    with pytest.raises(NotInRoll):
        cast(fixed, user, 1)
    assert added(fixed) == [] and not additions_file.path(fixed.id).exists()


def test_nobody_is_added_who_is_not_verified_or_has_left(made, town):
    with pytest.raises(NotInRoll):
        user = declared(town)
        casting.cast_as(made.id, identities.candidates(user, 1), made.form(b"x" * 32, 1), Channel.ONLINE, user.id)
    assert added(made) == []
    late = verified(town)
    form, persons = made.form(person_of(made, late), 1), identities.candidates(late, 1)
    commit(sa.update(User).where(User.id == late.id).values(person_id=None, left_at=clock.now()))
    with pytest.raises(NotInRoll):
        casting.cast_as(made.id, persons, form, Channel.ONLINE, late.id)
    assert added(made) == []


def test_a_paper_that_is_no_ballot_adds_nobody(made, town):
    user = verified(town)
    form = made.form(person_of(made, user), 1)
    with pytest.raises(Refusal):
        cast(made, user, form=replace(form, choice=b"?"))
    assert added(made) == []


def test_of_several_papers_one_that_is_no_ballot_adds_nobody_anywhere(town):
    one, two = boxes.box(12, grows=True), boxes.box(12, grows=True)
    user = verified(town)
    person, known_as = person_of(one, user), identities.candidates(user, 1)
    for spoiled, whole in ((one, two), (two, one)):
        forms = {whole.id: whole.form(person, 1), spoiled.id: replace(spoiled.form(person, 1), choice=b"?")}
        with pytest.raises(Refusal) as refused:
            casting.cast_several(forms, known_as, Channel.ONLINE, user.id)
        assert refused.value.box_id == spoiled.id and added(one) == added(two) == []


def test_somebody_struck_is_not_added_again(made, town):
    user = verified(town)
    cast(made, user, 1)
    strike(made.id, person_of(made, user), *both(town))
    with pytest.raises(StruckFromRoll):
        cast(made, user, 2)
    assert own(made, user).state is EntryState.STRUCK and len(added(made)) == 1


def test_at_the_close_nobody_is_added_any_more(made, town):
    user = verified(town)
    form = made.form(person_of(made, user), 1)
    clock.shift(200_001)
    with pytest.raises(CastingOver):
        cast(made, user, form=form)
    assert adding.add([made.id], user.id) == [] and added(made) == []


def test_a_namesake_who_comes_back_is_not_added_as_somebody_else(made, town):
    """Of two namesakes the first votes, leaves, and comes back with another number."""
    place = town.neighbourhood()
    first, second = verified(town, place=place, password_hash=password_hash()), verified(town, place=place,
                                                                                       distinguisher=1)
    cast(made, first, 1)
    leaving.leave(PASSWORD, by=db.session.get(User, first.id))
    third = verified(town, place=place, distinguisher=2)
    assert own(made, third).state is own(made, second).state is EntryState.NAMESAKE_LEFT
    with pytest.raises(NotInRoll):
        cast(made, third, 2)
    assert len(added(made)) == 1


def test_a_forged_entry_may_not_vote_counts_nowhere_and_is_an_alarm(made, town):
    forged = b"f" * 32
    commit(sa.insert(RollEntry).values(roll_id=made.roll_id, person=forged, salt=b"s" * 16, added=True,
                                       has_left=False))
    with pytest.raises(NotInRoll):
        made.cast(forged, 1)
    [figures] = watching.look().values()
    assert figures["additions_forged"] == 1 and "몰래 넣었어요" in watching.sentence(figures)


@pytest.mark.in_turns(of=5)
def test_an_entry_that_somebody_removed_is_an_alarm_and_stays_in_the_record(made, town):
    users = newcomers(town, 3)
    for user in users:
        cast(made, user, 1)
    clock.shift(90_000)
    assert watching.sign_due() == [made.id]
    commit(sa.delete(RollEntry).where(RollEntry.person == person_of(made, users[0])))
    [figures] = watching.look().values()
    assert figures == watching.CLEAN | {"additions_gone": 1}
    result = brought_to_the_record(made)
    assert result["turnout"] | {"roll": 15, "total": 3, "online": 3} == result["turnout"]
    assert alarms_of(made)["additions_gone"] == 1


@pytest.mark.both
def test_counts_that_somebody_deleted_stand_in_the_record_all_the_same(made, town):
    """Else the blocks of the additions, and with them every root that was signed later, could not be made again."""
    for day, first in enumerate((0, 20, 40), start=1):
        for user in newcomers(town, 3, first=first):
            cast(made, user, 1)
        clock.shift(day * 60_000 + 30_000)
        watching.sign_due()
        if day == 1:
            commit(sa.delete(Count).where(Count.box_id == made.id))
    brought_to_the_record(made)
    found = counts_of(made)
    assert [one["number"] for one in found] == [*range(1, len(found) + 1)] and found[0]["additions"] == 3


@pytest.mark.both
def test_somebody_who_was_lost_by_a_restore_gets_the_leaf_that_was_signed(made, town):
    users = newcomers(town, 3)
    for user in users:
        cast(made, user, 1)
    clock.shift(90_000)
    watching.sign_due()
    before = list(db.session.execute(sa.select(RollEntry.person, RollEntry.salt).filter_by(added=True)))
    commit(sa.delete(RollEntry).where(RollEntry.added))
    for user in users:
        cast(made, user, 2)
    assert sorted(db.session.execute(sa.select(RollEntry.person, RollEntry.salt).filter_by(added=True))) == sorted(
        before) and len(named(made).persons) == 3 and watching.look() == {}


def test_added_before_a_crash_they_are_written_down_later(made, town, monkeypatch):
    def full(*_given):
        raise Unavailable("full")

    user = verified(town)
    monkeypatch.setattr(additions_file, "append", full)
    with pytest.raises(Unavailable):
        cast(made, user, 1)
    monkeypatch.undo()
    assert len(added(made)) == 1 and named(made).persons == []
    cast(made, user, 1)
    assert watching.look() == {} and named(made).persons == added(made)


@pytest.mark.both
def test_without_the_file_the_vote_is_closed_and_recorded_all_the_same(made, town):
    for user in newcomers(town, 11):
        cast(made, user, 1)
    clock.shift(90_000)
    watching.sign_due()
    additions_file.path(made.id).unlink()
    [figures] = watching.look().values()
    assert figures == watching.CLEAN | {"additions_lost": 1}
    result = brought_to_the_record(made)
    assert result["turnout"]["roll"] == 23 and counts_of(made) == []
    assert {name: alarms_of(made)[name] for name in watching.SAYS if name.startswith("additions")} == {
        "additions_forged": 0, "additions_gone": 0, "additions_lost": 1, "additions_other": 0}


@pytest.mark.in_turns(of=5)
def test_a_count_is_signed_for_the_order_of_the_file_whoever_appends_meanwhile(made, town, monkeypatch):
    """One is committed and not appended yet when the table is read, and another is appended just after that."""
    users = newcomers(town, 14)
    for user in users[:12]:
        cast(made, user, 1)
    append, of_table = additions_file.append, additions_file._of_table
    monkeypatch.setattr(additions_file, "append", lambda *_given: None)
    adding.add([made.id], users[12].id)
    monkeypatch.setattr(additions_file, "append", append)
    last = person_of(made, users[13])

    def read_before(box, keys):
        found = of_table(box, keys)
        append(made.id, keys, [last])
        return found

    monkeypatch.setattr(additions_file, "_of_table", read_before)
    clock.shift(90_000)
    assert watching.sign_due() == [made.id]
    monkeypatch.setattr(additions_file, "_of_table", of_table)
    adding.add([made.id], users[13].id)
    rows = {one.number: (one.additions, one.additions_root.hex()) for one in tallies.counts_of(made.id)}
    assert {size for size, _root in rows.values()} == {14}
    brought_to_the_record(made)
    assert {one["number"]: (one["additions"], one["additions_root"]) for one in counts_of(made)} == rows
    assert alarms_of(made)["additions_other"] == 0


@pytest.mark.both
def test_a_count_of_other_additions_is_an_alarm_at_the_close(made, town, caplog):
    for user in newcomers(town, 11):
        cast(made, user, 1)
    clock.shift(90_000)
    watching.sign_due()
    commit(sa.update(Count).values(additions_root=b"?" * 32))
    brought_to_the_record(made)
    assert alarms_of(made)["additions_other"] == 1 and "'additions_other': 1" in caplog.text


@pytest.mark.both
@pytest.mark.parametrize("grows", [True, False])
def test_an_entry_written_as_of_the_opening_is_seen_while_it_can_be_repaired(grows, town):
    made = boxes.box(12, grows=grows, closes=200_000, publishes="ballots")
    for voter in made.voters:
        made.cast(voter, 1)
    assert watching.look() == {}
    forged = b"g" * 32
    commit(sa.insert(RollEntry).values(roll_id=made.roll_id, person=forged, salt=b"s" * 16, added=False))
    made.cast(forged, 2)
    assert watching.look() == {made.id: watching.CLEAN | {"roll": 1}} and "명부가 투표를 시작할 때와" in notices(made)
    commit(sa.delete(RollEntry).where(RollEntry.person == forged))
    assert watching.look() == {made.id: watching.CLEAN | {"foreign": 1}}


@pytest.mark.in_turns(of=10)
@pytest.mark.both
@pytest.mark.parametrize("grows", [True, False])
@pytest.mark.parametrize("change", [{"added": True}, {"salt": b"?" * 16}, {"salt": b""}, {"person": b"?" * 32}])
def test_an_entry_of_the_opening_that_is_another_now_is_an_alarm_and_at_the_close(grows, change, town, caplog):
    made = boxes.box(12, grows=grows)
    assert watching.look() == {}
    commit(sa.update(RollEntry).where(RollEntry.person == made.voters[0]).values(**change))
    assert watching.look()[made.id]["roll"] == 1
    clock.shift(200_001)
    caplog.clear()
    assert closing.close(made.id)
    assert "'roll': 1" in caplog.text


def notices(made):
    db.session.rollback()
    return " ".join(db.session.scalars(sa.select(VoteNotice.text).filter_by(subject=made.row.subject)))


def brought_to_the_record(made):
    """Closed, counted, recorded and passed by the verifier; the result."""
    clock.shift(200_001)
    assert closing.close(made.id)
    closing.finish(made.id, by=None)
    publication.carry_on(made.id, by=None)
    assert made.row.recorded_at is not None
    return json.loads(made.row.result)


def members(made):
    with zipfile.ZipFile(records.public(made.row)) as record:
        return {name: record.read(name) for name in record.namelist()}


def alarms_of(made):
    return json.loads(members(made)["alarms.json"])


def counts_of(made):
    return json.loads(members(made)["counts.json"])


@pytest.mark.in_turns(of=5)
def test_the_whole_way_to_the_record(made, town):
    """Three of the roll, then newcomers between signed counts, one struck, one by paper; verify.py passes it."""
    for voter in made.voters[:3]:
        made.cast(voter, 2)
    first, second, third = (newcomers(town, many, first=start) for many, start in ((4, 0), (12, 10), (5, 30)))
    for day, users in enumerate((first, second, third), start=1):
        for user in users:
            cast(made, user, 1, 3)
        clock.shift(day * 66_000)  # over one midnight at most, over two in all
        watching.sign_due()
    result = brought_to_the_record(made)
    assert result["turnout"]["roll"] == 12 + 21 and result["turnout"]["total"] == 3 + 21
    found = members(made)
    lines = found["additions.txt"].decode().splitlines()
    counts = json.loads(found["counts.json"])
    assert [one["additions"] for one in counts] == sorted({one["additions"] for one in counts}) and len(counts) > 1
    assert len(lines) == 21 and all(line.endswith(" 1") for line in lines)
    assert json.loads(found["box.json"])["roll"]["grows"] == 1 and len(found["roll.txt"].splitlines()) == 12
    said = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), str(records.public(made.row)), "--key",
                           heads.signer(made.id)], capture_output=True, text=True, check=True).stdout
    assert "21 added later" in said
    assert [one.additions for one in tallies.counts_of(made.id)] == [one["additions"] for one in counts]
    frozen = closing_file.read(made.row).grown
    assert {*frozen.persons} == {*added(made)} and frozen.root == heads.closing(made.id).additions_root
