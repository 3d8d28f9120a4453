"""The cost of a ballot to the database: as much as that of any vote, however many projects there are."""

import pytest

from civic_forum.platform.base import db
from tests.budgets import making

from .scene import JSON, ballot
from .test_ballot_pages import in_hex

MOST_TO_OPEN, MOST_TO_CAST = 15, 5


@pytest.mark.both
def test_opening_and_casting_take_few_statements_whatever_is_on_the_ballot(town, browse, queries):
    ada, seen = making.voter(town), []
    for projects in (3, 30):
        budget_round = making.opened(town, projects=projects)
        client = browse(ada)
        ballot(client, budget_round)
        with queries() as opening:
            form = ballot(client, budget_round)
        with queries() as casting:
            answer = client.post(f"/budgets/{budget_round.slug}/envelope-1/casts",
                                 json=form | {"choice": in_hex(projects, 1)}, headers=JSON)
        assert answer.status_code == 200
        seen.append((len(opening), len(casting)))
        db.session.rollback()
    assert seen[0] == seen[1] and seen[0][0] <= MOST_TO_OPEN and seen[0][1] <= MOST_TO_CAST, seen
