"""A scene on one database, ready to be played on."""

import sqlalchemy as sa
from werkzeug.test import TestResponse

from civic_forum.platform.base import db
from civic_forum.platform.site_version import UNVERSIONED, SiteVersion
from tests.conftest import empty

from .asking import ask, outcome, rule_of
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
            before = versions()
            answer = ask(self.app, self.scene, actor, row.method, row.rule, thing, **more)
            written = set(self.watch.wrote)
            changed = self.then.changes(written) if written else []
            if changed:
                self._refuse_unnoticed(changed, before, row.rule, actor)
                self.saved.put_back(changed)
        db.session.commit()  # forms may have read the scene in the session around this one
        return answer, changed

    def _refuse_unnoticed(self, changed: list[str], before: dict[str, int], rule: str, actor: str) -> None:
        """Fail where a table has the version that it had before: pages are kept as long as they all have."""
        if any(getattr(self.app.view_functions[one.endpoint], "traceless", False)
               for one in self.app.url_map.iter_rules() if rule_of(one) == rule):
            return
        after = versions()
        same = [name for name in changed if name not in UNVERSIONED and after.get(name) == before.get(name)]
        assert not same, f"{actor} at {rule} changed {', '.join(same)}, and no version of it"


def versions() -> dict[str, int]:
    with db.engine.connect() as connection:
        return dict(connection.execute(sa.select(SiteVersion.name, SiteVersion.number)).all())


def staged(app):
    """A stage until the end of the module."""
    with app.app_context():
        stage = Stage(app)
        db.session.commit()  # a snapshot held open would let SQLite's log grow without end
        yield stage
        stage.watch.end()
        db.session.rollback()
        empty()
