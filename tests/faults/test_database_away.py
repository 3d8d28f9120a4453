"""PostgreSQL goes away under a running site and comes back."""

import json
import os
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from secrets import token_hex

import pytest
import sqlalchemy as sa

from civic_forum.app import ROOT
from civic_forum.comments.models import Comment
from civic_forum.platform.base import db
from tests.running.machine import patience
from tests.servers import forks, processes
from tests.servers import postgres as server
from tests.servers import site as real_site

from . import towns
from .people import GONE, Somebody


class Cluster:
    """A PostgreSQL that can be stopped and started again on the same port."""

    def __init__(self, home):
        self.home, self.port, self.process = home, processes.free_port(), None
        server._create_cluster(home, "secret")
        self.url = f"postgresql+psycopg://{server.OWNER}:secret@127.0.0.1:{self.port}/postgres"

    def start(self):
        log = self.home / "log"
        self.process = processes.start(
            [server.program("postgres"), "-D", self.home / "data", f"--port={self.port}",
             "--listen_addresses=127.0.0.1", f"--unix_socket_directories={self.home}",
             *(f"--{name}={value}" for name, value in server.FOR_VOTES.items())],
            log, server.OWNER, "INT", cwd="/")
        processes.wait_until(lambda: server._accepts(self.url), self.process, log)

    def stop(self, how=signal.SIGINT):
        """INT ends it at once but in order, QUIT as a power cut would."""
        processes.stop(self.process, how)


    def end_backends(self):
        """End every connection of somebody else, whatever it is doing."""
        engine = sa.create_engine(self.url)
        with engine.connect() as own:
            own.execute(sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                                " AND backend_type = 'client backend'"))
        engine.dispose()


@pytest.fixture(scope="module")
def cluster():
    with processes.room(server.OWNER) as home:
        cluster = Cluster(home)
        cluster.start()
        yield cluster
        cluster.stop()


@pytest.fixture(scope="module")
def town(cluster, tmp_path_factory):
    town = towns.settle(tmp_path_factory.mktemp("away") / "data", people=2, DATABASE_URL=cluster.url)
    yield town
    towns.leave(town.app)


@pytest.fixture(scope="module")
def site(town):
    with towns.running(town) as site:
        yield site


@contextmanager
def arrived(site, *sessions):
    """A visitor and people with these sessions, at the site."""
    people = [Somebody(), *(Somebody(session) for session in sessions)]
    for somebody in people:
        somebody.arrive(site.url)
    try:
        yield people
    finally:
        for somebody in people:
            somebody.leave()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_pages_say_so_while_the_database_is_away_and_all_is_well_after(cluster, town, site, how):
    with arrived(site, *town.sessions) as (visitor, writer, reader):
        writer.read_form(f"/proposals/{town.number}")
        assert writer.comment(town.thread, "앞") == 303
        assert visitor.get("/proposals")[0] == 200

        cluster.stop(how)
        for somebody in (visitor, reader, writer):
            for path in ("/", "/proposals", f"/proposals/{town.number}", "/search?q=%EC%A3%BC%EC%B0%A8", "/sign-in"):
                began = time.monotonic()
                status, headers, text = somebody.get(path)
                assert time.monotonic() - began < patience(10)
                if path == "/sign-in" and somebody is visitor:
                    continue  # it needs nothing of the database
                assert (status, headers["Retry-After"]) == (503, "30"), path
                assert "hd-outer" in text and "저장되지 않았으니" in text and "Content-Security-Policy" in headers
        status, headers, text = visitor.get("/proposals", Accept="application/json")
        assert (status, headers["Content-Type"]) == (503, "application/problem+json")
        began = time.monotonic()
        assert writer.comment(town.thread, "사이") == 503
        assert time.monotonic() - began < patience(10)
        assert visitor.get("/healthz")[0] == 200
        status, _, text = visitor.get("/readyz")
        assert status == 503 and "database" in json.loads(text)["missing"]
        assert visitor.get("/static/css/app.css")[0] == 200

        cluster.start()
        for somebody in (visitor, reader, writer):
            assert somebody.get("/proposals")[0] == 200
        assert visitor.get("/readyz")[0] == 200
        assert writer.comment(town.thread, "뒤") == 303
        text = reader.get(f"/proposals/{town.number}")[2]
        assert "뒤" in text and "사이" not in text
        assert len(site.processes()) >= 4, "a part of the site ended"


@pytest.mark.parametrize("fault", ["backends", "everything"])
def test_writing_while_connections_are_killed_is_answered_or_sent_again(town, site, cluster, fault):
    """Backends are ended in the middle of what they do, or the whole server as by a power cut. No answer is a fault,
    and what is sent again with its key stands once."""
    answers, written, over = Counter(), [], threading.Event()

    def write(number, writer):
        while not over.is_set():
            text, key = f"{fault} {number} {len(written)}", token_hex(16)
            while answer(lambda: writer.comment(town.thread, text, key)) != 303:
                time.sleep(0.05)
            written.append(text)
            answer(lambda: writer.get(f"/proposals/{town.number}")[0])

    def answer(ask):
        try:
            status = ask()
        except GONE:
            status = None
        answers[status] += 1
        return status

    with arrived(site, *town.sessions * 3) as (_visitor, *writers), ThreadPoolExecutor(6) as pool:
        for writer in writers:
            writer.read_form(f"/proposals/{town.number}")
        people = [pool.submit(write, number, writer) for number, writer in enumerate(writers)]
        for _ in range(15 if fault == "backends" else 2):
            time.sleep(0.3)
            if fault == "backends":
                cluster.end_backends()
            else:
                cluster.stop(signal.SIGQUIT)
                cluster.start()
        time.sleep(0.5)
        over.set()
        for one in people:
            one.result(60)
    assert answers.keys() <= {200, 303, 503} and answers[503] and answers[303] > 5, answers
    with town.app.app_context():
        stored = db.session.scalars(sa.select(Comment.source).where(Comment.source.startswith(f"{fault} "))).all()
    towns.leave(town.app)
    assert sorted(stored) == sorted(written)


@pytest.mark.parametrize("command", [("database", "upgrade"), ("user", "list"), ("backup", "copy")])
def test_a_command_without_its_database_ends_with_a_sentence(tmp_path, command):
    settings = {"CIVIC_FORUM_SECRET_KEY": towns.SETTINGS["SECRET_KEY"], "PYTHONPATH": str(ROOT),
                "CIVIC_FORUM_DATABASE_URL": f"postgresql://nobody@127.0.0.1:{processes.free_port()}/none"}
    done = forks.Command(["--data", tmp_path / "data", *command], os.environ | settings, tmp_path).ended()
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_site_does_not_start_without_its_database_and_says_why(cluster, tmp_path):
    away = real_site.Site(tmp_path / "data", "--empty", CIVIC_FORUM_SECRET_KEY=towns.SETTINGS["SECRET_KEY"],
                          CIVIC_FORUM_DATABASE_URL=f"postgresql://nobody@127.0.0.1:{processes.free_port()}/none")
    with pytest.raises(processes.DidNotStart, match="database cannot be reached"):
        away.start(60)
    assert "Traceback" not in away.log.read_text()
    away.kill()
