"""Casts around the close: what the database's clock says at the check decides, whoever waits for whom."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from civic_forum.ballots.box import locking
from civic_forum.ballots.box.sealing import Channel, ballot_leaf, open_promise
from civic_forum.ballots.counting import closing
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.published import heads
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.rules.signing import Receipt
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.voting.refusals import CastingOver
from civic_forum.ballots.box import voters as voter_rows
from civic_forum.platform import clock, work
from civic_forum.platform.base import database_now, db
from civic_forum.platform.errors import Refusal
from tests.racing import WAITING, at_once
from tests.servers.cluster import wait_until

from . import boxes
from .racing import closes_in, on_postgresql
from .voter_process import form_json, voters

pytestmark = pytest.mark.both


@pytest.fixture(autouse=True)
def nobody_changes_too_often(monkeypatch):
    monkeypatch.setattr(casting, "changed", casting.Limiter(10_000))
    monkeypatch.setattr(casting, "sent", casting.Limiter(10_000))


def test_several_who_close_at_once_close_once(town, app):
    made = boxes.box(voters=5)
    for voter in made.voters:
        made.cast(voter, 1)
    clock.shift(3700)
    assert at_once(app, 8, lambda _n: closing.close_if_due(made.id)) == [True] * 8
    assert [head.number for head in heads.of_box(made.id)] == [0, 1]
    assert len(list(log.leaves(made.id))) == 320 and len(promised(made)) == 5


@pytest.mark.in_turns(of=10)
def test_casts_around_the_close_go_in_exactly_while_it_is_open(town, app):
    made = boxes.box(voters=40)

    def cast_on(n):
        """Each thread goes through its own voters from before the close to after it."""
        answers = []
        for voter in made.voters[n::8] * 40:
            before = database_now()
            db.session.remove()
            try:
                answer = made.cast(voter, 1 + n % 4)
            except Refusal as refusal:
                answer = refusal
            answers.append((before, answer, database_now()))
            db.session.remove()
            if before > closes_at + timedelta(seconds=2):
                break
            time.sleep(0.01)
        return answers

    closes_at = closes_in(made, 2)
    answers = [answer for some in at_once(app, 8, cast_on) for answer in some]
    accepted_exactly_before(closes_at, [
        (before, isinstance(answer, Receipt), after) for before, answer, after in answers])
    assert {type(answer) for _before, answer, _after in answers} <= {Receipt, CastingOver}
    assert promised(made) == {answer.leaf for _before, answer, _after in answers if isinstance(answer, Receipt)}
    assert made.row.closed_at >= closes_at


def promised(made):
    """Leaves of the closed log that a receipt was given for; the others are blind."""
    keys, logged = keyring.box_keys(made.id), {leaf.hash for leaf in log.leaves(made.id)}
    opened = (open_promise(keys, made.id, *one) for one in voter_rows.all_promises(made.id).items())
    leaves = {ballot_leaf(made.fingerprint, *one).hash for one in opened}
    assert leaves <= logged
    return leaves


def accepted_exactly_before(closes_at, answers):
    """(the database's clock before, whether accepted, the same after) of each cast."""
    assert all(before < closes_at for before, accepted, _after in answers if accepted)
    assert all(after >= closes_at for _before, accepted, after in answers if not accepted)
    assert {accepted for _before, accepted, _after in answers} == {True, False}


def closer_and_caster(app, made, hold):
    """Hold something across the close, while a cast waits for it; returns what became of the cast."""
    form = made.form(made.voters[0], 1)
    with ThreadPoolExecutor(2) as pool:
        def cast():
            with app.app_context():
                try:
                    return casting.cast(made.id, made.voters[0], form, Channel.ONLINE)
                except Refusal as refusal:
                    return refusal
                finally:
                    db.session.remove()

        waiting = hold(lambda: pool.submit(cast))
        return waiting.result(30)


@pytest.mark.both
def test_a_cast_that_waited_for_the_lock_across_the_close_is_refused(town, app):
    made = boxes.box()
    closes_at = closes_in(made, 1.5)

    def hold(begin):
        with work.unlogged_transaction():
            assert locking.take_lock_alone(made.id) < closes_at
            waiting = begin()
            time.sleep(2.8)
            assert not waiting.done()
        return waiting

    assert isinstance(closer_and_caster(app, made, hold), CastingOver)
    assert made.promises() == 0 and made.channels() == {} and made.row.closed_at is not None


@on_postgresql
def test_a_cast_that_was_let_in_before_the_close_counts_although_it_waited_for_a_row(town, app):
    """Its check was before the close, so the closer waits for it."""
    made = boxes.box()
    made.cast(made.voters[0], 2)
    key = made.row_key(made.voters[0])
    closes_at = closes_in(made, 600)

    def hold(begin):
        with work.unlogged_transaction():
            voter_rows.by_key(made.id, keyring.box_keys(made.id), key, hold=True)
            holder = db.session.scalar(sa.select(sa.func.pg_backend_pid()))
            waiting = begin()
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
                wait_until(lambda: watcher.scalars(WAITING, {"holder": holder}).all(), 60)
            clock.shift(601)
            assert database_now() > closes_at and not waiting.done()
        return waiting

    receipt = closer_and_caster(app, made, hold)
    assert isinstance(receipt, Receipt)
    assert closing.close_if_due(made.id)
    assert log.by_tracker(receipt.tracker) and made.voter(made.voters[0]).choice == made.choice(1)


@pytest.fixture
def busy(app):
    """Fifty casts a second into a box, by five threads, while the block runs."""

    @contextmanager
    def casting_on(made):
        over, answers, troubles = threading.Event(), [], []

        def vote(n):
            with app.app_context():
                for voter in made.voters[n::5]:
                    if over.is_set():
                        break
                    try:
                        answers.append(casting.cast(made.id, voter, made.form(voter, 1), Channel.ONLINE))
                    except CastingOver as refusal:
                        answers.append(refusal)
                    except Refusal as trouble:
                        troubles.append(trouble)
                    db.session.remove()
                    over.wait(0.1)

        threads = [threading.Thread(target=vote, args=[n]) for n in range(5)]
        [thread.start() for thread in threads]
        try:
            yield answers
        finally:
            over.set()
            [thread.join(30) for thread in threads]
        assert not troubles

    return casting_on


def test_the_closer_gets_its_lock_within_a_second_under_fifty_casts_a_second(town, busy):
    made = boxes.box(voters=400)
    db.session.remove()
    with busy(made) as answers:
        waits = []
        for again in range(1, 4):
            wait_until(lambda: len(answers) > 20 * again, 60)
            began = time.perf_counter()
            with work.unlogged_transaction():
                locking.take_lock_alone(made.id)
                waits.append(time.perf_counter() - began)
    assert max(waits) < 20, waits  # one, where nothing else runs
    assert len(answers) > 60 and all(isinstance(answer, Receipt) for answer in answers)


def test_closing_under_load_loses_no_ballot_that_was_acknowledged(town, busy):
    made = boxes.box(voters=300)
    closes_at = closes_in(made, 600)
    with busy(made) as answers:
        wait_until(lambda: len(answers) > 30, 60)
        clock.shift(int((closes_at - clock.now()).total_seconds()) - 1)
        wait_until(lambda: isinstance(answers[-1], CastingOver), 60)
    receipts = {answer.leaf for answer in answers if isinstance(answer, Receipt)}
    assert len(receipts) > 30 and any(isinstance(answer, CastingOver) for answer in answers)
    assert promised(made) == receipts
    assert made.channels() == {Channel.ONLINE: len(receipts)}


@pytest.mark.in_turns(of=10)
@on_postgresql
def test_workers_whose_clocks_differ_agree_on_the_close(town, app):
    """One worker's clock is five seconds behind another's: each takes ballots by the database's clock alone."""
    made = boxes.box(voters=240)
    forms = [form_json(made, voter, made.form(voter, 1)) for voter in made.voters]
    with voters(app, -2.5, +2.5) as processes:
        closes_at = closes_in(made, 2)
        for form in forms:
            form["fingerprint"] = made.fingerprint.hex()
        for n, process in enumerate(processes):
            process.send({"pause": 0.04, "casts": forms[n::2]})
        said = [process.receive() for process in processes]
    clocks = [one["own_clock"] for one in said]
    assert 4 < clocks[1] - clocks[0] < 6, clocks
    for one in said:
        accepted_exactly_before(closes_at.timestamp(), [
            (answer["before"], "receipt" in answer, answer["after"]) for answer in one["answers"]])
    accepted = {bytes.fromhex(answer["receipt"]["leaf"]) for one in said for answer in one["answers"]
                if "receipt" in answer}
    assert promised(made) == accepted
    assert made.row.closed_at >= closes_at
