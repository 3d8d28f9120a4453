"""One reader after the other in two languages, with the fragments and sections of all of them in memory."""

import re
from itertools import product

import pytest
import sqlalchemy as sa
from werkzeug.exceptions import HTTPException

from civic_forum.accounts.models import User
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.access.snapshots import plain
from tests.factories import signed_in

READERS, LANGUAGES = (None, "resident6", "moderator1"), ("ko", "en")
ADDRESS = re.compile(r'<a[^>]* href="(/[^"#]*)"')
TOKEN = re.compile(r"CODE\.[\w-]{6}\.CODE")
LEAST_PAGES = 60
LEFT_OUT = ("/display", "/static", "/attachments", "/forums/gvalley-lunch-live")
"""Answers that are no page, and the live forum, which says at every moment something else."""


def browser(app, name, language):
    client = app.test_client()
    client.set_cookie("language", language)
    if name is not None:
        secret = signed_in(db.session.scalars(sa.select(User).filter_by(sign_in_key=name)).one())
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = secret, True
    return client


@pytest.fixture(scope="module")
def readers(district):
    return {(name, language): browser(district, name, language) for name, language in product(READERS, LANGUAGES)}


def addresses(app, readers):
    """One address of every kind of page that links lead to from the first page, for any of these readers."""
    adapter, kinds, waiting = app.url_map.bind("localhost"), {}, ["/"]
    while waiting:
        url = waiting.pop(0)
        try:
            kind = adapter.match(url.partition("?")[0], method="GET")[0]
        except HTTPException:
            continue
        if kind in kinds or url.startswith(LEFT_OUT):
            continue
        pages = [reader.get(url, buffered=True) for (_name, language), reader in readers.items() if language == "ko"]
        found = [page.text for page in pages if (page.status_code, page.mimetype) == (200, "text/html")]
        if found:
            kinds[kind] = url
        waiting += [link.replace("&amp;", "&") for text in found for link in ADDRESS.findall(text)]
    return list(kinds.values())


def seen_by(reader, url):
    """The page but for the second in which a token was made."""
    return TOKEN.sub("TOKEN", plain(reader.get(url).text))


def forget(app):
    app.extensions["fragments"].cache_clear()
    app.extensions["sections"].clear()


@pytest.mark.long
def test_no_page_of_one_reader_has_anything_of_another(district, readers, monkeypatch):
    moment = clock.now()
    monkeypatch.setattr(clock, "read", lambda: moment)  # an hour that ends between two readers is no difference
    pages = addresses(district, readers)
    assert len(pages) >= LEAST_PAGES
    differing = []
    for url in pages:
        alone = {}
        for who, reader in readers.items():
            forget(district)
            alone[who] = seen_by(reader, url)
        forget(district)
        for who, reader in [*readers.items()] * 2:
            if seen_by(reader, url) != alone[who]:
                differing.append((url, who))
    assert differing == []
