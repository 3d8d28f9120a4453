"""Real sites with a few people in them, who are signed in already."""

from contextlib import contextmanager
from types import SimpleNamespace

import config
from civic_forum.app import create_app
from civic_forum.platform import migrations
from civic_forum.platform.base import db
from tests import factories
from tests.migrations import newest
from tests.servers import site as real_site

SETTINGS = {"SECRET_KEY": "a long text that only the tests know", "LIMIT_ADDRESS": 10**6, "LIMIT_POSTS_USER": 10**6}


def application(data, **given):
    """The application of this data directory, in our own process."""
    return create_app(config.load({}, DATA=str(data), **(SETTINGS | given)))


def newest_application(data, **given):
    """The same, with a database at the newest revision."""
    data.mkdir(parents=True)
    if "DATABASE_URL" not in given:
        newest.put_into(f"sqlite:///{data / 'civic_forum.db'}")
    app = application(data, **given)
    if "DATABASE_URL" in given:  # of any server
        with app.app_context():
            migrations.upgrade()
    return app


def settle(data, people=4, **given):
    """Make the database: a proposal, and people with their session cookies."""
    app = newest_application(data, **given)
    with app.app_context():
        town = factories.Town()
        proposal = town.proposal()
        users = [town.resident() for _ in range(people)]
        serializer = app.session_interface.get_signing_serializer(app)
        sessions = [serializer.dumps({"_user_id": factories.signed_in(user), "_fresh": True}) for user in users]
        found = SimpleNamespace(app=app, data=data, given=given, number=proposal.number, thread=proposal.thread_id,
                                users=[user.id for user in users], sessions=sessions)
        leave(app)
    return found


def leave(app):
    """Close every connection that our own process has to the database."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def running(town, *options, **more):
    """The town's site, served as `bin/run` does."""
    settings = SETTINGS | town.given | more
    with real_site.running(town.data, "--empty", *options,
                           **{config.PREFIX + name: value for name, value in settings.items()}) as site:
        yield site
