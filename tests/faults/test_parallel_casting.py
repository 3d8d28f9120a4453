"""One person sends a hundred different ballots at once, from ten sessions, to a real site."""

from collections import Counter
from contextlib import ExitStack
from itertools import cycle, islice
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

import config
from bench.load import pour
from bench.voters import vote
from civic_forum.accounts.models import User
from civic_forum.app import create_app
from civic_forum.ballots.models import BallotBox, Promise
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting.rules import Participations
from civic_forum.ballots.server_settings import REQUIRED
from civic_forum.platform.base import db
from tests import factories
from tests.servers import postgres
from tests.servers import site as real_site

SESSIONS, AT_ONCE = 10, 100


def sessions_of_the_voter(app, made):
    """Cookies of several devices on which the only voter is signed in."""
    serializer = app.session_interface.get_signing_serializer(app)
    first = serializer.loads(made.cookies[0].partition("=")[2])
    user = db.session.scalar(sa.select(User).filter_by(sign_in_name="voter0"))
    secrets = [first["_user_id"], *(factories.signed_in(user) for _n in range(SESSIONS - 1))]
    return [f"session={serializer.dumps(first | {'_user_id': secret})}" for secret in secrets]


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_of_a_hundred_casts_at_once_one_is_accepted_and_the_others_get_409(tmp_path, database):
    with ExitStack() as cluster:
        settings = {}
        if database == "postgres":
            required = {name: values[0] for name, values in REQUIRED.items()}
            settings["DATABASE_URL"] = cluster.enter_context(postgres.running(durable=True, **required))
        made = vote(tmp_path / "data", 1, **settings)
        app = create_app(config.load({}, DATA=str(tmp_path / "data"), **settings))
        with app.app_context():
            cookies = sessions_of_the_voter(app, made)
            requests = [made.cast(cookie, choice, 0, made.row_keys[made.cookies[0]])
                        for cookie, choice in islice(zip(cycle(cookies), cycle(made.choices)), AT_ONCE)]
            given = {config.PREFIX + name: value for name, value in settings.items()}
            with real_site.running(tmp_path / "data", "--empty", **given) as site:
                outcome = pour(urlsplit(site.url).port, requests, AT_ONCE)
            db.session.rollback()
            box = db.session.scalar(sa.select(BallotBox).filter_by(fingerprint=made.fingerprint))
            assert outcome.statuses == Counter({200: 1, 409: AT_ONCE - 1})
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Promise)) == 1
            assert boxes.participations(box.id) == Participations(online=1)
            db.session.remove()
            db.engine.dispose()
