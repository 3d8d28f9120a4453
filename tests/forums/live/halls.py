"""A live forum on a real site, the people who write there over the network, and crowds that listen."""

import itertools
import json
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from secrets import token_hex
from types import SimpleNamespace
from urllib.parse import urlencode, urlsplit

import sqlalchemy as sa

import config
from civic_forum.app import create_app
from civic_forum.forums.models import ForumEvent
from civic_forum.forums.rules import Duty
from civic_forum.platform.base import db
from tests import factories
from tests.faults import towns
from tests.faults.people import GONE, Somebody
from tests.forums.scene import live_forum
from tests.running.machine import patience

MANY = {"LIMIT_ADDRESS": 10**6, "LIMIT_POSTS_USER": 10**6, "FORUM_SOCKETS": 3000, "FORUM_SOCKETS_ADDRESS": 3000}
AWAY = (502, 503, 504)
"""Of a proxy whose worker died: the script of the page sends the same thing again."""
WRITERS = 14
"""Captioners, so that no limit of one person is met at 20 lines a second."""


def settle(data, people=0, **given):
    """A site with one forum that runs; `people` have a session each."""
    given = MANY | given
    app = towns.newest_application(data, **given)
    with app.app_context():
        return begin(app, people) | SimpleNamespace(data=data, given=given)


class Hall(SimpleNamespace):
    def __or__(self, other):
        return Hall(**(vars(self) | vars(other)))

    def numbers(self):
        """Of all events, as they stand in the database."""
        with self.app.app_context():
            found = list(db.session.scalars(sa.select(ForumEvent.number).where(ForumEvent.forum_id == self.forum)
                                            .order_by(ForumEvent.number)))
            leave()
            return found

    def change(self, change):
        """Do something in our own process, as a service elsewhere would."""
        with self.app.app_context():
            made = change()
            leave()
            return made


def begin(app, people=0, **facts) -> Hall:
    """A forum that runs in this application's database, inside its context."""
    town = factories.Town()
    scene = live_forum(town, **facts)
    serializer = app.session_interface.get_signing_serializer(app)
    cookie = lambda user: serializer.dumps({"_user_id": factories.signed_in(user), "_fresh": True})
    writers = [cookie(scene.with_duty(Duty.CAPTIONER)) for _ in range(WRITERS)]
    listeners = [scene.person() for _ in range(people)]
    hall = Hall(app=app, slug=scene.forum.slug, forum=scene.forum.id, writers=writers, cookie=cookie, scene=scene,
                users=[user.id for user in listeners], cookies=[cookie(user) for user in listeners],
                host=cookie(scene.host))
    leave()
    return hall


def leave():
    """Close every connection of our own process to this application's database."""
    db.session.remove()
    db.engine.dispose()


@contextmanager
def running(hall):
    """The hall's site, served as `bin/run` does."""
    with towns.running(SimpleNamespace(data=hall.data, given=hall.given)) as site:
        yield site


def of_cluster(cluster, **facts) -> Hall:
    """A new forum on a running cluster."""
    told = {config.PREFIX + name: value for name, value in cluster.settings_of_commands.items()}
    app = create_app(config.load(cluster.settings | told))
    with app.app_context():
        return begin(app, **facts)


class Writer(Somebody):
    """A captioner with a connection of their own."""

    def __init__(self, session, url, slug):
        super().__init__(session)
        self.url, self.slug = url, slug
        self.arrive(url)
        self.read_form("/me")

    def write(self, text, key=None):
        """The status of the answer; writes again, as the script does, when the line was cut."""
        fields = {"csrf_token": self.token, "text": text, "key": key or token_hex(16), "speaker": ""}
        for _try in range(40):
            try:
                status = self.ask("POST", f"/forums/{self.slug}/captions", urlencode(fields), Accept="application/json",
                                  **{"Content-Type": "application/x-www-form-urlencoded"})[0]
                if status not in AWAY:
                    return status
            except GONE:
                self.arrive(self.url)
            time.sleep(0.3)
        raise ConnectionError("nobody answered")


class Writers:
    """Write lines in turn, so many a second."""

    def __init__(self, hall, url, number=WRITERS):
        self.all = [Writer(session, url, hall.slug) for session in hall.writers[:number]]
        self.lines, self.count = itertools.cycle(self.all), 0

    def write(self, count, a_second=20.0):
        began = time.monotonic()
        for number in range(count):
            self.count += 1
            status = next(self.lines).write(f"{self.count}번째 줄이에요.")
            assert status == 204, status
            time.sleep(max(0.0, began + (number + 1) / a_second - time.monotonic()))


@contextmanager
def writing(hall, url):
    writers = Writers(hall, url)
    try:
        yield writers
    finally:
        for one in writers.all:
            one.leave()


class Crowd:
    """Clients in a process of their own: every command of tests/forums/live/clients.py is a method."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, "-m", "tests.forums.live.clients"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, cwd=config.ROOT)
        self.names = itertools.count(1)

    def __getattr__(self, command):
        def do(**given):
            self.start(command, **given)
            return self.finish()

        return do

    def start(self, command, **given):
        """Ask without waiting for the answer, which `finish` reads."""
        self.process.stdin.write(json.dumps({"do": command} | given) + "\n")
        self.process.stdin.flush()

    def finish(self):
        line = self.process.stdout.readline()
        assert line, "the process of the clients ended"
        return json.loads(line)

    def come(self, hall, url, count, after=0, cookies=(), a_second=150):
        """So many listen from now on; their names."""
        made = [{"name": f"client {next(self.names)}", "url": url, "forum": hall.slug, "after": after,
                 "cookie": cookies[number] if number < len(cookies) else ""} for number in range(count)]
        assert self.join(clients=made, a_second=a_second) is not None, "not everybody was told something"
        return [one["name"] for one in made]

    def until_all_have(self, number, seconds=60):
        """Seconds until everybody was told up to this number."""
        took = self.until(what="number", number=number, seconds=seconds)
        assert took is not None, f"not everybody was told number {number} within {seconds} s"
        return took

    def lists(self):
        """The lists of numbers that there are among the clients, each with how many have it."""
        return self.summary()["lists"]

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(patience(30))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


@contextmanager
def crowd():
    clients = Crowd()
    try:
        yield clients
    finally:
        clients.end()


def answer(url, path, **headers):
    """Status and text of a page."""
    asked = HTTPConnection(urlsplit(url).netloc, timeout=patience(30))
    asked.request("GET", path, headers=headers)
    got = asked.getresponse()
    text = got.read().decode()
    asked.close()
    return got.status, text


ALL_KINDS = ("flood", "large", "foreign", "silent", "coming", "patient")


@contextmanager
def hostile(hall, url, kinds=ALL_KINDS):
    """One of each kind of tests/forums/live/hostile.py in a process of their own; afterwards `told` says how often
    they came, and `cpu_s` what they used."""
    process = subprocess.Popen([sys.executable, "-m", "tests.forums.live.hostile", url, hall.slug, *kinds],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=config.ROOT)
    those = SimpleNamespace()
    try:
        yield those
    finally:
        text, _none = process.communicate(timeout=patience(60))
        vars(those).update(json.loads(text))
