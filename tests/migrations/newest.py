"""Databases at the newest revision: upgraded once of each kind, and copied."""

import os
import shutil
import tempfile
from pathlib import Path

import sqlalchemy as sa

import config
from civic_forum.app import create_app
from civic_forum.platform import migrations
from civic_forum.platform.base import db
from tests.conftest import SETTINGS
from tests.servers import postgres as server

_upgraded: dict[str, str] = {}


def put_into(address: str) -> None:
    """Make the empty database of this address one at the newest revision."""
    kind = sa.make_url(address).get_backend_name()
    if kind not in _upgraded:
        _upgraded[kind] = _upgrade(address, kind)
    source, place = (sa.make_url(url).database for url in (_upgraded[kind], address))
    if kind == "postgresql":
        server.drop_database(address)
        server.fresh_database(address, source, place)
    else:
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, place)


def _upgrade(address: str, kind: str) -> str:
    folder = Path(tempfile.mkdtemp(prefix="newest-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")))
    url = server.fresh_database(address) if kind == "postgresql" else f"sqlite:///{folder / 'newest.db'}"
    config.mark_as_sample(folder / "data")
    app = create_app(config.load({}, DATA=str(folder / "data"), DATABASE_URL=url, **SETTINGS))
    with app.app_context():
        migrations.upgrade()
        db.session.remove()
        db.engine.dispose()
    return url
