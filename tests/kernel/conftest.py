"""Sites of their own, for tests that copy or break one."""

import shutil

import pytest
import sqlalchemy as sa

from civic_forum.kernel import migrations
from civic_forum.kernel.base import db
from tests.migrations.conftest import KINDS, address, open_site, revisions  # noqa: F401
from tests.servers import postgres as server


@pytest.fixture
def another_address(request, address, tmp_path):  # noqa: F811
    """The address of a second empty database of the same kind."""
    if address.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'second' / 'empty.db'}"
        return
    url = server.fresh_database(address)
    yield url
    server.drop_database(url)


@pytest.fixture(scope="session")
def upgraded():
    """The address of a database at the newest revision, by its kind; of a kind once, and copied from then on."""
    return {}


@pytest.fixture
def settled(open_site, address, upgraded, tmp_path_factory):  # noqa: F811
    """A site at the newest revision; enter it with `app.app_context()`."""
    kind = sa.make_url(address).get_backend_name()
    if kind not in upgraded:
        upgraded[kind] = (server.fresh_database(address) if kind == "postgresql" else
                          f"sqlite:///{tmp_path_factory.mktemp('upgraded') / 'newest.db'}")
        with open_site(upgraded[kind]).app_context():
            migrations.upgrade()
            db.engine.dispose()
    source, place = (sa.make_url(url).database for url in (upgraded[kind], address))
    if kind == "postgresql":
        server.drop_database(address)
        server.fresh_database(address, source, place)
    else:
        shutil.copy(source, place)
    return open_site(address)
