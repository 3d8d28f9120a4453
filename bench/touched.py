"""Own files (platform and blocks apart) of which a line of a function runs during one request that is warmed up."""

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.test import TestResponse

from civic_forum.platform import clock
from tests import conftest, factories
from tests.forums.scene import key, live_forum
from tests.polls import making

from .figures import Figure

SITE = f"{Path(__file__).resolve().parent.parent / 'civic_forum'}/"
HIDDEN = re.compile(r'name="(fingerprint|form_key|state|mine)" value="([0-9a-f]+)"')
BY_SCRIPT = {"Accept": "application/json"}


def touched() -> list[Figure]:
    """On SQLite; each request is sent by one person first, and counted when another one sends it."""
    return [Figure(f"own files touched: {name}", len(files), "files", goal) for name, files, goal in requests()]


def requests() -> Iterator[tuple[str, set[str], str]]:
    """Name of each request, its files, and the goal."""
    with site() as app:
        town = factories.Town()
        yield "cast by script", _second(_casts(app, town)), "<= 12"
        yield "support", _second(_supports(app, town)), "<= 10"
        yield "call the next speaker", _second(_calls(app, town)), "<= 14"


@contextmanager
def site() -> Iterator[Flask]:
    """An empty district."""
    with tempfile.TemporaryDirectory(prefix="civic-forum-bench-") as folder:
        app = conftest.build(Path(folder))
        with app.app_context():
            factories.sized_up()
            yield app
            conftest.db.session.remove()
            conftest.db.engine.dispose()


def _casts(app: Flask, town: factories.Town) -> list[Callable[[], TestResponse]]:
    voters = [making.voter(town) for _one in range(2)]
    poll = making.opened(town)

    def cast(user):
        client = _browser(app, user)
        form = dict(HIDDEN.findall(client.get(f"/polls/{poll.slug}/ballot").text)) | {"choice": "00000100000000"}
        return lambda: client.post(f"/polls/{poll.slug}/casts", json=form, headers=BY_SCRIPT)

    return [cast(user) for user in voters]


def _supports(app: Flask, town: factories.Town) -> list[Callable[[], TestResponse]]:
    url = f"/proposals/{town.proposal(threshold=20).number}/supports"
    browsers = [_browser(app, town.resident()) for _one in range(2)]
    return [lambda client=client: client.post(url, headers=BY_SCRIPT) for client in browsers]


def _calls(app: Flask, town: factories.Town) -> list[Callable[[], TestResponse]]:
    scene = live_forum(town, opened_at=clock.now())
    for user in scene.people(3):
        scene.asking(user)
    client, url = _browser(app, scene.host), f"/forums/{scene.forum.slug}/floor"

    def call(seen: str) -> TestResponse:
        return client.post(f"{url}/calls", data={"seen": seen, "key": key()}, headers=BY_SCRIPT)

    return [lambda: call(""), lambda: call("1")]


def _browser(app: Flask, user):
    client, secret = app.test_client(), factories.signed_in(user)
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = secret, True
    return client


def _second(asks: list[Callable[[], TestResponse]]) -> set[str]:
    """The files of which functions were called while the last of these was answered. Raises AssertionError where one
    of them was refused."""
    *before, last = asks
    for ask in before:
        assert (answer := ask()).status_code < 300, answer.text
    files: set[str] = set()
    sys.setprofile(lambda frame, event, _arg: files.add(frame.f_code.co_filename) if event == "call" else None)
    try:
        answer = last()
    finally:
        sys.setprofile(None)
    assert answer.status_code < 300, answer.text
    own = {file.removeprefix(SITE) for file in files if file.startswith(SITE)}
    return {file for file in own if not file.startswith(("platform/", "blocks/"))}
