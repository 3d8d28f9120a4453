"""Projects are listed in the order of their codes, as people count."""

import pytest

from civic_forum.budgets.projects import queries
from tests.budgets import making


@pytest.mark.both
def test_the_hundredth_project_comes_after_the_one_before_it(town):
    budget_round = making.new_round(town)
    for code in ("B01", "A100", "A11", "A99"):
        making.project(town, budget_round, code=code)
    first = queries.listed(budget_round, queries.PROJECTS.of(), None, limit=2)
    rest = queries.listed(budget_round, queries.PROJECTS.of(), first.after, limit=2)
    assert [one.code for one in (*first.items, *rest.items)] == ["A11", "A99", "A100", "B01"]
