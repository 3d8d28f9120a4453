"""New keys while a real site is in use: people who vote, read and write notice nothing."""

import re
import subprocess
import sys
import threading
import time

import pytest

import config
from bench.voters import vote
from civic_forum.ballots.server_settings import REQUIRED
from civic_forum.platform import key_files, keys
from tests.ballots.proofs import receipt_of
from tests.faults.test_kill_casting import EACH, VOTERS, nothing_is_lost_or_doubled, vote_while
from tests.servers import site as real_site

from . import clusters, towns
from .people import Somebody


def command(data, *arguments, **settings):
    """`bin/civic-forum` on this data directory; its answer."""
    given = {config.PREFIX + name: str(value) for name, value in settings.items()}
    return subprocess.run([sys.executable, "-m", "civic_forum.cli", "--data", str(data), *arguments],
                          cwd=real_site.ROOT, env=real_site.environment() | given, capture_output=True, text=True)


def rotated(data, kind, **settings):
    answer = command(data, "keys", "rotate", kind, **settings)
    assert answer.returncode == 0, answer.stderr
    return int(re.match(rf"{kind} ([0-9]+) is the newest", answer.stdout)[1])


def while_people_vote(data, **at):
    made, numbers = vote(data, VOTERS * EACH, **at), []
    given = {config.PREFIX + name: value for name, value in at.items()}
    with real_site.running(data, "--empty", **given) as site:
        def rotate(_n, _go_to):
            numbers.append([rotated(data, kind, **at) for kind in ("master", "session")])
            refused = command(data, "keys", "rotate", "signing", **at)
            assert refused.returncode == 1 and "서명 열쇠를 바꿀 수 없어요" in refused.stderr, refused.stderr
            return 0

        voters, _waits = vote_while(made, site, 2, rotate)
        listed = command(data, "keys", "list", **at).stdout
    assert numbers == [[2, 2], [3, 3]] and listed.count("  newest\n") == 3 and "signing 1 " in listed
    nothing_is_lost_or_doubled(made, data, voters, **at)
    assert all(receipt_of(one) for voter in voters for one in voter.receipts)


@pytest.mark.long
def test_every_ballot_is_taken_while_keys_are_rotated(tmp_path):
    while_people_vote(tmp_path / "data")


@pytest.mark.long
@pytest.mark.servers
def test_every_ballot_is_taken_while_keys_are_rotated_on_postgresql(tmp_path):
    with clusters.running(**{name: values[0] for name, values in REQUIRED.items()}) as cluster:
        while_people_vote(tmp_path / "data", DATABASE_URL=cluster.url)


@pytest.mark.in_turns(of=10)
def test_nobody_is_signed_out_and_every_open_form_is_taken(tmp_path):
    town = towns.settle(tmp_path / "data", people=3)
    refused, over = [], threading.Event()
    with towns.running(town) as site:
        people = [Somebody(session) for session in town.sessions]
        for one in people:
            one.arrive(site.url)
            one.read_form(f"/proposals/{town.number}")

        def write(one, n):
            while not over.wait(0.05):
                status = one.comment(town.thread, f"{n}번째 사람이 {time.monotonic_ns()}에 적은 긴 글이에요.")
                if status not in (200, 302, 303):
                    refused.append(status)

        writers = [threading.Thread(target=write, args=(one, n)) for n, one in enumerate(people)]
        for writer in writers:
            writer.start()
        with town.app.app_context():  # another process than those of the site
            for kind in ("session", "master", "session", "master"):
                key_files.rotate(kind)
                time.sleep(0.3)
            assert keys.newest() == 3
            towns.leave(town.app)
        over.set()
        for writer in writers:
            writer.join()
        assert refused == []
        assert [one.get("/me/profile")[0] for one in people] == [200] * len(people)
        for one in people:
            one.leave()
