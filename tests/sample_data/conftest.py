"""The sample district, loaded once on each database for all tests of this folder."""

import pytest

from civic_forum.kernel.base import db
from civic_forum.sample_data import loader
from tests.conftest import build, empty


@pytest.fixture(scope="package", params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
def district(request, tmp_path_factory):
    """An application context with the district in it; the application it belongs to."""
    settings = {"DATABASE_URL": request.getfixturevalue("postgres")} if request.param == "postgres" else {}
    app = build(tmp_path_factory.mktemp("district"), **settings)
    with app.app_context():
        loader.load("the password of the sample")
        yield app
        db.session.rollback()
        empty()
        db.session.remove()
        db.engine.dispose()
