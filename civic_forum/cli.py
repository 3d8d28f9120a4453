"""The command line: the same services as the pages. Each feature adds its own commands."""

import json
import sys
from importlib import import_module

import click

import config
from civic_forum.app import FEATURES, create_app
from civic_forum.kernel.errors import Refusal

COMMANDS = (*FEATURES, "sample_data", "kernel")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", help="The data directory; default: the setting DATA.")
@click.pass_context
def main(context: click.Context, data: str | None) -> None:
    """Run and look after a civic_forum site."""
    given = {"DATA": data} if data else {}
    app = create_app(config.load(**given))
    context.obj = app
    context.with_resource(app.app_context())


def collect() -> None:
    """Hang the commands of every feature below `main`."""
    for feature in COMMANDS:
        name = f"civic_forum.{feature}.cli"
        try:
            module = import_module(name)
        except ModuleNotFoundError as missing:
            if missing.name not in (name, f"civic_forum.{feature}"):
                raise
            continue
        for command in module.commands:
            main.add_command(command)


def say(data: object, as_json: bool, text: str) -> None:
    """Print the result of a command for people, or for programs."""
    click.echo(json.dumps(data, ensure_ascii=False, default=str) if as_json else text)


def run() -> None:
    """Exit code 0 done, 1 refused or found wrong, 2 wrong usage."""
    collect()
    try:
        main(prog_name="bin/civic-forum")
    except (Refusal, config.SettingError) as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    run()
