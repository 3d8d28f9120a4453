"""A scene on one database, ready to be played on."""

from werkzeug.test import TestResponse

from civic_forum.kernel.base import db
from tests.conftest import empty

from .asking import ask, outcome
from .database import Snapshot, Watch, saved
from .scene import Scene


class Stage:
    """A scene on one database, put back as soon as a request has changed something."""

    def __init__(self, app):
        self.app, self.scene = app, Scene()
        self.then, self.saved = Snapshot(), saved()
        self.watch = Watch(db.engine)

    def play(self, row, thing: str, actor: str, **more) -> tuple[str, list[str]]:
        """The outcome, and the tables that the request changed."""
        answer, changed = self.request(row, thing, actor, **more)
        return outcome(answer), changed

    def request(self, row, thing: str, actor: str, **more) -> tuple[TestResponse, list[str]]:
        """The answer itself, and the tables that the request changed."""
        self.watch.clear()
        with self.app.app_context():
            answer = ask(self.app, self.scene, actor, row.method, row.rule, thing, **more)
            written = set(self.watch.wrote)
            changed = self.then.changes(written) if written else []
            if changed:
                self.saved.put_back(changed)
        db.session.commit()  # forms may have read the scene in the session around this one
        return answer, changed


def staged(app):
    """A stage until the end of the module."""
    with app.app_context():
        stage = Stage(app)
        db.session.commit()  # a snapshot held open would let SQLite's log grow without end
        yield stage
        stage.watch.end()
        db.session.rollback()
        empty()
