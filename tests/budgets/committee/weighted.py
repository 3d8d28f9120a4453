"""A round in which half of the score is the committee's."""

from fractions import Fraction

from civic_forum.budgets.committee import services
from civic_forum.budgets.committee.models import CommitteeMember
from civic_forum.budgets.models import BudgetRound
from civic_forum.budgets.rules import Phase
from civic_forum.budgets.counting.settings import CountingRules, Rule
from tests.budgets import making

RULES = CountingRules(rule=Rule.WEIGHTED, weights={"residents": Fraction(1, 2), "committee": Fraction(1, 2)})


def weighted(town, *, phase=Phase.COMMITTEE, **facts) -> BudgetRound:
    return making.new_round(town, phase=phase, **{"counting": RULES.to_json()} | facts)


def seated(town, budget_round, how_many: int) -> list[tuple[CommitteeMember, object]]:
    """So many members, each with their account."""
    moderator = town.moderator()
    found = []
    for _one in range(how_many):
        user = town.user()
        found.append((services.name(budget_round.id, user.id, by=moderator), user))
    return found
