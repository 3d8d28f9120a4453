"""The draft keeps itself every few seconds, and nobody fills the site with drafts."""

from secrets import token_hex

from civic_forum.platform.base import db
from civic_forum.proposals.models import Proposal


def test_drafts_without_end_are_stopped(app, town, browse, monkeypatch):
    monkeypatch.setitem(app.config, "LIMIT_POSTS_USER", 3)
    client, other = browse(town.user()), browse(town.user())

    def save(of=client):
        return of.post("/proposals/new", data={"key": token_hex(16), "title": "산책로에 의자를", "version": "0",
                                                   "go": "leave"}).status_code

    assert [save() for _time in range(7)] == [302] * 6 + [429]
    assert client.post(f"/proposals/drafts/{token_hex(16)}/1", data={"version": "0", "go": "leave"}).status_code == 429
    assert save(other) == 302
    db.session.rollback()
    assert db.session.query(Proposal).count() == 7
