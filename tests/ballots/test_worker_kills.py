"""A worker killed at each step of what it does with a vote: nothing is lost or doubled, and the next one goes on."""

import json
import signal
import time

import pytest
import sqlalchemy as sa

from civic_forum.ballots import queries as boxes
from civic_forum.ballots.box import closing_file, definition, watching
from civic_forum.ballots.box import sealing as entries
from civic_forum.ballots.counting import closing, publication
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.published import heads
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.box.closing import size_of_log
from civic_forum.ballots.models import Count, LogLeaf, VoteNotice
from civic_forum.ballots.models import Voter as VoterRow
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests import factories
from tests.ballots import killed
from tests.ballots.boxes import box
from tests.ballots.proofs import holds
from tests.ballots.test_restoring import site  # noqa: F401  (a fixture)
from tests.common import commit, let_go
from tests.running.machine import patience
from tests.servers.forks import PROCESSES

WHILE_OPEN = [point for point, (job, _die) in killed.WORK_POINTS.items() if job in (killed.LOOK, killed.SIGN)]
CLOSING = [point for point, (job, _die) in killed.WORK_POINTS.items() if job == killed.CLOSE]
[REBUILDING] = [point for point, (job, _die) in killed.WORK_POINTS.items() if job == killed.REBUILD]
VOTERS = 14


class Vote:
    """A vote of people who change their ballots while workers die."""

    def __init__(self, app, subject, voters=VOTERS):
        self.app, self.made, self.receipts, self.last = app, box(voters, subject=subject), [], {}

    def cast(self, number, chosen):
        receipt = self.made.cast(self.made.voters[number], chosen)
        self.receipts.append(receipt)
        self.last[number] = receipt, self.made.choice(chosen)

    def kill_worker(self, point, offset_s=0):
        self.kill(killed.work_and_die, self.app.config["DATA"], self.app.config["DATABASE_URL"], point, offset_s)

    def kill(self, what, *given):
        let_go()
        process = PROCESSES.Process(target=what, daemon=True, args=given)
        process.start()
        process.join(120)
        assert process.exitcode == -signal.SIGKILL, given

    def is_whole_in_the_box(self):
        """Every ballot that was acknowledged, and nothing else."""
        assert self.made.promises() == len(self.receipts)
        assert sum(self.made.channels().values()) == len(self.last)
        assert watching.figures_of(self.made.id) == watching.CLEAN

    def is_whole_in_the_log(self):
        """Every receipt once, and the last of each person is the one that counts."""
        hashes = log.leaf_hashes(self.made.id)
        assert len(set(hashes)) == len(hashes) == size_of_log(len(self.receipts), len(self.last))
        assert {receipt.leaf for receipt in self.receipts} <= {*hashes} and all(map(holds, self.receipts))
        assert tallies.tokens(self.made.id) == sorted(
            entries.token(self.made.fingerprint, receipt.mine) for receipt, _choice in self.last.values())
        assert sorted(live.choice for live in closing_file.read(self.made.row).live) == sorted(
            choice for _receipt, choice in self.last.values())


def counts_of(made):
    db.session.rollback()
    return db.session.scalars(sa.select(Count.voters).filter_by(box_id=made.id).order_by(Count.number)).all()


def kinds(made):
    db.session.rollback()
    return [head.kind for head in heads.of_box(made.id)]


def is_held_through_its_kills(app, subject, names):
    """A vote from its casts to its publication, during which the worker dies at each of its steps."""
    vote = Vote(app, subject)
    for number in range(10):
        vote.cast(number, 1 if number < 7 else 2)
    for number, point in enumerate(WHILE_OPEN):
        vote.kill_worker(point)
        vote.is_whole_in_the_box()
        assert counts_of(vote.made) == ([10] if point == "count committed" else [])
        vote.cast(number, 3)  # changed
    watching.sign_due()
    vote.cast(10, 4)
    assert counts_of(vote.made) == [10]
    for point in CLOSING:
        vote.kill_worker(point, killed.AFTER_THE_CLOSE_S)
        assert kinds(vote.made) == (["opening", "closing"] if point == CLOSING[-1] else ["opening"]), point
        assert keyring.last_head(vote.made.id)["kind"] == "opening"
        if point != CLOSING[-1]:
            vote.is_whole_in_the_box()
    clock.shift(killed.AFTER_THE_CLOSE_S)
    closing.close_due()
    assert closing.close(vote.made.id) and keyring.last_head(vote.made.id)["kind"] == "closing"
    vote.is_whole_in_the_log()
    commit(sa.delete(LogLeaf).where(LogLeaf.box_id == vote.made.id, LogLeaf.number.in_([3, 5])))
    vote.kill_worker(REBUILDING, killed.AFTER_THE_CLOSE_S)
    assert len(log.leaf_hashes(vote.made.id)) == size_of_log(len(vote.receipts), len(vote.last)) - 2
    assert closing.rebuild_lost() == [vote.made.id] and closing.rebuild_lost() == []
    vote.is_whole_in_the_log()
    killed.publish(vote.made.id, *names)
    row = boxes.by_id(vote.made.id)
    assert [line["votes"] for line in json.loads(row.result)["totals"]] == [4, 3, 3, 1]
    publication._verify(row)
    clock.shift(0)


