"""Budget rounds from the command line: bin/civic-forum budget …"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from pathlib import Path

import click
from flask.cli import with_appcontext

from civic_forum.ballots.terminal import by_option, json_option, person, say
from civic_forum.platform import settings
from civic_forum.platform.errors import Conflict, Refusal
from civic_forum.platform.i18n import _

from . import queries
from .counting import outcome
from .counting.comparing import comparison
from .counting.counting import count as counted
from .counting.election import Election
from .counting.outcome import Count, text
from .counting.settings import Completion, CountingRules, Order, Rule, Share, Utility
from .formats.pabulib.faults import Fault
from .formats.pabulib.making import election_of, write
from .formats.pabulib.parsing import PabulibFile, read
from .formats.records import MAGIC, NotCountable, Uncountable, read_record
from .labels import money
from .models import BudgetRound, Envelope
from .results import exchange
from .trials import labels
from .trials import queries as trial_queries
from .trials import services as trials
from .trials.labels import COMPARED
from .trials.rules import LARGEST_FILE


# Input of counts on the command line: a .pb file, or the record of a vote


@dataclass(frozen=True)
class Source:
    title: str
    election: Election
    names: dict[str, str]
    currency: str
    rules: CountingRules | None
    """Those that the record fixes; a .pb file names its rule only in words."""
    file: PabulibFile | None = None


def source(path: Path) -> Source:
    """Raises Refusal for a file that is neither, or wrong."""
    with path.open("rb") as opened:
        is_record = opened.read(len(MAGIC)) == MAGIC
    return _of_record(path) if is_record else _of_file(pabulib_file(path))


def pabulib_file(path: Path) -> PabulibFile:
    """Raises Refusal with the line that is wrong."""
    try:
        return read(path.read_bytes())
    except Fault as fault:
        raise Refusal(labels.of_fault(fault)) from fault


def _of_file(file: PabulibFile) -> Source:
    return Source(file.meta["description"], election_of(file), file.names(), file.meta.get("currency", ""), None, file)


def _of_record(path: Path) -> Source:
    try:
        record = read_record(path)
    except NotCountable as wrong:
        if wrong.why is Uncountable.NOT_A_BUDGET:
            raise Refusal(_("주민참여예산 투표의 기록이 아니에요.")) from wrong
        if wrong.why is Uncountable.FEW:
            raise Refusal(_("투표지가 10장보다 적어서 표 수를 공개하지 않은 기록이에요. 참관인용 기록으로만 다시 셀 수 있어요.")) from wrong
        raise Refusal(_("투표 기록으로 읽을 수 없는 파일이에요. verify 명령으로 먼저 확인해 주세요.")) from wrong
    return Source(record.title, record.election, record.names, record.currency, record.rules)


# Outcomes as lines for people: columns under each other, Hangul as wide as it is


LONGEST_NAME = 40


def of_count(source: Source, count: Count) -> list[str]:
    """First what was chosen in its order, then what was not."""
    lines = [_plain(source.title), *_summary(source, count), ""]
    by_score = count.rules.rule is Rule.WEIGHTED
    has_points = source.file is not None and source.file.has_points and count.rules.rule is Rule.GREEDY
    votes = _("받은 점수") if has_points else _("표")
    lines += aligned([(_("차례"), _("사업"), _("비용"), votes, *([_("점수")] if by_score else []), _("이름"))] + [
        (funding.round, funding.project, money(funding.cost, source.currency), text(funding.votes),
         *([f"{float(funding.score):.4f}"] if by_score else []), _short(source.names[funding.project]))
        for funding in count.rounds])
    if count.not_selected:
        lines += ["", _("뽑히지 않은 사업"), *aligned([(_("사업"), _("비용"), votes, _("이름"))] + [
            (other.project, money(other.cost, source.currency), text(other.votes), _short(source.names[other.project]))
            for other in count.not_selected])]
    return lines


def of_comparison(source: Source, counts: Mapping[str, Count]) -> list[str]:
    """One line for each rule, then for each project by which of them it is chosen."""
    names = list(counts)
    lines = [_plain(source.title), _("예산 %(budget)s, 투표한 사람 %(voters)s명", voters=f"{source.election.voters:,}",
                                     budget=money(source.election.budget, source.currency)), ""]
    lines += aligned([("", _("방식"), _("사업"), _("쓴 돈"), _("고른 사업이 뽑힌 사람"))] + [
        (number, str(COMPARED[name]), len(counts[name].selected), money(counts[name].cost, source.currency),
         _people(counts[name])) for number, name in enumerate(names, 1)])
    chosen = {name: set(counts[name].selected) for name in names}
    somewhere = [candidate.id for candidate in source.election.candidates
                 if any(candidate.id in chosen[name] for name in names)]
    return lines + ["", *aligned([(_("사업"), *range(1, len(names) + 1), _("이름"))] + [
        (project, *("O" if project in chosen[name] else "-" for name in names), _short(source.names[project]))
        for project in somewhere])]


def aligned(rows: Sequence[Sequence[object]]) -> list[str]:
    """Texts to the left and numbers to the right; the last column ends where it ends."""
    cells = [[_plain(str(cell)) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def _summary(source: Source, count: Count) -> Iterable[str]:
    yield _("예산 %(budget)s 가운데 %(cost)s, 사업 %(number)s개", budget=money(count.budget, source.currency),
            cost=money(count.cost, source.currency), number=len(count.selected))
    yield _("투표한 사람 %(voters)s명", voters=f"{count.voters:,}")
    if count.satisfied is not None:
        yield _("고른 사업이 하나라도 뽑힌 사람 %(people)s명", people=f"{count.satisfied:,}")


def _people(count: Count) -> str:
    return "-" if count.satisfied is None else f"{count.satisfied:,}"


def _width(cell: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in cell)


def _padded(cell: str, width: int) -> str:
    gap = " " * (width - _width(cell))
    return gap + cell if cell[:1].isdigit() and not cell[:2].isalpha() else cell + gap


def _short(name: str) -> str:
    """No longer than a line can be read."""
    plain = _plain(name)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[:LONGEST_NAME]}…"


def _plain(words: str) -> str:
    """On one line, and nothing that a terminal would carry out."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())


