"""A worker process of the site that gives pages by a pipe, with the fragments that it keeps."""

from civic_forum.app import create_app
from civic_forum.platform.base import db
from tests.servers.forks import PATIENCE_S, PROCESSES

import config


class PageWorker:
    """A process with these settings: `get` asks it for a page, as a visitor."""

    def __init__(self, settings):
        self.pipe, theirs = PROCESSES.Pipe()
        self.process = PROCESSES.Process(target=_serve, args=(theirs, settings), daemon=True)
        self.process.start()

    def get(self, url):
        """Text of the page, and how many fragments came from what is kept so far."""
        self.pipe.send(url)
        if not self.pipe.poll(PATIENCE_S):
            raise TimeoutError(url)
        return self.pipe.recv()

    def stop(self):
        self.pipe.send(None)
        self.process.join(PATIENCE_S)
        self.process.kill()


def _serve(pipe, settings):
    app = create_app(config.load({}, **settings))
    app.config |= {"TESTING": True, "PAGE_CACHE": False}
    client = app.test_client()
    while url := pipe.recv():
        page = client.get(url).text
        pipe.send((page, app.extensions["fragments"].cache_info().hits))
    with app.app_context():
        db.engine.dispose()
