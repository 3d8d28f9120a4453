"""The lists of the district from the command line: bin/civic-forum district …"""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from civic_forum.platform import plain_text
from civic_forum.platform.errors import Invalid
from civic_forum.platform.i18n import OTHERS

from . import queries, services

LISTS = {"neighbourhoods": queries.neighbourhoods, "departments": queries.departments, "audiences": queries.audiences}
LONGEST = {"name_ko": 60} | {f"name_{words}": 80 for words in OTHERS}
NEEDED = {"name_ko", "name_en"}


@click.group()
def district():
    """Neighbourhoods, departments and the groups that proposals serve."""


@district.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def add(file: Path):
    """Add what FILE lists and the district does not have yet.

    FILE is JSON: {"neighbourhoods": [{"name_ko": …, "name_en": …, "name_zh": …}, …], "departments": […],
    "audiences": […]}.
    """
    lists = _read(file)
    before = {name: len(listed()) for name, listed in LISTS.items()}
    services.set_up(**lists, by=None)
    click.echo(", ".join(f"{name}: {len(listed()) - before[name]} added" for name, listed in LISTS.items()))


@district.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="For programs, and in the form that `add` reads.")
@with_appcontext
def show(as_json: bool):
    """Neighbourhoods, departments and audiences, in the order of the pages."""
    lists = {name: [{"name_ko": record.name_ko, "name_en": record.words.get("en") or record.name_ko} | {
        f"name_{code}": text for code, text in record.words.items() if code in OTHERS} for record in listed()]
             for name, listed in LISTS.items()}
    if as_json:
        click.echo(json.dumps(lists, ensure_ascii=False))
        return
    for name, entries in lists.items():
        for entry in entries:
            click.echo("\t".join((name, *entry.values())))


def _read(file: Path) -> dict[str, list[dict[str, str]]]:
    try:
        lists = json.loads(file.read_text("utf-8"))
    except ValueError as wrong:
        raise Invalid(f"{file} is not JSON in UTF-8: {wrong}.") from wrong
    if not isinstance(lists, dict) or not lists.keys() <= LISTS.keys():
        raise Invalid(f"{file} must be an object with the lists {', '.join(LISTS)}.")
    return {name: _names(name, lists.get(name, [])) for name in LISTS}


def _names(name: str, entries: object) -> list[dict[str, str]]:
    if not isinstance(entries, list):
        raise Invalid(f"{name} must be a list.")
    names = [_entry(name, entry) for entry in entries]
    if len({entry["name_ko"] for entry in names}) < len(names):
        raise Invalid(f"{name} has the same name_ko twice.")
    return names


def _entry(name: str, entry: object) -> dict[str, str]:
    if not isinstance(entry, dict) or not NEEDED <= entry.keys() <= LONGEST.keys():
        raise Invalid(f"Every entry of {name} needs a name_ko and a name_en, and nothing else.")
    cleaned = {key: plain_text.clean(text) if isinstance(text, str) else "" for key, text in entry.items()}
    for key, text in cleaned.items():
        if not 1 <= len(text) <= LONGEST[key]:
            raise Invalid(f"{name}: a {key} has 1 to {LONGEST[key]} characters.")
    return cleaned


commands = (district,)
