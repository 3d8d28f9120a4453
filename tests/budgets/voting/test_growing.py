"""A round whose rolls grow: a newcomer votes in every envelope at once, and each box has them in its own record."""

import json
import subprocess
import sys
import zipfile

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import Affiliation
from civic_forum.ballots import identities
from civic_forum.ballots.box import watching
from civic_forum.ballots.box.closing import DrawKind
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.counting.publication import VERIFIER
from civic_forum.ballots.models import BallotBox, RollEntry
from civic_forum.ballots.published import records
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls.rules import EntryState
from civic_forum.ballots.rules.boxes import RollSource
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.errors import Conflict
from civic_forum.ballots.voting import adding
from civic_forum.budgets.rules import Phase
from tests.ballots.officials import both, type_draw
from tests.ballots.people import verified
from tests.budgets import making
from tests.factories import saved

from .scene import JSON, all_ballots, opened
from .scene import drafted as two_envelopes
from .test_ballot_pages import in_hex


@pytest.mark.in_turns(of=5)
def test_a_newcomer_votes_in_both_envelopes_and_both_records_hold(town, browse):
    made = opened(town, roll_grows=True, publishes="ballots", draw=DrawKind.DICE)
    assert len({one.box.roll_id for one in made.envelopes}) == 2
    for number in range(11):
        client = browse(verified(town, f"새 주민 {number}"))
        if not number:
            assert "투표할 수 있어요" in client.get(f"/budgets/{made.slug}/envelope-1").text
        sent = {slug: form | {"choice": in_hex(6, 1) if slug == "envelope-1" else in_hex(8, 1, 2)}
                for slug, form in all_ballots(client, made).items()}
        assert client.post(f"/budgets/{made.slug}/casts", json=sent, headers=JSON).status_code == 200
    ids = [one.box_id for one in made.envelopes]
    clock.shift(86_400)
    assert sorted(watching.sign_due()) == sorted(ids) and watching.look() == {}
    ends = max(db.session.get(BallotBox, box_id).closes_at for box_id in ids)
    clock.shift(int((ends - clock.now()).total_seconds()) + clock.offset_seconds() + 60)
    for box_id in ids:
        assert closing.close(box_id)
        closing.finish(box_id, by=None)
        try:
            publication.carry_on(box_id, by=None)
        except Conflict:  # a tie waits for its draw
            type_draw(box_id, *both(town))
            publication.carry_on(box_id, by=None)
        db.session.rollback()
        box = db.session.get(BallotBox, box_id)
        with zipfile.ZipFile(records.public(box)) as record:
            assert len(record.read("additions.txt").splitlines()) == 11
            assert [one["additions"] for one in json.loads(record.read("counts.json"))] == [11]
        done = subprocess.run([sys.executable, "-I", "-S", str(VERIFIER), str(records.public(box))],
                              capture_output=True, text=True)
        assert done.returncode == 0 and "11 added later" in done.stdout


def test_envelopes_of_one_electorate_share_a_roll_unless_it_grows(town):
    fixed = making.prepared(town, budget_round=two_envelopes(town))
    assert len({one.roll_id for one in fixed.envelopes}) == 1


@pytest.mark.both
def test_somebody_who_moved_meanwhile_is_not_added_to_the_roll_of_the_new_place(town):
    here, there = town.neighbourhood("시흥1동"), town.neighbourhood("독산3동")
    drafted = making.new_round(town, phase=Phase.VOTING, roll_grows=True, envelopes=2)
    for one, place in zip(drafted.envelopes, (here, there), strict=True):
        one.voters_of = [place]
        for _number in range(3):
            making.project(town, drafted, envelope=one)
        for _number in range(10):
            making.voter(town, place=place.name_ko)
    db.session.commit()
    made = making.opened(town, budget_round=drafted, voters=0)
    first, second = (one.box.roll for one in made.envelopes)
    late = verified(town, place=here)
    assert rolls.own_entry(first, late).state is EntryState.MAY_BE_ADDED
    assert rolls.own_entry(second, late).state is EntryState.OTHER_NEIGHBOURHOOD
    assert adding.add([one.box_id for one in made.envelopes], late.id) == [made.envelopes[0].box_id]
    db.session.execute(sa.update(Affiliation).where(Affiliation.user_id == late.id).values(neighbourhood_id=there.id))
    db.session.commit()
    assert rolls.own_entry(second, late).state is EntryState.MOVED
    assert adding.add([one.box_id for one in made.envelopes], late.id) == [made.envelopes[0].box_id], "there, already"
    assert rolls.own_entry(second, late).state is EntryState.MOVED
    other = verified(town, "박나래", place=there)
    assert rolls.own_entry(second, other).state is EntryState.MAY_BE_ADDED
    numbers = identities.listed_together(identities.hash_of(other.person, first.key_id), first.key_id)
    first.source = RollSource.IMPORTED
    saved(RollEntry(roll_id=first.id, person=numbers[0], neighbourhood_id=here.id))
    assert rolls.own_entry(second, other).state is EntryState.LISTED_TOGETHER, "there, among namesakes"
