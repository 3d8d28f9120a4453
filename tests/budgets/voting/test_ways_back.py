"""Pages that every vote has lead from an envelope back to its round, not to the list of votes."""

from datetime import timedelta

import pytest
from lxml import html

from civic_forum.accounts.rules import Role
from civic_forum.ballots import identities
from civic_forum.ballots import queries as boxes
from civic_forum.ballots.counting import closing
from civic_forum.ballots.voting import services as casting
from civic_forum.ballots.rules.boxes import Channel
from civic_forum.platform import clock
from civic_forum.platform.base import db
from tests.ballots.boxes import form_of
from tests.budgets.making import voter

from .scene import opened


def crumbs(page) -> list[tuple[str, str | None]]:
    """Label and address of each crumb below the home page."""
    way = html.fromstring(page.text).xpath("//nav[contains(@class, 'crumb') or contains(@class, 'breadcrumb')]")[0]
    return [(one.text_content().strip(), (one.xpath(".//a/@href") or [None])[0]) for one in way.xpath(".//li")][1:]


@pytest.fixture
def vote(town):
    """An envelope whose vote is over, its round, and the receipt of its only ballot."""
    ada = voter(town)
    made = opened(town)
    box_id = made.envelopes[0].box_id
    box = boxes.by_id(box_id)
    form = form_of(box, identities.candidates(ada)[0], boxes.rule_of(box).encode({1: 1}))
    receipt = casting.cast_as(box_id, identities.candidates(ada), form, Channel.ONLINE)
    db.session.rollback()
    clock.shift(timedelta(days=9).total_seconds())
    closing.close_if_due(box_id)
    way = [("주민참여예산", "/budgets"), (made.title, f"/budgets/{made.slug}"),
           (made.envelopes[0].name, f"/budgets/{made.slug}/envelope-1")]
    return box_id.hex(), way, receipt


@pytest.mark.in_turns(of=5)
def test_observers_and_objections(vote, town, browse):
    box, way, _receipt = vote
    assert crumbs(browse(town.staff(Role.OBSERVER)).get(f"/votes/{box}/observation"))[:3] == way
    assert crumbs(browse().get(f"/votes/{box}/objections"))[:3] == way


@pytest.mark.in_turns(of=5)
def test_a_receipt_that_is_found(vote, browse):
    _box, way, receipt = vote
    assert crumbs(browse().get(f"/receipts/{receipt.tracker}"))[:3] == way
