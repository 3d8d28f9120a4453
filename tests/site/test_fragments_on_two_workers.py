"""Two worker processes that share a database: what is gone is gone from the fragments of both at once."""

import pytest

from civic_forum.comments.models import Comment
from civic_forum.platform.base import db
from tests.conftest import SETTINGS

from .page_worker import PageWorker
from .test_fragments_of_what_is_gone import RENAMED, change, talked_about, whatever_goes  # noqa: F401


@pytest.fixture(scope="module")
def started():
    """Worker processes by the database that they share; they end with the module."""
    found = {}
    yield found
    for workers in found.values():
        for worker in workers:
            worker.stop()


@pytest.fixture
def workers(app, started):
    settings = SETTINGS | {name: app.config[name] for name in ("DATA", "DATABASE_URL")}
    if app not in started:
        started[app] = [PageWorker(settings), PageWorker(settings)]
    return started[app]


@pytest.mark.long
@whatever_goes
def test_it_is_gone_from_both_at_once(town, workers, talked_about, text, places, act):  # noqa: F811
    urls = [place.format(detail=f"/proposals/{talked_about.number}") for place in places if "search" not in place]
    for worker in workers:
        for url in urls:
            before = worker.get(url)[1]
            page, kept = worker.get(url)
            assert text in page and kept > before
    act(talked_about, db.session.query(Comment).one())
    assert [url for url in urls for worker in workers if text in worker.get(url)[0]] == []


@pytest.mark.long
def test_a_new_name_is_said_by_both_at_once(town, workers, talked_about):  # noqa: F811
    url = f"/proposals/{talked_about.number}"
    assert all(RENAMED not in worker.get(url)[0] for worker in workers)
    change(talked_about.author, nickname=RENAMED)
    assert all(RENAMED in worker.get(url)[0] for worker in workers)
