"""The site, its worker or its PostgreSQL is killed while people vote, again and again."""

import json
import os
import random
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from itertools import cycle
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

import config
from bench.load import Line
from bench.voters import vote
from civic_forum.app import create_app
from civic_forum.ballots.box import ledger_file, watching
from civic_forum.ballots.box import sealing as rows
from civic_forum.ballots.box.sealing import token
from civic_forum.ballots.counting import closing
from civic_forum.ballots.counting import queries as tallies
from civic_forum.ballots.keys import keyring
from civic_forum.ballots.published import queries as log
from civic_forum.ballots.rules import log as tree
from civic_forum.ballots.box import voters as voter_rows
from civic_forum.ballots.box.closing import size_of_log
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots.server_settings import REQUIRED
from civic_forum.platform import clock, jobs
from civic_forum.platform.base import db
from civic_forum.serve import is_ready
from tests.ballots import proofs
from tests.ballots.proofs import holds, receipt_of
from tests.running.machine import patience
from tests.servers import site as real_site

from . import clusters
from .people import GONE

VOTERS, EACH, A_SECOND = 5, 60, 50
"""So many threads with so many people each, together so many casts a second: nobody changes too often."""
OVER_S = 8 * 24 * 3600
READY_AGAIN_S = 10


class Voter(threading.Thread):
    """Casts for its people in turn; a cast that was not answered is sent again as it was, until it is."""

    def __init__(self, made, cookies, chance):
        super().__init__(daemon=True)
        self.made, self.chance, self.people = made, chance, cycle(cookies)
        self.revisions, self.receipts, self.last = Counter(), [], {}
        self.refused, self.repeated = [], 0
        self.url = self.line = self.sending = None
        self.over = False

    def run(self):
        while not self.over or self.sending:
            began = time.monotonic()
            try:
                self.cast()
            except GONE:
                self.leave()
                time.sleep(0.02)
            time.sleep(max(0, VOTERS / A_SECOND - (time.monotonic() - began)))
        self.leave()

    def cast(self):
        if self.url is None:
            return
        again = self.sending is not None
        if not again:
            person = next(self.people)
            choice = self.chance.choice(self.made.choices)
            self.sending = person, self.made.cast(person, choice, self.revisions[person])
        person, request = self.sending
        status, answer = self.ask(request)
        if status == 503:
            return
        if status != 200:
            self.refused.append((status, answer[:300]))
        else:
            self.receipts.append(json.loads(answer)["receipt"])
            self.revisions[person] += 1
            self.last[person] = request, self.receipts[-1]
            self.repeated += again
        self.sending = None

    def ask(self, request):
        """Status and body of the answer; raises what GONE names when the site dies meanwhile."""
        if self.line is None:
            self.line = Line(urlsplit(self.url).port)
        self.line.send(request, 0)
        while (status := self.line.status()) is None:
            continue
        if not status:
            raise ConnectionError("the server hung up")
        return status, self.line.heard.partition(b"\r\n\r\n")[2]

    def leave(self):
        if self.line:
            self.line.socket.close()
        self.line = None


def vote_while(made, site, times, kill, voters=None):
    """Let people vote while `kill(n)` kills something and starts it again; returns the voters and how long each took.

    `kill` returns after how many seconds the site was ready again.
    """
    chance = random.Random(times)
    voters = voters or [Voter(made, made.cookies[n::VOTERS], random.Random(n)) for n in range(VOTERS)]
    [voter.start() for voter in voters]
    waits = []
    try:
        for n in range(times):
            send_to(site.url, voters)
            wait_for_casts(voters, 25)
            time.sleep(chance.random())
            wait_until_one_is_under_way(voters)
            waits.append(kill(n, lambda url: send_to(url, voters)))
        send_to(site.url, voters)
        wait_for_casts(voters, 25)
        for voter in voters:
            voter.over = True
        [voter.join(30) for voter in voters]
        repeat_the_last(voters)
    finally:
        for voter in voters:
            voter.over, voter.sending = True, None
    return voters, waits


def send_to(url, voters):
    for voter in voters:
        voter.url = url


def wait_until_one_is_under_way(voters):
    deadline = time.monotonic() + patience(40)
    while not any(voter.sending for voter in voters):
        assert time.monotonic() < deadline, "people cannot vote any more"
        time.sleep(0.001)


def wait_for_casts(voters, more):
    def casts_so_far():
        return sum(len(voter.receipts) for voter in voters)

    before, deadline = casts_so_far(), time.monotonic() + patience(40)
    while casts_so_far() < before + more and time.monotonic() < deadline:
        time.sleep(0.01)
    assert casts_so_far() >= before + more, "people cannot vote any more"


def repeat_the_last(voters):
    """Each person's newest form sent once more gives the receipt that was given before."""
    for voter in voters:
        for request, receipt in list(voter.last.values())[:6]:
            status, answer = voter.ask(request)
            assert status == 200 and json.loads(answer)["receipt"] == receipt
        voter.leave()


def kill_site(site, voters_go_to):
    began = time.monotonic()
    site.kill()
    voters_go_to(None)
    site.start()
    return time.monotonic() - began


def kill_database(site, cluster):
    """The site stays; it answers 503 until the database is back."""
    cluster.kill()
    time.sleep(0.5)
    began = time.monotonic()
    cluster.start()
    while not is_ready(site.url):
        time.sleep(0.05)
        assert time.monotonic() - began < patience(60)
    return time.monotonic() - began


