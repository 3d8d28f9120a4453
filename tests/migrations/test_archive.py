"""Addresses of the archive on a filled database of the release before."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from civic_forum.archive.queries import ARCHIVE
from civic_forum.platform import clock, migrations
from civic_forum.platform.base import db

from . import filling

BEFORE = "0109"
SLUGGED = ("forum", "poll", "consultation", "budget_round", "call", "survey", "year_series")


def addresses():
    return {row.key: row.url for row in ARCHIVE.of().rows(None, 100)}


@pytest.mark.in_turns(of=10)
def test_each_address_of_the_archive_stays_by_an_upgrade(open_site, address, monkeypatch):
    monkeypatch.setattr(clock, "read", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    app = open_site(address)
    with app.app_context():
        migrations.upgrade(BEFORE)
        with db.engine.begin() as connection:
            filling.fill(connection)
            for name in SLUGGED:
                connection.execute(sa.text(f'UPDATE "{name}" SET slug = \'2031-{name[0]}\' || id'))
        with app.test_request_context():
            before = addresses()
        assert {key.partition(":")[0] for key in before} >= {"forum", "consultation", "call", "survey", "series"}
        migrations.upgrade()
        with app.test_request_context():
            assert addresses() == before
        site = app.test_client()
        listed = site.get("/archive").text
        assert [url for url in before.values() if f'href="{url}"' not in listed] == []
        opened = {key: site.get(url).status_code for key, url in before.items()}
        assert 404 not in opened.values()
        assert {key for key, code in opened.items() if code != 200} <= {
            key for key in before if key.startswith(("call:", "survey:"))}, "these are filled with JSON of no call"
