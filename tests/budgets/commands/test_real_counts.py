"""budget count with the flags that were expected of it, on real files where they are; the count itself is tried
elsewhere."""

import json

import pytest
from click.testing import CliRunner

from civic_forum.budgets import cli
from tests.budgets import elections

LARGE = "France_Toulouse_2024.pb"


def flags_of(name: str) -> list[str]:
    """Words of BUDGETS.md about the keys of the expected outcomes."""
    if name.startswith("greedy"):
        return ["--rule", "greedy"] + {"greedy_votes_skip": [], "greedy_votes_noskip": ["--no-skip"],
                                       "greedy_votes_per_cost": ["--order", "votes-per-cost"]}[name]
    _mes, utility, *rest = name.split("_", 2)
    flags = ["--rule", "equal-shares", "--utility", {"cost": "cost", "card": "cardinality"}[utility]]
    completion = {"": "none", "add1": "add1", "add1_greedy": "add1",
                  "add1_until_infeasible": "add1-until-infeasible"}["".join(rest)]
    return [*flags, "--completion", completion, *(["--fill", "greedy"] if name.endswith("_greedy") else [])]


CASES = [(name, rule) for name, one in elections.expected().items() for rule in one["rules"]
         if (elections.FOLDER / name).exists() and not (name == LARGE and "add1" in rule)]


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("name, rule", CASES, ids=str)
def test_the_flags_give_what_two_other_programs_found(name, rule):
    done = CliRunner().invoke(cli.budget, ["count", str(elections.FOLDER / name), *flags_of(rule), "--json"])
    assert done.exit_code == 0, done.output
    counted, expected = json.loads(done.output), elections.expected()[name]["rules"][rule]
    assert (counted["selected"], counted["cost"]) == (expected["order"], expected["cost"])
