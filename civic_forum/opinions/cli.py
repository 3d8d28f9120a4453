"""Consultations from the command line: bin/civic-forum opinions …"""

import json
from dataclasses import replace
from pathlib import Path

import click
from flask.cli import with_appcontext

from civic_forum.ballots.terminal import by_option, json_option, person, say
from civic_forum.platform.base import db
from civic_forum.platform.errors import Refusal

from . import exchange, queries
from .formats import polis, publication
from .formats.faults import Fault, Unreadable
from .mapping import Map, compute
from .models import Consultation

SIGNS = {"kept": False, "turned": True}


@click.group()
def opinions() -> None:
    """Consultations and their maps of opinions."""


@opinions.command(name="compute")
@click.argument("path", type=click.Path(exists=True, path_type=Path), metavar="DIR|FILE")
@click.option("--groups", type=click.Choice(["published"]), help="Take the groups of the file instead of finding them.")
@click.option("--k", type=click.IntRange(1, 100), help="Number of groups.")
@click.option("--signs", type=click.Choice(list(SIGNS)),
              help="Keep signs (1 agrees), or turn them (-1 agrees). Asked for where the file leaves doubt.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def compute_map(path: Path, groups: str | None, k: int | None, signs: str | None, as_json: bool) -> None:
    """Compute the map of a folder of Polis CSV files (participants-votes.csv and comments.csv) or of a publication.

    Needs neither database nor settings. Figures are neither rounded nor suppressed.
    """
    try:
        conversation = polis.read(path, SIGNS.get(signs or "")) if path.is_dir() else publication.read(path)
        if groups and not conversation.groups:
            raise Refusal(f"{path} says of nobody in which group they are.")
        settings = replace(conversation.settings, k=k or conversation.settings.k,
                           groups=conversation.groups if groups else None)
        opinion_map = compute(conversation.matrix, conversation.statements(), settings)
    except Unreadable as wrong:
        hint = " (--signs kept, or --signs turned)" if wrong.fault is Fault.REVERSED else ""
        raise Refusal(f"{wrong}{hint}") from wrong
    if as_json:
        click.echo(json.dumps(opinion_map.contract(), ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(opinion_map, {comment.id: comment.body for comment in conversation.comments})))


@opinions.command(name="import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--title", required=True, help="Of the consultation.")
@click.option("--question", default="", help="What was asked; the title where none is given.")
@click.option("--signs", type=click.Choice(list(SIGNS)), help="As for compute.")
@by_option
@json_option
@with_appcontext
def import_files(folder: Path, title: str, question: str, signs: str | None, by: str, as_json: bool) -> None:
    """Make a consultation that is over from a folder of Polis CSV files; all of it or nothing."""
    try:
        conversation = polis.read(folder, SIGNS.get(signs or ""))
    except Unreadable as wrong:
        raise Refusal(str(wrong)) from wrong
    made = exchange.bring(conversation, title, question, by=person(by))
    say({"id": made.id, "slug": made.slug}, [f"Made {made.slug} ({made.id})."], as_json)


@opinions.command(name="export")
@click.argument("consultation_id", type=int, metavar="ID")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@with_appcontext
def export_files(consultation_id: int, folder: Path) -> None:
    """Write the Polis CSV files of a consultation that is over and published its answers, into a new folder."""
    if db.session.get(Consultation, consultation_id) is None:
        raise queries.missing()
    written = exchange.files(consultation_id)
    folder.mkdir(parents=True, exist_ok=False)
    for name, chunks in written.items():
        (folder / name).write_bytes(b"".join(chunks))
    click.echo(f"Wrote {', '.join(written)}.")


def _lines(opinion_map: Map, bodies: dict[str, str]) -> list[str]:
    """Map in words."""
    def line(statement: str) -> str:
        return f"{statement}\t{' '.join(bodies.get(statement, '').split())[:100]}"

    out = [f"{opinion_map.participants} participants, {opinion_map.statements} statements, "
           f"{opinion_map.grouped} grouped."]
    if not opinion_map.clear:
        out.append("No clear groups.")
    for group, listed in opinion_map.representative.items():
        members = sum(name == group for name in opinion_map.groups.values())
        out += ["", f"Group {group}: {members}", *(f"  {way}\t{line(statement)}" for statement, way in listed)]
    for way, listed in opinion_map.majority.items():
        out += ["", f"Most {way}:", *(f"  {line(statement)}" for statement in listed)]
    return out


commands = (opinions,)
