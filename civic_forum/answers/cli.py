"""Duties to answer from the command line: bin/civic-forum answers …"""

import click
from flask.cli import with_appcontext

from .services import cases


@click.group()
def answers():
    """The clocks on the duty to answer."""


@answers.command()
@with_appcontext
def reckon():
    """Reckon every last day anew, after HOLIDAYS was changed."""
    click.echo(f"{cases.reckon()} last days moved.")


commands = (answers,)
