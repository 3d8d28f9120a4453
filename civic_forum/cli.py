"""The command line: the same services as the pages. Each feature adds its own commands."""

import os
import sys
from importlib import import_module

import click

import config
from civic_forum.platform.spared import no_garbage_collection

COMMANDS = {
    "answers": ("answers", "The clocks on the duty to answer."),
    "audit": ("platform", "The chain over the audit log."),
    "backup": ("platform", "Copy database and uploads into an empty DIRECTORY."),
    "backup-key": ("platform", "Keys that open encrypted backups."),
    "ballots": ("ballots", "Boxes, their heads, proofs and keys."),
    "budget": ("budgets", "Budget rounds, and elections in the Pabulib format."),
    "database": ("platform", "The database and its revisions."),
    "district": ("district", "Neighbourhoods, departments and the groups that proposals serve."),
    "first-links": ("accounts", "Make the links by which the first two administrators open their accounts."),
    "keys": ("platform", "The keys directory: which keys there are, and new ones."),
    "opinions": ("opinions", "Consultations and their maps of opinions."),
    "poll": ("polls", "Votes."),
    "restore": ("platform", "Bring back what `backup` wrote to DIRECTORY."),
    "retention": ("platform", "Throw away now what is older than the settings allow."),
    "roll": ("ballots", "Electoral rolls: who may vote."),
    "sample-data": ("sample_data", "The sample district (예시 데이터)."),
    "user": ("accounts", "Accounts and their roles."),
    "verify": ("ballots", "Check a published record, exactly as anybody can with verifier/verify.py."),
}
"""The feature that a command is of, and how its help begins."""


class Commands(click.Group):
    """Commands of which only that is imported which is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    @no_garbage_collection()
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            for command in import_module(f"civic_forum.{COMMANDS[cmd_name][0]}.cli").commands:
                self.add_command(command)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_feature, sentence) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", help="The data directory; default: the setting DATA.")
@click.pass_context
def main(context: click.Context, data: str | None) -> None:
    """Run and look after a civic_forum site."""
    from flask.cli import ScriptInfo

    def create_app():
        from civic_forum import app
        return app.create_app(config.load(**{"DATA": data} if data else {}))

    # Made by the command that needs it: help and wrong usage are answered without settings or a database.
    context.obj = ScriptInfo(create_app=create_app, set_debug_flag=False)


def collect() -> None:
    """Import the commands of every feature."""
    for name in COMMANDS:
        main.get_command(click.Context(main), name)


def run() -> None:
    """Exit code 0 done, 1 refused or found wrong, 2 wrong usage."""
    os.umask(0o077)  # as civic_forum.serve
    try:
        main(prog_name="bin/civic-forum")
    except Exception as trouble:
        if sentence := _why(trouble):
            sys.exit(sentence)
        raise


def _why(trouble: Exception) -> str | None:
    """The sentence for trouble that a person can end."""
    from sqlalchemy.exc import DatabaseError

    from civic_forum.platform.errors import Refusal
    if isinstance(trouble, (Refusal, config.SettingError)):
        return str(trouble)
    if isinstance(trouble, DatabaseError):
        return (f"The database cannot be used: {str(trouble.orig).splitlines()[0]}. Look at CIVIC_FORUM_DATABASE_URL "
                "and --data; bin/civic-forum database upgrade makes the tables and brings them up to date.")
    if isinstance(trouble, OSError):
        return f"{trouble.filename or 'A file'} cannot be used: {trouble.strerror or trouble}."
    return None


if __name__ == "__main__":
    run()