def kill_worker(site):
    """It dies in the work of a minute, which it begins with: comparing database and ledger is part of it. The site
    stays. Returns when another one has begun."""
    dead = working(site)
    time.sleep(random.random() / 2)
    os.kill(dead, signal.SIGKILL)
    began = time.monotonic()
    while working(site) == dead:
        time.sleep(0.05)
    return time.monotonic() - began


def working(site):
    """The worker, once its hands and its clock are there."""
    began = time.monotonic()
    while True:
        for pid in site.processes("civic_forum.worker"):
            with suppress(FileNotFoundError):
                if len(os.listdir(f"/proc/{pid}/task")) > jobs.HANDS + 1:
                    return pid
        assert time.monotonic() - began < patience(60), "no worker"
        time.sleep(0.02)


def nothing_is_lost_or_doubled(made, data, voters, **settings):
    """Close the vote and look for every receipt in its log."""
    receipts = [receipt_of(one) for voter in voters for one in voter.receipts]
    assert [voter.refused for voter in voters] == [[]] * VOTERS
    assert [voter.sending for voter in voters] == [None] * VOTERS, "a cast was never answered"
    app = create_app(config.load({}, DATA=str(data), **settings))
    with app.app_context():
        box = db.session.scalar(sa.select(BallotBox).filter_by(fingerprint=made.fingerprint))
        kept_in_order(box, receipts, made, voters)
        clock.shift(OVER_S)
        assert closing.close(box.id)
        in_the_log(box, receipts, made, voters)
        clock.shift(0)
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        db.session.remove()
        db.engine.dispose()


def kept_in_order(box, receipts, made, voters):
    """A promise for each cast that was acknowledged and for no other, each person's row as often replaced as they were
    answered, and a ledger that names all of it."""
    keys = keyring.box_keys(box.id)
    found = {row.row_key: rows.open_voter(keys, box.id, *row).revision for row in voter_rows.all_rows(box.id)}
    answered = {made.row_keys[cookie]: times for voter in voters for cookie, times in voter.revisions.items()}
    assert found == answered == ledger_file.read(box.id, keys).revisions
    names = Counter(keys.name(receipt.mine) for receipt in receipts)
    assert names == Counter([*voter_rows.all_promises(box.id)]), "a cast is lost or there twice"
    assert watching.figures_of(box.id) == watching.CLEAN | {"roll": 1}  # voters were put on the roll after the opening


def in_the_log(box, receipts, made, voters):
    """Every receipt verifies, and the last of each person names the ballot that counts."""
    hashes = log.leaf_hashes(box.id)
    last = [receipt_of(receipt) for voter in voters for _request, receipt in voter.last.values()]
    assert tallies.tokens(box.id) == sorted(token(box.fingerprint, receipt.mine) for receipt in last)
    assert {receipt.leaf for receipt in receipts} <= {*hashes}, "an acknowledged ballot is gone"
    assert len(set(hashes)) == len(hashes) == size_of_log(len(receipts), len(last))
    whole, root = tree.Tree(hashes), log.heads_json(box.id)[-1]["root"]
    places = {leaf: number for number, leaf in enumerate(hashes)}
    for receipt in receipts:
        number = places[receipt.leaf]
        assert holds(receipt) and receipt.fingerprint == box.fingerprint
        assert proofs.verify_inclusion(receipt.leaf, number, len(hashes), whole.inclusion_proof(number),
                                     bytes.fromhex(root))


def on_sqlite(data, times, doomed):
    made = vote(data, VOTERS * EACH)
    with real_site.running(data, "--empty") as site:
        kill = {"site": lambda go_to: kill_site(site, go_to), "worker": lambda _go_to: kill_worker(site)}
        voters, waits = vote_while(made, site, times, lambda _n, go_to: kill[doomed](go_to))
    nothing_is_lost_or_doubled(made, data, voters)
    return voters, waits


def on_postgresql(data, times, doomed):
    with clusters.running(**{name: values[0] for name, values in REQUIRED.items()}) as cluster:
        at = {"DATABASE_URL": cluster.url}
        made = vote(data, VOTERS * EACH, **at)
        with real_site.running(data, "--empty", CIVIC_FORUM_DATABASE_URL=cluster.url) as site:
            kill = {"site": lambda go_to: kill_site(site, go_to), "worker": lambda _go_to: kill_worker(site),
                    "PostgreSQL": lambda _go_to: kill_database(site, cluster)}
            voters, waits = vote_while(made, site, times, lambda _n, go_to: kill[doomed](go_to))
        nothing_is_lost_or_doubled(made, data, voters, **at)
    return voters, waits


def repeated(voters):
    return sum(voter.repeated for voter in voters)


ON_SQLITE = [(on_sqlite, doomed) for doomed in ("site", "worker")]
ON_POSTGRESQL = [pytest.param(on_postgresql, doomed, marks=pytest.mark.servers)
                 for doomed in ("site", "worker", "PostgreSQL")]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("run, doomed", [*ON_SQLITE, *ON_POSTGRESQL])
def test_no_ballot_is_lost_or_doubled_whoever_is_killed(tmp_path, run, doomed):
    voters, _waits = run(tmp_path / "data", 1, doomed)
    assert repeated(voters) > 0 or doomed == "worker"  # nobody is cut off by a worker's end


@pytest.mark.long
@pytest.mark.parametrize("run, doomed", [*ON_SQLITE, *ON_POSTGRESQL])
def test_nor_do_twenty_kills_lose_or_double_a_ballot(tmp_path, run, doomed):
    voters, waits = run(tmp_path / "data", 20, doomed)
    assert repeated(voters) > 10 or doomed == "worker"
    assert max(waits) < READY_AGAIN_S, waits
