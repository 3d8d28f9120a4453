"""A Redis of our own, with a password and nothing kept on disk."""

import secrets
import subprocess
from contextlib import contextmanager

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotThere
from redis.retry import Retry

from civic_forum.cluster.redis import configuration

from . import processes


@contextmanager
def running():
    """The URL of a new, empty server."""
    with processes.room() as home:
        port, password, log = processes.free_port(), secrets.token_urlsafe(16), home / "log"
        # Through standard input, so that the password stands in no list of processes.
        server = processes.start(["redis-server", "-"], log, stdin=subprocess.PIPE, cwd=home)
        server.stdin.write(configuration(port, password, home).encode())
        server.stdin.close()
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        try:
            processes.wait_until(lambda: accepts(url), server, log)
            yield url
        finally:
            processes.stop(server)


def accepts(url):
    with Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_timeout=1) as client:
        try:
            return client.ping()
        except NotThere:
            return False
