"""Loading the sample district, and many more rows for measuring."""

import click
from flask import current_app
from flask.cli import with_appcontext

from civic_forum.platform.errors import Conflict

from . import loader, password, people, scale


@click.group("sample-data")
def sample_data():
    """The sample district (예시 데이터)."""


@sample_data.command()
@click.option("--scale", "count", type=click.IntRange(1, 1_000_000), help="Add so many proposals for measuring.")
@with_appcontext
def load(count: int | None):
    """Load the sample district into an empty database; with --scale N, add N proposals to it."""
    if not current_app.config["SAMPLE"]:
        raise Conflict("This data directory is not marked as a sample; its people are real.")
    if count is None or not loader.is_loaded():
        loader.load(password.of(current_app.config["DATA"]))
        click.echo("Loaded the sample district.")
    if count is not None:
        scale.add(count, people.read("proposals"), people.read("comments"))
        click.echo(f"Added {count:,} proposals, {count * scale.COMMENTS_EACH:,} comments.")


commands = (sample_data,)