@pytest.fixture
def names(site):  # noqa: F811
    town = factories.Town()
    return town.moderator(sign_in_name="first.one").sign_in_name, town.official(sign_in_name="second.one").sign_in_name


@pytest.mark.in_turns(of=10)
def test_wherever_a_worker_dies_the_next_one_goes_on(site, names):  # noqa: F811
    is_held_through_its_kills(site, "test:worker", names)


@pytest.mark.long
def test_nor_do_twenty_kills_of_workers_lose_or_double_a_ballot(site, names):  # noqa: F811
    for number in range(3):  # of nine steps each
        is_held_through_its_kills(site, f"test:worker-{number}", names)


def is_kept_closed(made):
    """True once its closing head is signed and lies beside the keys."""
    return kinds(made) == ["opening", "closing"] and keyring.last_head(made.id)["kind"] == "closing"


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("point", [None, *CLOSING])
def test_a_large_box_is_closed_though_whoever_asks_or_closes_is_killed(site, names, point):  # noqa: F811
    vote = Vote(site, "test:large", closing.MOST_BESIDE_PAGES + 1)
    for number in range(11):
        vote.cast(number, 1 + number % 2)
    vote.cast(0, 3)  # changed
    settings = {name: site.config[name] for name in ("DATA", "KEYS", "DATABASE_URL", "SECRET_KEY")}
    vote.kill(killed.show_page_and_die, settings | {"CLOCK_OFFSET_S": killed.AFTER_THE_CLOSE_S}, vote.made.id, point)
    if point:
        assert kinds(vote.made) == ["opening", "closing"][:1 + (point == CLOSING[-1])]
        clock.shift(killed.AFTER_THE_CLOSE_S)
        closing.close_due()
        assert closing.close(vote.made.id)
    deadline = time.monotonic() + patience(120)
    while not is_kept_closed(vote.made):
        assert time.monotonic() < deadline, "nobody closes it"
        time.sleep(0.1)
    clock.shift(killed.AFTER_THE_CLOSE_S)
    vote.is_whole_in_the_log()
    killed.publish(vote.made.id, *names)
    row = boxes.by_id(vote.made.id)
    assert [line["votes"] for line in json.loads(row.result)["totals"]] == [5, 5, 1, 0]
    publication._verify(row)


def notices(made):
    db.session.rollback()
    return db.session.scalars(sa.select(VoteNotice.text).filter_by(subject=made.row.subject, kind="alarm")).all()


@pytest.mark.in_turns(of=10)
def test_an_alarm_during_which_the_worker_dies_is_given_by_the_next_one(site):  # noqa: F811
    vote = Vote(site, "test:alarmed", 3)
    vote.cast(0, 1)
    db.session.add(VoterRow(box_id=vote.made.id, row_key=bytes(32), channel=1, paper=0, sealed=b""))
    db.session.commit()
    vote.kill_worker("alarm given, not committed")
    assert notices(vote.made) == []
    for _minute in range(2):
        [found] = watching.look().values()
        assert found == watching.CLEAN | {"foreign": 1}
        assert notices(vote.made) == ["명부에 없는 줄이 투표함에 1개 있어요. 세지 않아요."]


@pytest.mark.in_turns(of=10)
def test_instants_that_a_dying_worker_puts_back_are_put_back_by_the_next_one(site):  # noqa: F811
    vote = Vote(site, "test:mended", 3)
    vote.cast(0, 1)
    closes_at = vote.made.row.closes_at
    commit(sa.text("UPDATE ballot_box SET closes_at = 'infinity'"))
    vote.kill_worker("instants put back, not committed")
    assert definition.unreadable(vote.made.id) == ["closes_at"]
    for _minute in range(2):
        assert watching.look() == {} and vote.made.row.closes_at == closes_at
        assert len(notices(vote.made)) == 1
    vote.is_whole_in_the_box()
