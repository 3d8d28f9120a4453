"""A plan of 400 actions: its pages cost a few empty ones, and one approval lets it be in force."""

import pytest

from civic_forum.commitments.models import Commitment
from civic_forum.plans import queries as known
from civic_forum.plans import services
from civic_forum.plans.rules import MOST_ACTIONS
from civic_forum.platform import clock
from civic_forum.platform.base import db
from civic_forum.platform.i18n import local
from tests.factories import count
from tests.intake.test_at_scale import EMPTY_PAGES, calls

from .making import many, passed, plan, written

STATEMENTS_EACH = 25
"""Of a commitment: its entries, its audit, what finds it."""


@pytest.mark.in_turns(of=5)
def test_four_hundred_actions_are_read_compared_and_let_in_force(town, app, pair, browse, queries):
    (first, second), site = pair, browse()
    desk, costs = browse(first), []
    _council, thing = passed(town, town.user())
    for number in (1, MOST_ACTIONS):
        made = plan(first, text=many(number), title=f"2031년 계획 {number}")
        here, cheaper = f"/desk/plans/{made.slug}", many(number).replace('"1,000"', "900")

        def cost(ask):
            ask()
            return calls(lambda: (app.extensions["sections"].clear(), ask()))

        preview = cost(lambda: desk.post(f"{here}/1/table", data={"pasted": cheaper}))
        services.decide(made.slug, 1, thing, local(clock.now()).date(), by=first)
        subject = services.subject_of(services.propose_force(made.slug, 1, by=first))
        services.next_version(made.slug, "", by=first)
        written(made.slug, 2, cheaper, first)
        services.ask(made.slug, 2, by=first)
        costs.append([preview, *(cost(lambda: browser.get(page)) for browser, page in (
            (desk, f"{here}/1"), (site, f"/plans/{made.slug}/1"), (site, f"/plans/{made.slug}/changes")))])
    assert all(full <= EMPTY_PAGES * empty for empty, full in zip(*costs, strict=True)), costs
    assert "400번째" in site.get(f"/plans/{made.slug}/1?page=8").text
    wrong = ("1?page=9", "changes?page=0", "1?page=x")
    assert {site.get(f"/plans/{made.slug}/{page}").status_code for page in wrong} == {404}
    with queries() as sent:
        services.FORCE.confirm(subject, seen=services.FORCE.pending(subject).fingerprint, by=second)
    assert count(Commitment) == MOST_ACTIONS and len(sent) <= STATEMENTS_EACH * MOST_ACTIONS
    db.session.rollback()
    assert len(known.promised(known.plan(made.slug))) == MOST_ACTIONS
