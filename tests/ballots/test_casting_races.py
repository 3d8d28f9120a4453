"""Many casts at once, in threads and in processes: one person has one ballot, and nothing is ever half done."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from civic_forum.ballots import heads, keyring
from civic_forum.ballots.models import BallotBox, Cast, Participation
from civic_forum.ballots.queries import boxes as box_queries
from civic_forum.ballots.queries import casts, log
from civic_forum.ballots.refusals import CastingOver, ChangedElsewhere, OnPaper
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.ballots.rules.receipts import Receipt
from civic_forum.ballots.rules.sealing import CastKind
from civic_forum.ballots.services import casting, closing
from civic_forum.ballots.steps import locking, papers
from civic_forum.kernel import work
from civic_forum.kernel.base import database_now, db, is_sqlite
from civic_forum.kernel.errors import Conflict, Refusal

from . import boxes
from .test_casting import in_the_box, row_key
from .voter_process import form_json, voters

on_postgresql = pytest.mark.parametrize("app", [pytest.param("postgres", marks=pytest.mark.servers)], indirect=True)
CHOICES = [(), (1,), (2,), (3,), (4,), (1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]


def at_once(app, number, act):
    """Call act(n) in so many threads that all start together; their answers or refusals."""
    start = Barrier(number)

    def run(n):
        with app.app_context():
            start.wait()
            try:
                return act(n)
            except Refusal as refusal:
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


@contextmanager
def in_every_snapshot(app, made):
    """Look again and again, while the block runs, whether participations and live ballots agree."""
    seen, over, wrong = [], threading.Event(), []

    def look():
        with app.app_context():
            keys = keyring.box_keys(made.id)
            while not over.is_set() or not seen:
                online, live = snapshot(made, keys)
                seen.append(len(live))
                if online != live:
                    wrong.append((len(online), len(live)))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join(30)
    assert not wrong and len(seen) > 3, (wrong[:3], len(seen))


def snapshot(made, keys):
    """Row keys that take part online or assisted, and those with a live ballot, as of one moment."""
    level = {} if is_sqlite() else {"isolation_level": "REPEATABLE READ"}
    with db.engine.connect().execution_options(**level) as connection, connection.begin():
        online = set(connection.scalars(sa.select(Participation.row_key).where(
            Participation.box_id == made.id, Participation.channel.in_([Channel.ONLINE, Channel.ASSISTED]))))
        time.sleep(0.001)  # let others commit in between
        rows = connection.execute(sa.select(Cast.cast_id, Cast.row_key, Cast.revision, Cast.sealed)
                                  .where(Cast.box_id == made.id).order_by(Cast.revision)).all()
    newest = {row.row_key: casts.Sealed(*row) for row in rows}
    return online, {key for key, row in newest.items()
                    if casts.open_one(made.id, row, keys).kind is CastKind.BALLOT}


def sorted_out(answers):
    """Receipts by leaf, and the kinds of refusals."""
    receipts = Counter(answer.leaf for answer in answers if isinstance(answer, Receipt))
    refusals = Counter(type(answer) for answer in answers if isinstance(answer, Refusal))
    assert receipts.total() + refusals.total() == len(answers)
    return receipts, refusals


def test_of_a_hundred_casts_at_once_one_counts_and_the_others_learn_so(town, app):
    made = boxes.box()
    forms = [made.form(*CHOICES[n % len(CHOICES)]) for n in range(80)]
    forms += forms[:20]
    with in_every_snapshot(app, made):
        answers = at_once(app, 100, lambda n: casting.cast(made.id, made.voters[0], forms[n], Channel.ONLINE))
    receipts, refusals = sorted_out(answers)
    assert len(receipts) == 1 and 1 <= receipts.total() <= 2
    assert refusals == {ChangedElsewhere: 100 - receipts.total()}
    assert made.casts() == 1 and made.participations() == {Channel.ONLINE: 1}
    (_kind, choice), = in_the_box(made)[row_key(made, made.voters[0])]
    won = next(n for n, answer in enumerate(answers) if isinstance(answer, Receipt))
    assert choice == forms[won].choice


def test_the_same_from_two_processes(town, app):
    made = boxes.box()
    forms = [made.form(*CHOICES[n % len(CHOICES)]) for n in range(100)]
    with voters(app, 0, 0) as processes:
        for n, process in enumerate(processes):
            process.send({"casts": [form_json(made, made.voters[0], form) for form in forms[n::2]]})
        answers = [answer for process in processes for answer in process.receive()["answers"]]
    accepted = [answer for answer in answers if "receipt" in answer]
    assert len(accepted) == 1 and Receipt.from_json(accepted[0]["receipt"]).holds()
    assert {answer["status"] for answer in answers if "refused" in answer} == {409}
    assert made.casts() == 1 and made.participations() == {Channel.ONLINE: 1}


def test_of_a_hundred_in_sequence_the_last_counts(town):
    made = boxes.box()
    chosen = [CHOICES[n % len(CHOICES)] for n in range(100)]
    receipts = [made.cast(made.voters[0], *choice) for choice in chosen]
    assert len({receipt.leaf for receipt in receipts}) == 100
    changes, = in_the_box(made).values()
    assert changes[-1] == (CastKind.BALLOT, made.form(*chosen[-1]).choice) and len(changes) == 100
    assert made.participations() == {Channel.ONLINE: 1}


def issue_paper(made, voter):
    """As the desk does it."""
    with work.plain_transaction():
        at = locking.take_lock(made.id)
        return papers.issue(box_queries.held(made.id), voter, at=at)


def change_again_and_again(made, voter, times, channel=Channel.ONLINE):
    """Open the page, cast, and so on; what is refused is looked at by the caller."""
    answers = []
    for n in range(times):
        try:
            answers.append(made.cast(voter, *CHOICES[n % len(CHOICES)], channel=channel))
        except Refusal as refusal:
            answers.append(refusal)
    return answers


def test_paper_issued_in_between_withdraws_the_online_ballot_for_good(town, app):
    made = boxes.box()
    voter = made.voters[0]
    first = made.cast(voter, 1)
    with in_every_snapshot(app, made):
        *cast, issued = at_once(app, 11, lambda n: change_again_and_again(made, voter, 10) if n < 10
                                else issue_paper(made, voter))
    assert issued.withdrew
    receipts, refusals = sorted_out([answer for some in cast for answer in some])
    assert set(refusals) <= {ChangedElsewhere, OnPaper} and refusals[OnPaper]
    changes, = in_the_box(made).values()
    assert [kind for kind, _choice in changes] == [CastKind.BALLOT] * (len(receipts) + 1) + [CastKind.WITHDRAWAL]
    assert made.participations() == {Channel.PAPER_ISSUED: 1} and first.holds()
    for revision in range(len(changes) + 2):
        with pytest.raises(Conflict):
            casting.cast(made.id, voter, made.form(1, revision=revision), Channel.ONLINE)


def test_first_ballots_and_first_papers_at_once_leave_each_person_with_one_of_them(town, app):
    made = boxes.box(voters=20)
    forms = [made.form(1) for _n in made.voters]

    def come(n):
        voter = made.voters[n // 2]
        if n % 2:
            return issue_paper(made, voter)
        return casting.cast(made.id, voter, forms[n // 2], Channel.ONLINE)

    with in_every_snapshot(app, made):
        answers = at_once(app, 40, come)
    assert made.participations() == {Channel.PAPER_ISSUED: 20}
    in_box = in_the_box(made)
    for n, voter in enumerate(made.voters):
        issued, cast = answers[2 * n + 1], answers[2 * n]
        kinds = [kind for kind, _choice in in_box.get(row_key(made, voter), [])]
        assert kinds == ([CastKind.BALLOT, CastKind.WITHDRAWAL] if issued.withdrew else [])
        assert isinstance(cast, Receipt if issued.withdrew else OnPaper)


def test_many_people_who_change_at_once_each_have_one_live_ballot(town, app):
    made = boxes.box(voters=10)
    channels = [Channel.ONLINE, Channel.ASSISTED]
    with in_every_snapshot(app, made) as seen:
        answers = at_once(app, 20, lambda n: change_again_and_again(made, made.voters[n // 2], 5, channels[n % 2]))
    receipts, refusals = sorted_out([answer for some in answers for answer in some])
    assert set(refusals) <= {ChangedElsewhere} and made.casts() == len(receipts)
    assert sum(made.participations().values()) == 10 and len(in_the_box(made)) == 10
    assert seen[-1] == 10 or len(set(seen)) > 1


def test_a_form_that_is_sent_many_times_at_once_gives_one_receipt(town, app):
    made = boxes.box()
    form = made.form(2)
    answers = at_once(app, 30, lambda _n: casting.cast(made.id, made.voters[0], form, Channel.ONLINE))
    assert len(set(answers)) == 1 and answers[0].holds()
    assert made.casts() == 1


def test_casts_into_several_boxes_at_once_never_wait_in_a_circle(town, app):
    people = [bytes([n]) * 32 for n in range(1, 11)]
    made = [boxes.box(voters=people) for _n in range(3)]

    def cast_everywhere(n):
        order = made if n % 2 else made[::-1]
        with work.plain_transaction():
            at = locking.take_lock(*(one.id for one in order))
            for one in sorted(order, key=lambda one: locking.lock_key(one.id)):
                casting.casting.cast(one.id, people[n // 2], one.form(1), Channel.ONLINE, at=at)

    answers = at_once(app, 20, cast_everywhere)
    assert Counter(map(type, answers)) == {type(None): 10, ChangedElsewhere: 10}
    assert [one.casts() for one in made] == [10, 10, 10]


def closes_in(made, seconds):
    """Let the box close so many seconds from now, past what keeps opened boxes as they are; returns the moment."""
    closes_at = database_now() + timedelta(seconds=seconds)
    db.session.execute(sa.update(BallotBox.__table__).where(BallotBox.id == made.id).values(closes_at=closes_at))
    db.session.commit()
    db.session.remove()
    return closes_at


def test_whoever_closes_at_once_closes_once(town, app):
    made = boxes.box(voters=5)
    for voter in made.voters:
        made.cast(voter, 1)
    closes_in(made, 0)
    assert at_once(app, 8, lambda _n: closing.close_if_due(made.id)) == [True] * 8
    assert [head.number for head in heads.of_box(made.id)] == [0, 1]
    assert len(list(log.leaves(made.id))) == 5


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
    in_log = {leaf.hash for leaf in log.leaves(made.id)}
    assert in_log == {answer.leaf for _before, answer, _after in answers if isinstance(answer, Receipt)}
    assert made.row.closed_at >= closes_at


def accepted_exactly_before(closes_at, answers):
    """(the database's clock before, whether accepted, the same after) of each cast."""
    assert all(before < closes_at for before, accepted, _after in answers if accepted)
    assert all(after >= closes_at for _before, accepted, after in answers if not accepted)
    assert {accepted for _before, accepted, _after in answers} == {True, False}


def closer_and_caster(app, made, hold):
    """Hold something across the close, while a cast waits for it; returns what became of the cast."""
    with ThreadPoolExecutor(2) as pool:
        def cast():
            with app.app_context():
                try:
                    return casting.cast(made.id, made.voters[0], made.form(1), Channel.ONLINE)
                except Refusal as refusal:
                    return refusal
                finally:
                    db.session.remove()

        waiting = hold(lambda: pool.submit(cast))
        return waiting.result(30)


def test_a_cast_that_waited_for_the_lock_across_the_close_is_refused(town, app):
    made = boxes.box()
    closes_at = closes_in(made, 1.5)

    def hold(begin):
        with work.plain_transaction():
            assert locking.take_lock_alone(made.id) < closes_at
            waiting = begin()
            time.sleep(1.8)
            assert not waiting.done()
        return waiting

    assert isinstance(closer_and_caster(app, made, hold), CastingOver)
    assert made.casts() == 0 and made.participations() == {} and made.row.closed_at is not None


@on_postgresql
def test_a_cast_that_was_let_in_before_the_close_counts_although_it_waited_for_a_row(town, app):
    """Its check was before the close, so the closer waits for it."""
    made = boxes.box()
    key = row_key(made, made.voters[0])
    made.cast(made.voters[0], 2)
    closes_in(made, 1.5)

    def hold(begin):
        with work.plain_transaction():
            casting.casting.hold_participation(made.id, key, Channel.ONLINE)
            waiting = begin()
            time.sleep(1.8)
            assert not waiting.done()
        return waiting

    form = made.form(1, revision=1)
    made.form = lambda *_given: form
    receipt = closer_and_caster(app, made, hold)
    assert isinstance(receipt, Receipt)
    assert closing.close_if_due(made.id)
    assert log.by_hash(made.fingerprint, receipt.leaf) and len(list(log.leaves(made.id))) == 2


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
                        answers.append(casting.cast(made.id, voter, made.form(1), Channel.ONLINE))
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
        for _again in range(3):
            time.sleep(0.7)
            began = time.perf_counter()
            with work.plain_transaction():
                locking.take_lock_alone(made.id)
                waits.append(time.perf_counter() - began)
    assert max(waits) < 1, waits
    assert len(answers) > 60 and all(isinstance(answer, Receipt) for answer in answers)


def test_closing_under_load_loses_no_ballot_that_was_acknowledged(town, busy):
    made = boxes.box(voters=300)
    closes_in(made, 2)
    with busy(made) as answers:
        time.sleep(3)
    receipts = {answer.leaf for answer in answers if isinstance(answer, Receipt)}
    assert len(receipts) > 30 and any(isinstance(answer, CastingOver) for answer in answers)
    assert {leaf.hash for leaf in log.leaves(made.id)} == receipts
    assert made.participations() == {Channel.ONLINE: len(receipts)}


@on_postgresql
def test_workers_whose_clocks_differ_agree_on_the_close(town, app):
    """One worker's clock is five seconds behind another's: each takes ballots by the database's clock alone."""
    made = boxes.box(voters=240)
    with voters(app, -2.5, +2.5) as processes:
        closes_at = closes_in(made, 2)
        for n, process in enumerate(processes):
            process.send({"pause": 0.04, "casts": [form_json(made, voter, made.form(1)) for voter in made.voters[n::2]]})
        said = [process.receive() for process in processes]
    clocks = [one["own_clock"] for one in said]
    assert 4 < clocks[1] - clocks[0] < 6, clocks
    for one in said:
        accepted_exactly_before(closes_at.timestamp(), [
            (answer["before"], "receipt" in answer, answer["after"]) for answer in one["answers"]])
    accepted = {bytes.fromhex(answer["receipt"]["leaf"]) for one in said for answer in one["answers"]
                if "receipt" in answer}
    assert {leaf.hash for leaf in log.leaves(made.id)} == accepted
    assert made.row.closed_at >= closes_at
