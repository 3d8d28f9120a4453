"""The operator's handbook names commands, settings and addresses that there are."""

import re
import shlex
from pathlib import Path

import click
import pytest

import config
from civic_forum import cli
from civic_forum.ballots.server_settings import REQUIRED

HANDBOOK = (Path(__file__).parents[2] / "docs" / "running-a-vote.md").read_text("utf-8")
TYPED = sorted(set(re.findall(r"^ *(bin/civic-forum [^\n]+)$|`(bin/civic-forum [^`]+)`", HANDBOOK, re.M)))
COMMANDS = [line or inline for line, inline in TYPED]


@pytest.fixture(scope="module", autouse=True)
def commands():
    cli.collect()


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_command_is_there_and_takes_what_is_typed(typed):
    _program, *words = shlex.split(typed.split(" > ")[0], comments=True)
    command = cli.main
    while isinstance(command, click.Group):
        name = words.pop(0)
        assert name in command.commands, f"{name}: {sorted(command.commands)}"
        command = command.commands[name]
    context = click.Context(command, ignore_unknown_options=command.name == "verify")
    given, _left, _order = command.make_parser(context).parse_args(words)
    missing = [parameter.name for parameter in command.params if parameter.required and not given.get(parameter.name)]
    assert missing == []


def test_there_are_commands_for_everything_that_two_officials_do():
    for part in ("poll create", "poll confirm", "poll publish", "ballots head", "ballots key export", "roll import",
                 "restore", "verify"):
        assert any(part in command for command in COMMANDS), part


def test_the_settings_of_postgresql_are_those_that_are_checked():
    for name, values in REQUIRED.items():
        assert re.search(rf"{name} = '?{re.escape(values[0])}", HANDBOOK), name


def test_the_settings_of_the_site_are_there():
    known = {setting.name for setting in config.SETTINGS}
    named = set(re.findall(r"`((?:RETAIN|LEAST)_[A-Z_]+)`", HANDBOOK))
    assert named and named <= known


@pytest.mark.parametrize("named", ["세다가 멈췄을 때", "투표 중에 되돌리기"])
def test_sections_that_messages_point_to_are_there(named):
    assert re.search(rf"^#+ .*\({named}\)$", HANDBOOK, re.M)


def test_addresses_that_it_names_are_routes(sqlite_app):
    routes = {re.sub(r"<[^>]+>", "<>", str(rule)) for rule in sqlite_app.url_map.iter_rules()}
    named = re.findall(r"`(/(?:polls|votes|voting|receipts|kiosk)[^`…]*)`", HANDBOOK)
    assert named and {re.sub(r"<[^>]+>", "<>", address) for address in named} <= routes
