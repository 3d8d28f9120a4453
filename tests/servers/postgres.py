"""A PostgreSQL cluster of our own, and fresh databases on it."""

import itertools
import os
import secrets
import shutil
import signal
from contextlib import contextmanager

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from civic_forum.ballots import server_settings
from civic_forum.cluster import postgresql
from civic_forum.cluster.postgresql import OWNER, program

from . import processes

FOR_VOTES = {name: value for name, value in postgresql.settings().items()
             if name in server_settings.REQUIRED | server_settings.KEEPS_AN_ORDER}
"""Without these no site starts on PostgreSQL, or no vote is opened (docs/running.md)."""

_number = itertools.count(1)


@contextmanager
def running(durable=False, **settings):
    """The URL of an empty database in a new cluster; `durable` keeps it on the disk, for kill tests.

    Elsewhere what a crash would lose does not matter, and waiting for the disk is most of the time spent.
    """
    with processes.room(OWNER, in_memory=not durable) as home:
        password = secrets.token_urlsafe(16)
        _create_cluster(home, password)
        url = f"postgresql+psycopg://{OWNER}:{password}@127.0.0.1/postgres"
        with serving(home, url, **settings) as url:
            yield fresh_database(url)


@contextmanager
def serving(home, url, **settings):
    """The same URL with the port of a server that runs on the cluster in `home`."""
    port = processes.free_port()
    url = make_url(url).set(port=port).render_as_string(hide_password=False)
    settings = {"listen_addresses": "127.0.0.1", "port": port, "timezone": "UTC",
                "unix_socket_directories": home, "max_connections": 200,
                "wal_keep_size": "256MB",  # or a checkpoint takes away what an attacker reads (tests/ballots/attack)
                **FOR_VOTES, **settings}
    options = [f"--{name}={value}" for name, value in settings.items()]
    log = home / "log"
    # INT asks PostgreSQL for a fast shutdown; TERM would wait for open connections.
    server = processes.start([program("postgres"), "-D", home / "data", *options], log, OWNER, "INT", cwd="/")
    try:
        processes.wait_until(lambda: _accepts(url), server, log)
        yield url
    finally:
        processes.stop(server, signal.SIGINT)


def fresh_database(url, template="template0", name=None):
    """The URL of a new database on the server of `url`: empty, or a copy of the one named."""
    name = name or f"district_{os.getpid()}_{next(_number)}"
    _administer(url, "CREATE DATABASE {} TEMPLATE {}", name, template)
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def drop_database(url):
    """Remove the database of `url`, ending whatever is still connected to it."""
    _administer(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", make_url(url).database)


def connect(url, **options):
    """A bare connection, for looking at a database past the project's own code."""
    plain = make_url(url).set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False), **options)


def _create_cluster(home, password):
    secret = home / "password"
    secret.write_text(password)
    if os.geteuid() == 0:
        shutil.chown(secret, OWNER)
    secret.chmod(0o600)
    made = processes.start(
        [*postgresql.initdb(home / "data", secret), "--no-sync"],
        home / "initdb.log", OWNER, cwd="/")
    if made.wait():
        raise processes.DidNotStart((home / "initdb.log").read_text())


def _accepts(url):
    try:
        connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _administer(url, statement, *names):
    plain = make_url(url).set(database="postgres")
    with connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
