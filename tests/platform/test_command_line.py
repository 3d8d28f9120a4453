"""The command line as an operator meets it: help at once, sentences instead of traces."""

import os
import subprocess
import sys

import click
import pytest

import config
from civic_forum import cli
from civic_forum.app import FEATURES, module_of
from tests.servers import forks

COMMANDS = ["backup", "backup-key new", "restore", "retention", "database upgrade", "database check", "district add",
            "district list", "sample-data load", "user create", "user grant", "user list", "user remove-second-factor"]


@pytest.fixture
def command(tmp_path):
    """Runs a command on a data directory that nobody has made yet, as on a real site."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(config.PREFIX)}

    def run(*arguments, **settings):
        given = {f"{config.PREFIX}{name}": str(value) for name, value in settings.items()}
        return forks.Command(["--data", tmp_path / "data", *arguments], kept | given, config.ROOT).ended()

    return run


def test_the_command_line_lists_every_command(command):
    listed = command("--help").stdout
    assert all(f"\n  {name.split()[0]} " in listed for name in COMMANDS)


@pytest.mark.in_turns(of=5)
def test_help_and_wrong_usage_need_no_settings(command):
    assert command("user", "grant", "--help").returncode == 0
    for wrong in (["user", "grant"], ["user", "grant", "somebody", "king"], ["nothing"], ["backup"]):
        answer = command(*wrong)
        assert answer.returncode == 2 and "Error:" in answer.stderr and "Traceback" not in answer.stderr


def test_a_site_without_its_secret_key_is_refused_in_a_sentence(command):
    answer = command("user", "list")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr == "CIVIC_FORUM_SECRET_KEY is missing: set it to a long random text and keep it.\n"


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("arguments", [["user", "list"], ["database", "check"], ["retention"], ["district", "list"]])
def test_a_database_that_is_not_there_is_a_sentence(command, arguments):
    answer = command(*arguments, SECRET_KEY="long enough for a real site")
    assert answer.returncode == 1 and answer.stderr.count("\n") == 1
    assert answer.stderr.startswith("The database cannot be used: unable to open database file.")


@pytest.mark.in_turns(of=10)
def test_a_site_starts_from_the_command_line_alone(command):
    assert command("database", "upgrade", SECRET_KEY="long enough for a real site").returncode == 0
    assert command("database", "check", SECRET_KEY="long enough for a real site").returncode == 0
    assert command("user", "list", "--json", SECRET_KEY="long enough for a real site").stdout == "[]\n"


def test_every_command_of_a_feature_is_listed_with_the_beginning_of_its_help():
    features = [module_of(feature, "cli") for feature in (*FEATURES, "sample_data", "platform")]
    there = {command.name: command.help for feature in features for command in getattr(feature, "commands", ())}
    assert there.keys() == cli.COMMANDS.keys()
    for name, (feature, sentence) in cli.COMMANDS.items():
        assert " ".join(there[name].split()).startswith(sentence.rstrip("."))
        assert there[name] == cli.main.get_command(click.Context(cli.main), name).help, feature


def test_help_imports_nothing_of_the_site(command):
    code = ("import sys; from civic_forum import cli; sys.argv[1:] = ['--help']\n"
            "try: cli.run()\nfinally: print({name.split('.')[0] for name in sys.modules} & {'flask', 'sqlalchemy'})")
    asked = subprocess.run([sys.executable, "-c", code], cwd=config.ROOT, capture_output=True, text=True)
    assert asked.stdout.endswith("set()\n"), asked
