"""The command line: the same services as the pages. Each feature adds its own commands."""

import os
import sys

import click
from flask.cli import ScriptInfo
from sqlalchemy.exc import DatabaseError

import config
from civic_forum.app import FEATURES, create_app, module_of, no_garbage_collection
from civic_forum.platform.errors import Refusal

COMMANDS = (*FEATURES, "sample_data", "platform")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", help="The data directory; default: the setting DATA.")
@click.pass_context
def main(context: click.Context, data: str | None) -> None:
    """Run and look after a civic_forum site."""
    settings = {"DATA": data} if data else {}
    # Made by the command that needs it: help and wrong usage are answered without settings or a database.
    context.obj = ScriptInfo(create_app=lambda: create_app(config.load(**settings)), set_debug_flag=False)


@no_garbage_collection()
def collect() -> None:
    """Hang the commands of every feature below `main`."""
    for feature in COMMANDS:
        for command in getattr(module_of(feature, "cli"), "commands", ()):
            main.add_command(command)


def run() -> None:
    """Exit code 0 done, 1 refused or found wrong, 2 wrong usage."""
    os.umask(0o077)  # as civic_forum.serve
    collect()
    try:
        main(prog_name="bin/civic-forum")
    except (Refusal, config.SettingError) as refusal:
        sys.exit(str(refusal))
    except DatabaseError as trouble:
        sys.exit(f"The database cannot be used: {str(trouble.orig).splitlines()[0]}. Look at CIVIC_FORUM_DATABASE_URL "
                 "and --data; bin/civic-forum database upgrade makes the tables and brings them up to date.")
    except OSError as trouble:
        sys.exit(f"{trouble.filename or 'A file'} cannot be used: {trouble.strerror or trouble}.")


if __name__ == "__main__":
    run()
