"""Counting a file: no site, no database, and everybody gets the same outcome."""

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from pathlib import Path

import click

from civic_forum.ballots.terminal import json_option, say
from civic_forum.platform.errors import Refusal
from civic_forum.platform.i18n import _

from ..counting import outcome
from ..counting.comparing import comparison
from ..counting.counting import count as counted
from ..counting.election import Election
from ..counting.settings import Completion, CountingRules, Order, Rule, Share, Utility
from . import tables
from .sources import source

file_argument = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
step_option = click.option("--step", help="By how much every share grows in add1, in the unit of the file.")


def _choice(*values):
    return click.Choice([str(value) for value in values])


RULES = (
    click.option("--rule", type=_choice(*Rule), help="Needed for a .pb file; a record says its own."),
    click.option("--utility", type=_choice(*Utility), help="Equal shares: by cost unless said."),
    click.option("--completion", type=_choice(*Completion), help="Equal shares: none unless said."),
    click.option("--fill", type=_choice("greedy", "none"), help="Equal shares: what is left is filled by greedy."),
    step_option,
    click.option("--skip/--no-skip", default=None, help="Greedy goes on below what does not fit, or stops there."),
    click.option("--threshold", type=click.IntRange(0), help="Least votes; a project with fewer is not funded."),
    click.option("--order", type=_choice(*Order), help="Greedy: by votes unless said."),
    click.option("--share", type=_choice(*Share), help="Weighted: votes ÷ all marks of a body unless said."),
)


def rule_options(command: Callable) -> Callable:
    return reduce(lambda wrapped, option: option(wrapped), reversed(RULES), command)


@click.command()
@file_argument
@rule_options
@json_option
def count(file: Path, as_json: bool, **given: object):
    """Count FILE, a .pb file or the record of a vote with choices. What is said here goes before what a record says."""
    found = source(file)
    rules = _rules(found.rules, **given)
    result = _counted(found.election, rules)
    say(result.to_json(), tables.of_count(found, result), as_json)


@click.command()
@file_argument
@step_option
@json_option
def compare(file: Path, step: str | None, as_json: bool):
    """Count FILE, a .pb file or a record with choices, by several rules and put the outcomes side by side."""
    found = source(file)
    recorded = {"own": _counted(found.election, found.rules)} if found.rules else {}
    step_of_shares = _number(step) if step else found.rules.step if found.rules else Fraction(1)
    counts = recorded | comparison(found.election, step_of_shares)
    said = {"budget": outcome.text(found.election.budget), "voters": found.election.voters,
            "rules": {name: one.to_json() for name, one in counts.items()}}
    say(said, tables.of_comparison(found, counts), as_json)


def _rules(recorded: CountingRules | None, *, rule: str | None, utility: str | None, completion: str | None,
           fill: str | None, step: str | None, skip: bool | None, threshold: int | None,
           order: str | None, share: str | None) -> CountingRules:
    if rule is None and recorded is None:
        raise click.UsageError("Say the --rule: a .pb file does not fix it.")
    base = recorded or CountingRules()
    if rule is not None and rule != base.rule:  # what belongs to the other rule is not taken over
        weights = {} if rule != Rule.WEIGHTED else {"residents": Fraction(1, 2), "committee": Fraction(1, 2)}
        base = CountingRules(Rule(rule), step=base.step, skips=base.skips, threshold=base.threshold, weights=weights)
    said = {"utility": utility and Utility(utility), "completion": completion and Completion(completion),
            "fill_greedy": fill and fill == "greedy", "step": step and _number(step), "skips": skip,
            "threshold": threshold, "order": order and Order(order),
            "share": share and Share(share)}
    try:
        return base.with_(**{name: value for name, value in said.items() if value is not None})
    except ValueError as wrong:
        raise click.UsageError(f"These do not go together: {wrong}.") from wrong


def _counted(election: Election, rules: CountingRules) -> outcome.Count:
    if rules.rule is Rule.EQUAL_SHARES and election.ballots is None:
        raise Refusal(_("이 기록에는 표의 합계만 있어요. 균등 몫은 투표지마다 무엇을 골랐는지 있어야 셀 수 있어요."))
    if rules.rule is Rule.WEIGHTED and election.committee is None:
        raise Refusal(_("이 파일에는 위원회의 표가 없어서 가중 방식으로 셀 수 없어요."))
    return counted(election, rules)


def _number(said: str) -> Fraction:
    try:
        number = Fraction(said)
    except (ValueError, ZeroDivisionError) as wrong:
        raise click.UsageError(f"{said} is not a number.") from wrong
    if number <= 0:
        raise click.UsageError("--step is more than nothing.")
    return number
