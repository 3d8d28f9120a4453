"""Budgets and their outcomes for tests, from verifier/FORMAT.md alone: shares nothing with verify.py or the site."""

from fractions import Fraction

RULES = {"completion": "none", "fill": "none", "order": "votes", "rule": "greedy", "skips": 1, "step": "1",
         "threshold": 0, "utility": "cost", "weights": {}}
AMOUNT = "110.5"
COSTS = ["40", "30", "25.5", "60", "10", "35"]
"""Of the options of `making.RULES["groups"]`; the money of a ballot is in other units."""


def budget_of(committee=None, exclusions=None, lot=None, **rules) -> dict:
    """What the box says of the money: greedy, unless other rules are given."""
    projects = [{"cost": cost, "id": f"2027-{at}", "number": at} for at, cost in enumerate(COSTS, start=1)]
    more = {"committee": committee, "exclusions": exclusions, "lot": lot}
    return {"amount": AMOUNT, "currency": "KRW", "projects": projects, "rules": RULES | rules,
            **{name: value for name, value in more.items() if value is not None}}


def outcome_of(box: dict, result: dict, choices: list[bytes]) -> dict:
    """The outcome of these ballots; where the rule is equal shares, what the cheapest projects would be."""
    budget = box["budget"]
    votes = {one["id"]: result["totals"][one["number"] - 1]["votes"] for one in budget["projects"]}
    greedy = {**budget, "rules": RULES}
    return {"count": told(budget, funded_of(budget, votes, result["ballots"]), votes, choices),
            "format": 1, "other": short(told(greedy, funded_of(greedy, votes, result["ballots"]), votes, choices))}


def funded_of(budget: dict, votes: dict[str, int], ballots: int) -> list[str]:
    """Ids in the order of funding, by asking again and again for the best project that is left."""
    rules, costs = budget["rules"], {one["id"]: Fraction(one["cost"]) for one in budget["projects"]}
    waiting = {id for id in costs if worth(budget, id, votes, ballots) and votes[id] >= rules["threshold"]}
    left, funded = Fraction(budget["amount"]), []
    while waiting:
        first = min(waiting, key=lambda id: place(budget, id, costs[id], votes, ballots))
        waiting.remove(first)
        barred = any(first in group and set(group) & set(funded) for group in excluding(budget))
        if costs[first] <= left and not barred:
            left -= costs[first]
            funded.append(first)
        elif not barred and not rules["skips"]:
            break
    return funded


def place(budget: dict, id: str, cost: Fraction, votes: dict[str, int], ballots: int) -> tuple:
    value = worth(budget, id, votes, ballots)
    if budget["rules"]["order"] == "votes-per-cost":
        value = value / cost if cost else Fraction(10**30)
    return -value, cost, -votes[id], budget["lot"].index(id) if "lot" in budget else id


def worth(budget: dict, id: str, votes: dict[str, int], ballots: int) -> Fraction:
    weights = budget["rules"]["weights"]
    if budget["rules"]["rule"] != "weighted":
        return Fraction(votes[id])
    at = next(one["number"] for one in budget["projects"] if one["id"] == id)
    committee = budget.get("committee", {"ballots": 1, "votes": [0] * at})
    return (Fraction(weights.get("residents", "0")) * votes[id] / ballots
            + Fraction(weights.get("committee", "0")) * committee["votes"][at - 1] / committee["ballots"])


def excluding(budget: dict) -> list[list[str]]:
    ids = {one["number"]: one["id"] for one in budget["projects"]}
    return [[ids[number] for number in group] for group in budget.get("exclusions", [])]


def told(budget: dict, funded: list[str], votes: dict[str, int], choices: list[bytes]) -> dict:
    costs = {one["id"]: one["cost"] for one in budget["projects"]}
    numbers = [one["number"] for one in budget["projects"] if one["id"] in funded]
    glad = sum(any(choice[2 * at] for at in numbers) for choice in choices if choice[0] == 0)

    def line(id):
        return {"cost": costs[id], "project": id, "votes": str(votes[id])}

    return {"budget": budget["amount"], "cost": decimal(sum(Fraction(costs[id]) for id in funded)),
            "not_selected": [line(id) | {"reason": "did_not_fit"} for id in costs if id not in funded],
            "rounds": [line(id) | {"round": at} for at, id in enumerate(funded, start=1)],
            "rule": budget["rules"]["rule"], "rules": budget["rules"], "selected": funded, "ties": [], "voters": len(choices),
            "voters_with_a_funded_choice": glad}


def short(count: dict) -> dict:
    return {name: count[name] for name in ("cost", "rules", "selected", "voters_with_a_funded_choice")}


def decimal(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