# Counting a file: no site, no database, and everybody gets the same outcome


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
def count(file: Path, as_json: bool, **options: object):
    """Count FILE, a .pb file or the record of a vote with choices. What is said here goes before what a record says."""
    origin = source(file)
    rules = _rules(origin.rules, **options)
    counted = _counted(origin.election, rules)
    say(counted.to_json(), of_count(origin, counted), as_json)


@click.command()
@file_argument
@step_option
@json_option
def compare(file: Path, step: str | None, as_json: bool):
    """Count FILE, a .pb file or a record with choices, by several rules and put the outcomes side by side."""
    origin = source(file)
    recorded = {"own": _counted(origin.election, origin.rules)} if origin.rules else {}
    step_of_shares = _number(step) if step else origin.rules.step if origin.rules else Fraction(1)
    counts = recorded | comparison(origin.election, step_of_shares)
    summary = {"budget": outcome.text(origin.election.budget), "voters": origin.election.voters,
               "rules": {name: count.to_json() for name, count in counts.items()}}
    say(summary, of_comparison(origin, counts), as_json)


def _rules(recorded: CountingRules | None, *, rule: str | None, utility: str | None, completion: str | None,
           fill: str | None, step: str | None, skip: bool | None, threshold: int | None,
           order: str | None, share: str | None) -> CountingRules:
    if rule is None and recorded is None:
        raise click.UsageError("Say the --rule: a .pb file does not fix it.")
    base = recorded or CountingRules()
    if rule is not None and rule != base.rule:  # what belongs to the other rule is not taken over
        weights = {} if rule != Rule.WEIGHTED else {"residents": Fraction(1, 2), "committee": Fraction(1, 2)}
        base = CountingRules(Rule(rule), step=base.step, skips=base.skips, threshold=base.threshold, weights=weights)
    options = {"utility": utility and Utility(utility), "completion": completion and Completion(completion),
               "fill_greedy": fill and fill == "greedy", "step": step and _number(step), "skips": skip,
               "threshold": threshold, "order": order and Order(order), "share": share and Share(share)}
    try:
        return base.with_(**{name: option for name, option in options.items() if option is not None})
    except ValueError as wrong:
        raise click.UsageError(f"These do not go together: {wrong}.") from wrong


