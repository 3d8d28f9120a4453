"""The votes of the sample district: the past one as its description says, one that runs, one announced."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.accounts.models import User
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box.sealing import Channel, EntryType
from civic_forum.ballots.counting.publication import VERIFIER
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.officials import queries as answered
from civic_forum.ballots.published import heads, records
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rolls.rules import EntryState
from civic_forum.ballots.models import BallotBox, LogLeaf, Participated, Promise, RollEntry, Voter
from civic_forum.ballots.paper.models import PaperBatch
from civic_forum.ballots.box import voters
from civic_forum.ballots.rules.boxes import BoxStage, stage_of
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.polls.models import Poll
from civic_forum.polls.queries import results
from civic_forum.sample_data.people import DATA
from tests.ballots import proofs

TOLD = {poll["slug"]: poll for poll in json.loads((DATA / "polls.json").read_text("utf-8"))["polls"]}


def poll(slug) -> Poll:
    return db.session.scalars(sa.select(Poll).filter_by(slug=slug)).one()


@pytest.fixture
def past(district):
    return poll("napulnapul-2020")


@pytest.fixture
def running(district):
    return poll("doksan3-empty-lot")


def user(name) -> User:
    return db.session.scalars(sa.select(User).filter_by(sign_in_name=name)).one()


# The past one


def test_the_result_is_the_one_that_its_description_states(past):
    expected, found = TOLD[past.slug]["expected"], results.of(past)
    assert found.figures["ballots"] == expected["ballots_counted"] and found.figures["blank"] == expected["blank"]
    assert {str(line.option.number): line.place.votes for line in found.lines} == expected["votes"]
    assert [line.option.number for line in found.lines] == expected["order"]
    turnout = found.figures["turnout"]
    assert {"online": turnout["online"], "assisted": turnout["assisted"],
            "paper": turnout["paper_returned"]} == expected["by_channel"]
    assert sum(line.place.votes for line in found.lines) == expected["choices"]
    assert sum(desk["withdrawn"] for desk in found.figures["desks"]) == expected["withdrawn_online_ballots"]
    assert "replaced" not in past.box.result, "nobody reads how often ballots were changed"


def test_it_was_open_for_seven_days_and_six_choices(past):
    assert (past.closes_at - past.opens_at, past.max_choices) == (timedelta(days=7), 6)


def test_paper_is_reconciled_as_its_description_states(past):
    told = TOLD[past.slug]["paper"]
    assert results.of(past).figures["paper"] == told["reconciliation"] | {"taken_back": 0}
    batches = db.session.scalars(sa.select(PaperBatch).filter_by(box_id=past.box_id).order_by(PaperBatch.number)).all()
    assert [batch.sheets for batch in batches] == told["batches"]
    assert [batch.settled_by_id for batch in batches] == [None, user("moderator2").id, None]
    assert told["differences"][0]["note"] in batches[1].note


def test_the_smallest_neighbourhood_is_hidden_with_the_next(past):
    found, expected = results.of(past), TOLD[past.slug]["expected"]["by_neighbourhood"]
    assert {cell.name for cell in found.cells if cell.voted is None} == {"시흥3동", "시흥2동"}
    assert {cell.name: cell.voted for cell in found.cells if cell.voted is not None} == {
        name: count for name, count in expected.items() if name not in ("시흥3동", "시흥2동")}


@pytest.mark.parametrize("name, arguments, recounted", [
    ("public", (), "다시 세지 않았어요: 합계."), ("observers", ("--same-as",), "모두 다시 셌어요."),
])
def test_both_editions_of_the_record_pass_the_verifier(past, name, arguments, recounted):
    more = [*arguments, str(records.public(past.box))] if arguments else []
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(getattr(records, name)(past.box)), *more,
         "--key", keyring.key_fingerprint(), "--language", "ko"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.splitlines()[-1]
    assert last.startswith(f"맞아요: 확인한 것이 모두 맞고, 알려 주신 열쇠로 서명됐어요. {recounted}")
    assert "2명 가운데 1명이 필요해요" in last, "two invented observers"


def test_every_leaf_has_a_proof_and_every_head_continues_the_one_before(past):
    size = db.session.scalar(sa.select(sa.func.count()).select_from(LogLeaf).filter_by(box_id=past.box_id))
    assert size == 1024 + 3 + 1, "ballots and blind leaves, batches of paper, the objection"
    final = heads.newest(past.box_id)
    for number in range(size):
        proof = log.inclusion(past.box_id, number)
        assert proofs.verify_inclusion(bytes.fromhex(proof["leaf"]), number, size,
                                     [bytes.fromhex(node) for node in proof["proof"]], final.root)
    _opening, closing, last = heads.of_box(past.box_id)
    proof = log.consistency(past.box_id, closing.size, last.size)
    assert proofs.verify_consistency(closing.size, last.size, [bytes.fromhex(node) for node in proof["proof"]],
                                   closing.root, last.root)


def test_the_log_holds_ballots_paper_and_the_objection(past):
    found = Counter(db.session.scalars(sa.select(LogLeaf.type).filter_by(box_id=past.box_id)))
    assert (found[EntryType.PAPER], found[EntryType.OBJECTION]) == (3, 1) and found[EntryType.BALLOT] % 64 == 0


def test_nothing_is_left_that_could_open_a_ballot(past):
    assert stage_of(past.box, clock.now()) is BoxStage.PUBLISHED
    for model in (Promise, Voter):
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(model).filter_by(box_id=past.box_id))
    assert not keyring.is_there(past.box_id) and keyring.tombstone_of(past.box_id)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participated)
                             .filter_by(box_id=past.box_id)) == 428 + 2


def test_it_happened_on_its_days(past):
    assert past.box.closed_at.isoformat(timespec="minutes") == "2020-07-23T15:00+00:00"
    assert past.box.published_at.isoformat(timespec="minutes") == "2020-07-28T01:00+00:00"
    opening = heads.of_box(past.box_id)[0]
    assert opening.at < past.opens_at and opening.kind == "opening"


def test_the_objection_is_answered(past):
    [objection], [told] = results.of(past).objections, TOLD[past.slug]["objections"]
    assert (objection.title, objection.answer, objection.answered_for) == (
        told["title"], told["answer"], told["answered_by"])


def test_turnout_is_marked_as_invented(past, district):
    page = district.test_client().get(f"/polls/{past.slug}").text
    assert "지어낸 숫자예요" in page and TOLD[past.slug]["invented"] in page


def test_notices_stand_with_their_days(past, district):
    page = district.test_client().get(f"/polls/{past.slug}").text
    assert all(notice["title"] in page for notice in TOLD[past.slug]["notices"])


# The one that runs


def test_the_running_vote_has_the_participations_that_its_description_states(running):
    found = boxes.participations(running.box_id)
    assert {"online": found.online, "assisted": found.assisted, "paper": found.paper_returned} == (
        TOLD[running.slug]["expected"]["participations"])
    assert found.paper_issued == 0


def test_it_is_open_and_nobody_gets_a_count(running, district):
    assert stage_of(running.box, clock.now()) is BoxStage.OPEN
    assert results.of(running) is None
    assert district.test_client().get(f"/polls/{running.slug}/result.json").status_code == 404
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(LogLeaf).filter_by(box_id=running.box_id))


def test_sample_accounts_have_voted_may_vote_or_may_not(running):
    told = TOLD[running.slug]["generator"]
    states = {}
    for name in (f"resident{number}" for number in range(1, 7)):
        entry = rolls.own_entry(running.box.roll, user(name))
        states[name] = entry.state, entry.person and voters.standing(running.box_id, entry.person).channel
    for name in told["accounts_voted"]:
        assert states[name] == (EntryState.IN, Channel.ONLINE), name
    for name in told["accounts_not_yet"]:
        assert states[name] == (EntryState.IN, None), name
    for name in told["accounts_not_eligible"]:
        assert states[name] == (EntryState.NOT_ON_LIST, None), name


def test_the_rolls_hold_hashes_and_no_name(running):
    assert running.roll.entries == db.session.scalar(
        sa.select(sa.func.count()).select_from(RollEntry).filter_by(roll_id=running.roll_id)) > 64
    assert {len(person) for person in db.session.scalars(sa.select(RollEntry.person))} == {32}


@pytest.mark.parametrize("slug", ["napulnapul-2020", "doksan3-empty-lot"])
def test_every_option_whose_picture_is_described_has_one(district, slug):
    told = {option["number"]: option.get("picture_alt") for option in TOLD[slug]["options"]}
    assert {option.number: option.picture and option.picture.description for option in poll(slug).options} == told


# The one that is announced


def test_the_announced_vote_waits_for_its_roll(district):
    announced = poll("platform-rules")
    assert announced.announced_at is not None and announced.box_id is None
    assert announced.roll.fixed_at is None and announced.opens_at > clock.now()
    assert [option.number for option in announced.options] == [1, 2, 3, 4, 5]


def test_all_of_them_stand_in_the_list(district):
    page = district.test_client().get("/polls").text
    assert all(told["title"] in page for told in TOLD.values())


def test_no_more_boxes_than_votes_and_no_key_too_many(district):
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BallotBox).where(
        BallotBox.subject.startswith("poll:"))) == 3


def test_its_invented_observers_signed_before_the_key_went(past):
    told = answered.told(past.box)
    assert [(one.name, one.agrees) for one in told.observers] == [("예시 참관인 1", True), ("예시 참관인 2", True)]
    assert (told.needed, told.agreed, told.reason) == (1, 2, None)
