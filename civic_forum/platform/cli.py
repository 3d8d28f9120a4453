"""Commands on the database and its copies."""

import os
from pathlib import Path
from typing import BinaryIO

import click
from flask import current_app
from flask.cli import with_appcontext

from . import audit_chain, backups, encrypted_archives, jobs, key_files, migrations
from .errors import Refusal

LONGEST_IDENTITY = 1 << 16


@click.group()
def database():
    """The database and its revisions."""


@database.command()
@with_appcontext
def upgrade():
    """Make the database if there is none, and bring it to the newest revision."""
    Path(current_app.config["DATA"]).mkdir(mode=0o700, parents=True, exist_ok=True)
    migrations.upgrade()
    click.echo("The database is at the newest revision.")


@database.command()
@with_appcontext
def check():
    """Say whether tables and models agree; exit code 1 if not."""
    if differences := migrations.differences():
        raise Refusal(f"{len(differences)} differences between tables and models, the first: {differences[0]}")
    click.echo("Tables and models agree.")


@click.command()
@click.argument("directory", type=click.Path(file_okay=False))
@with_appcontext
def backup(directory: str):
    """Copy database and uploads into an empty DIRECTORY, also while the site is being written to; encrypted for the
    BACKUP_RECIPIENTS of the settings."""
    backups.backup(directory)
    click.echo(f"Backed up to {directory}.")


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False))
@click.option("--identity", type=click.File("rb"), metavar="FILE",
              help="The private key that opens an encrypted backup; - reads it from the standard input.")
@with_appcontext
def restore(directory: str, identity: BinaryIO | None):
    """Bring back what `backup` wrote to DIRECTORY. The site must not be running."""
    notes = backups.restore(directory, identity and identity.read(LONGEST_IDENTITY))
    click.echo(f"Restored from {directory}.")
    for note in notes:
        click.echo(note, err=True)


@click.group("backup-key")
def backup_key():
    """Keys that open encrypted backups. They need no site, and none belongs on its server."""


@backup_key.command("new")
@click.argument("file", type=click.Path(dir_okay=False))
def new_backup_key(file: str):
    """Write a new private key into FILE and print its public key, for BACKUP_RECIPIENTS."""
    written, public = encrypted_archives.new_identity()
    try:
        opened = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise Refusal(f"{file} is there already.") from None
    with os.fdopen(opened, "w") as key:
        key.write(written)
    click.echo(public)


@click.command("retention")
@with_appcontext
def retention():
    """Throw away now what is older than the settings allow."""
    migrations.current()  # no database: one sentence, rather than one trace for each rule
    for name, count in jobs.enforce_retention(current_app._get_current_object()).items():
        click.echo(f"{name}: {count}")


@click.group()
def audit():
    """The chain over the audit log."""


@audit.command("check")
@with_appcontext
def check_audit():
    """Say which entries were changed, are missing or were put in; exit code 1 if any."""
    faults = 0
    for fault in audit_chain.faults():
        faults += 1
        click.echo(fault)
    if faults:
        raise Refusal(f"The audit log is not as it was written; faults: {faults}.")
    linked, waiting, bare = audit_chain.counts()
    click.echo(f"{linked} entries follow each other; {waiting} wait to be linked, {bare} without their details.")


@click.group("keys")
def keys_():
    """The keys directory: which keys there are, and new ones."""


@keys_.command("list")
@with_appcontext
def list_keys():
    """Kind, number and day of every key; never a key itself."""
    for name, kind in sorted(key_files.KINDS.items()):
        for number in kind.numbers():
            since = kind.since(number)
            origin = f"since {since:%Y-%m-%d %H:%M} UTC" if since else "of the settings"
            click.echo(f"{name} {number}  {origin}{'  newest' if number == kind.numbers()[-1] else ''}")


@keys_.command("rotate")
@click.argument("kind", type=click.Choice(("session", "master", "signing")))
@with_appcontext
def rotate_key(kind: str):
    """Make a new key, which everything new is signed, sealed or hashed with, also while the site is running. Earlier
    ones stay: never delete one of them."""
    migrations.current()  # no database: one sentence
    made = key_files.rotate(kind)
    click.echo(f"{kind} {made} is the newest now. Copy the keys directory to where its copies are kept.")


commands = (audit, database, backup, backup_key, keys_, restore, retention)
