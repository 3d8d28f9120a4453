"""The sample district on each database: a copy of the one that is loaded once a run, for all tests of this folder."""

from contextlib import contextmanager
from pathlib import Path

import pytest

from civic_forum.platform.base import db
from tests.conftest import build
from tests.servers import postgres, processes
from tests.servers.cluster import Cluster

HERE = Path(__file__).parent


@pytest.fixture(scope="package", params=["sqlite", pytest.param(
    "postgres", marks=[pytest.mark.servers, pytest.mark.long])])
def district(request, sample_copy, tmp_path_factory):
    """An application context with the district in it; the application it belongs to."""
    copied = on_postgres(sample_copy) if request.param == "postgres" else on_sqlite(sample_copy, tmp_path_factory)
    with copied as (data, settings):
        app = build(data, SECRET_KEY="", **settings)  # with that of the sample
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def on_sqlite(sample_copy, tmp_path_factory):
    yield sample_copy(tmp_path_factory.mktemp("district")), {}


@contextmanager
def on_postgres(sample_copy):
    """The database that bin/cluster has loaded, on a server of ours."""
    with processes.room(postgres.OWNER, in_memory=True) as home:
        data = sample_copy(home / "sample", Cluster)
        (data / "postgresql" / "data").rename(home / "data")
        with postgres.serving(home, Cluster(data).settings_of_commands["DATABASE_URL"]) as url:
            yield data / "site", {"DATABASE_URL": url}


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.sqlite_alone("`bin/test long` loads the sample on PostgreSQL"))