def _counted(election: Election, rules: CountingRules) -> outcome.Count:
    if rules.rule is Rule.EQUAL_SHARES and election.ballots is None:
        raise Refusal(_("이 기록에는 표의 합계만 있어요. 균등 몫은 투표지마다 무엇을 골랐는지 있어야 셀 수 있어요."))
    if rules.rule is Rule.WEIGHTED and election.committee is None:
        raise Refusal(_("이 파일에는 위원회의 표가 없어서 가중 방식으로 셀 수 없어요."))
    return counted(election, rules)


def _number(digits: str) -> Fraction:
    try:
        number = Fraction(digits)
    except (ValueError, ZeroDivisionError) as wrong:
        raise click.UsageError(f"{digits} is not a number.") from wrong
    if number <= 0:
        raise click.UsageError("--step is more than nothing.")
    return number


# Elections in and out of the site as Pabulib files


TRIALS = "trials"


@click.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by_option
@click.option("--slug", help="The last part of its address; from the name of the file unless said.")
@click.option("--title", default="", help="The file's description unless said.")
@click.option("--about", default="", help="A text about it.")
@click.option("--step", default="", help="By how much every share grows in add1, in the unit of the file.")
@click.option("--round", "round_slug", default="", help="The round for which rules are compared with it.")
@click.option("--count", "at_once", is_flag=True,
              help="Count it now, however large it is; else a large one is left to the worker.")
@json_option
@with_appcontext
def import_file(file: Path, by: str, slug: str | None, title: str, about: str, step: str, round_slug: str,
                at_once: bool, as_json: bool):
    """Bring FILE in as a trial election, whole or, where a line is wrong, not at all."""
    actor = person(by)
    with file.open("rb") as opened:
        data = opened.read(LARGEST_FILE + 1)
    trial = trials.create(data, slug=slug or slug_of(file), title=title, about=about, step=step,
                          round_slug=round_slug, at_once=at_once or None, by=actor)
    summary = {"trial": trial.slug, "title": trial.title, "sha256": trial.sha256.hex(), "step": trial.step,
               "counted": trial.counted_at is not None}
    say(summary, [f"Made {trial.slug}." + ("" if trial.counted_at else " The worker counts it now.")], as_json)


@click.command()
@click.argument("name", metavar="ROUND")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
@with_appcontext
def export(name: str, file: Path, as_json: bool):
    """Write the published vote of ROUND into the new FILE, in its normal form.

    Of several envelopes, ROUND is round/envelope; trials/ADDRESS, or ADDRESS where no round is called so, is a trial
    election, with everything that its file holds.
    """
    election = _election(name)
    if file.exists():
        raise Conflict(_("%(file)s 파일이 이미 있어요.", file=str(file)))
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666), "wb") as target:
        target.write(write(election))
    summary = {"name": name, "file": str(file), "projects": len(election.costs), "ballots": len(election.ballots)}
    say(summary, [f"Written to {file}: {len(election.costs)} projects, " + (
        f"{len(election.ballots)} ballots." if election.ballots else "no ballots.")], as_json)


def _election(name: str) -> PabulibFile:
    first, slash, rest = name.partition("/")
    budget_round = None if (first, slash) == (TRIALS, "/") else queries.slugged(first)
    if budget_round is not None:
        return exchange.election(_envelope(budget_round, rest), unit=settings.in_english("DISTRICT_NAME"))
    return read(trial_queries.file_of(trial_queries.by_slug(rest if first == TRIALS and slash else name).id))


def slug_of(file: Path) -> str:
    """From the name of a file, what an address may be."""
    return re.sub("[^a-z0-9]+", "-", file.stem.lower())[:60].strip("-")


def _envelope(budget_round: BudgetRound, slug: str) -> Envelope:
    if slug:
        return queries.envelope(budget_round, slug)
    if len(budget_round.envelopes) != 1:
        raise Conflict(_("배정 예산이 여럿이에요. %(names)s 가운데 하나를 적어 주세요.", names=", ".join(
            f"{budget_round.slug}/{envelope.slug}" for envelope in budget_round.envelopes)))
    return budget_round.envelopes[0]


@click.group()
def budget():
    """Budget rounds, and elections in the Pabulib format. `count` and `compare` need no site and no database."""


for command in (count, compare, import_file, export):
    budget.add_command(command)

commands = (budget,)
