"""Many casts at once, in threads and in processes: one person has one ballot, and nothing is ever half done."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from civic_forum.accounts.models import User
from civic_forum.ballots.box import locking
from civic_forum.ballots.box.sealing import Channel
from civic_forum.ballots.strikes import services as strikes
from civic_forum.ballots.rolls import queries as rolls
from civic_forum.ballots.rules.signing import Receipt
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import ChangedElsewhere, StruckFromRoll, VotedOnline
from civic_forum.ballots.box import casting as box_casting
from civic_forum.platform import work
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal
from tests.ballots.officials import strike
from tests.ballots.proofs import holds, receipt_of
from tests.racing import at_once

from . import boxes
from .racing import CHOICES, in_every_snapshot, sorted_out
from .test_casting import in_the_box
from .voter_process import form_json, voters

pytestmark = pytest.mark.both


def test_of_a_hundred_casts_at_once_one_counts_and_the_others_learn_so(town, app):
    made = boxes.box()
    forms = [made.form(made.voters[0], *CHOICES[n % len(CHOICES)]) for n in range(80)]
    forms += forms[:20]
    with in_every_snapshot(app, made):
        answers = at_once(app, 100, lambda n: casting.cast(made.id, made.voters[0], forms[n], Channel.ONLINE))
    receipts, refusals = sorted_out(answers)
    assert len(receipts) == 1 and 1 <= receipts.total() <= 2
    assert refusals == {ChangedElsewhere: 100 - receipts.total()}
    assert made.promises() == 1 and made.channels() == {Channel.ONLINE: 1}
    (_revision, choice), = in_the_box(made).values()
    won = next(n for n, answer in enumerate(answers) if isinstance(answer, Receipt))
    assert choice == forms[won].choice


@pytest.mark.in_turns(of=10)
def test_the_same_from_two_processes(town, app):
    made = boxes.box()
    forms = [made.form(made.voters[0], *CHOICES[n % len(CHOICES)]) for n in range(100)]
    with voters(app, 0, 0) as processes:
        for n, process in enumerate(processes):
            process.send({"casts": [form_json(made, made.voters[0], form) for form in forms[n::2]]})
        answers = [answer for process in processes for answer in process.receive()["answers"]]
    accepted = [answer for answer in answers if "receipt" in answer]
    assert len(accepted) == 1 and holds(receipt_of(accepted[0]["receipt"]))
    assert {answer["status"] for answer in answers if "refused" in answer} == {409}
    assert made.promises() == 1 and made.channels() == {Channel.ONLINE: 1}


def test_of_a_hundred_in_sequence_the_last_counts(town, monkeypatch):
    monkeypatch.setattr(casting, "changed", casting.Limiter(1000))
    made = boxes.box()
    chosen = [CHOICES[n % len(CHOICES)] for n in range(100)]
    receipts = [made.cast(made.voters[0], *choice) for choice in chosen]
    assert len({receipt.leaf for receipt in receipts}) == 100
    assert in_the_box(made) == {made.row_key(made.voters[0]): (100, made.choice(*chosen[-1]))}
    assert made.channels() == {Channel.ONLINE: 1} and made.promises() == 100


def change_again_and_again(made, voter, times, channel=Channel.ONLINE):
    """Open the page, cast, and so on; what is refused is looked at by the caller."""
    answers = []
    for n in range(times):
        try:
            answers.append(made.cast(voter, *CHOICES[n % len(CHOICES)], channel=channel))
        except Refusal as refusal:
            answers.append(refusal)
    return answers


def test_many_people_who_change_at_once_each_have_one_live_ballot(town, app):
    made = boxes.box(voters=10)
    channels = [Channel.ONLINE, Channel.ASSISTED]
    with in_every_snapshot(app, made) as seen:
        answers = at_once(app, 20, lambda n: change_again_and_again(made, made.voters[n // 2], 5, channels[n % 2]))
    receipts, refusals = sorted_out([answer for some in answers for answer in some])
    assert set(refusals) <= {ChangedElsewhere, VotedOnline} and made.promises() == len(receipts)
    assert sum(made.channels().values()) == 10 and len(in_the_box(made)) == 10
    assert made.named().revisions == {key: revision for key, (revision, _choice) in in_the_box(made).items()}
    assert seen[-1] == 10 or len(set(seen)) > 1


def test_a_form_that_is_sent_many_times_at_once_gives_one_receipt(town, app):
    made = boxes.box()
    form = made.form(made.voters[0], 2)
    answers = at_once(app, 30, lambda _n: casting.cast(made.id, made.voters[0], form, Channel.ONLINE))
    assert len(set(answers)) == 1 and holds(answers[0])
    assert made.promises() == 1


def test_striking_an_entry_waits_for_the_cast_that_read_it_and_stops_the_next(town, app):
    made, one, other = boxes.box(), town.moderator(), town.official().id
    proposed = strikes.propose(made.id, made.voters[0], "이사 간 것을 확인했어요", by=one).id

    def strike():
        with app.app_context():
            try:
                strikes.confirm(proposed, by=db.session.get(User, other))
                return rolls.entry(made.roll_id, made.voters[0])
            finally:
                db.session.remove()

    form = made.form(made.voters[0], 1)
    with ThreadPoolExecutor(1) as pool:
        with work.unlogged_transaction():
            at = locking.take_lock(made.id)
            box_casting.cast(made.id, made.voters[0], form, Channel.ONLINE, at=at)
            striking = pool.submit(strike)
            time.sleep(0.5)
            assert not striking.done()
        assert striking.result(20).struck_at is not None
    with pytest.raises(StruckFromRoll):
        made.cast(made.voters[0], 2)
    assert made.promises() == 1 and made.channels() == {Channel.ONLINE: 1}


def test_people_are_struck_while_they_vote_and_nobody_waits_in_a_circle(town, app):
    made, one, other = boxes.box(voters=8), town.moderator().id, town.official().id
    db.session.remove()

    def act(n):
        voter = made.voters[n // 2]
        if n % 2:
            strike(made.id, voter, db.session.get(User, one), db.session.get(User, other))
            return rolls.entry(made.roll_id, voter)
        return change_again_and_again(made, voter, 6)

    with in_every_snapshot(app, made):
        answers = at_once(app, 16, act)
    assert all(entry.struck_at for entry in answers[1::2])
    receipts, refusals = sorted_out([answer for some in answers[::2] for answer in some])
    assert set(refusals) <= {StruckFromRoll} and made.promises() == receipts.total()
    for voter in made.voters:
        with pytest.raises(StruckFromRoll):
            made.cast(voter, 1)
