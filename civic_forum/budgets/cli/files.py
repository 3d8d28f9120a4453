"""Elections in and out of the site as Pabulib files."""

import os
import re
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from civic_forum.ballots.terminal import by_option, json_option, person, say
from civic_forum.platform.errors import Conflict
from civic_forum.platform.i18n import _

from ..formats.pabulib.making import write
from ..formats.pabulib.parsing import PabulibFile, read
from .. import queries as records
from ..models import BudgetRound, Envelope
from ..results import exchange
from ..trials import queries as trial_queries
from ..trials import services as trials
from ..trials.rules import LARGEST_FILE

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
    said = {"trial": trial.slug, "title": trial.title, "sha256": trial.sha256.hex(), "step": trial.step,
            "counted": trial.counted_at is not None}
    say(said, [f"Made {trial.slug}." + ("" if trial.counted_at else " The worker counts it now.")], as_json)


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
    found = _election(name)
    if file.exists():
        raise Conflict(_("%(file)s 파일이 이미 있어요.", file=str(file)))
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666), "wb") as target:
        target.write(write(found))
    said = {"name": name, "file": str(file), "projects": len(found.costs), "ballots": len(found.ballots)}
    say(said, [f"Written to {file}: {len(found.costs)} projects, " + (
        f"{len(found.ballots)} ballots." if found.ballots else "no ballots.")], as_json)


def _election(name: str) -> PabulibFile:
    first, slash, rest = name.partition("/")
    budget_round = None if (first, slash) == (TRIALS, "/") else records.slugged(first)
    if budget_round is not None:
        return exchange.election(_envelope(budget_round, rest), unit=current_app.config["DISTRICT_NAME_EN"])
    trial = trial_queries.by_slug(rest if first == TRIALS and slash else name)
    return read(trial_queries.file_of(trial.id))


def slug_of(file: Path) -> str:
    """From the name of a file, what an address may be."""
    return re.sub("[^a-z0-9]+", "-", file.stem.lower())[:60].strip("-")


def _envelope(budget_round: BudgetRound, slug: str) -> Envelope:
    if slug:
        return records.envelope(budget_round, slug)
    if len(budget_round.envelopes) != 1:
        raise Conflict(_("배정 예산이 여럿이에요. %(names)s 가운데 하나를 적어 주세요.",
                         names=", ".join(f"{budget_round.slug}/{one.slug}" for one in budget_round.envelopes)))
    return budget_round.envelopes[0]
