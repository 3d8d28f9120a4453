"""bin/civic-forum budget count and compare: on any file, without a site."""

import json
import os

import pytest
from click.testing import CliRunner

import config
from civic_forum.budgets import cli
from civic_forum.platform.errors import Refusal
from tests.budgets.pabulib.texts import text
from tests.servers import forks

WORKED = text(
    meta={"num_projects": "5", "num_votes": "11", "budget": "1100"},
    projects=("project_id;cost;name", "bike;700;Bike path", "gym;400;Gym", "park;250;Park", "play;200;Play",
              "lib;100;Lib"),
    votes=("voter_id;vote", "0;bike,gym", "1;bike,gym,park", "2;bike,gym", "3;bike,gym,park", "4;bike,gym,park",
           "5;bike,gym", "6;park,play,lib", "7;play", "8;play,lib", "9;park,play,lib", "10;bike"))
"""The example of equalshares.net."""


@pytest.fixture
def run(tmp_path):
    path = tmp_path / "election.pb"

    def command(name, *arguments, whole=WORKED, code=0, as_json=True):
        path.write_text(whole, "utf-8")
        given = [name, str(path), *arguments, *["--json"] * as_json]
        result = CliRunner().invoke(cli.budget, given)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return json.loads(result.output) if as_json else result.output

    return command


@pytest.mark.parametrize(("rule", "column"), [("greedy", "받은 점수"), ("equal-shares", "표")])
def test_points_are_called_points_where_they_are_added_up(run, rule, column):
    whole = text(meta={"vote_type": "cumulative"}, votes=("voter_id;vote;points", "a;1,2;5,1", "b;1;2", "c;2;1", "d;;"))
    header = run("count", "--rule", rule, whole=whole, as_json=False).splitlines()[5].split("  ")
    assert column in header


def test_a_file_that_says_what_a_committee_chose_is_counted_by_both(run):
    projects = ("project_id;cost;committee_votes", "1;60;0", "2;40;3", "P/3;50;3")
    whole = text(meta={"committee_ballots": "3"}, projects=projects)
    assert run("count", "--rule", "weighted", "--share", "ballots", whole=whole)["selected"] == ["2", "P/3"]
    assert {"weighted-marks", "weighted-ballots"} <= set(run("compare", whole=whole)["rules"])


@pytest.mark.parametrize("flags, selected", [
    (["--rule", "greedy"], ["bike", "gym"]),
    (["--rule", "greedy", "--no-skip"], ["bike", "gym"]),
    (["--rule", "greedy", "--order", "votes-per-cost"], ["lib", "play", "park", "gym"]),
    (["--rule", "greedy", "--threshold", "7"], ["bike"]),
    (["--rule", "equal-shares"], ["bike", "play", "lib"]),
    (["--rule", "equal-shares", "--utility", "cardinality"], ["lib", "play", "gym"]),
])
def test_the_flags_say_how_a_file_is_counted(run, flags, selected):
    counted = run("count", *flags)
    assert counted["selected"] == selected and counted["rule"] == flags[1]
    assert (counted["budget"], counted["voters"]) == ("1100", 11)
    assert [one["project"] for one in counted["rounds"]] == selected
    assert {one["project"] for one in counted["not_selected"]} == {"bike", "gym", "park", "play", "lib"} - set(selected)


def test_shares_are_exact_fractions(run):
    first = run("count", "--rule", "equal-shares")["rounds"][0]
    assert (first["project"], first["payment_per_supporter"], first["effective_votes"]) == ("bike", "100", "7")


def test_money_left_over_is_filled_by_greedy_where_that_is_said(run):
    plain = run("count", "--rule", "equal-shares", "--utility", "cardinality", "--completion", "add1", "--step", "0.5")
    filled = run("count", "--rule", "equal-shares", "--utility", "cardinality", "--completion", "add1", "--step", "0.5",
                 "--fill", "greedy")
    assert plain["rules"]["step"] == "1/2" and filled["rules"]["fill"] == "greedy"
    assert filled["selected"][:len(plain["selected"])] == plain["selected"]


def test_people_read_a_table_with_names(run):
    said = run("count", "--rule", "greedy", as_json=False)
    assert "서울 금천구 주민참여예산" in said and "Bike path" in said and "뽑히지 않은 사업" in said
    lines = said.splitlines()
    assert [line.split()[1] for line in lines if line.strip()[:1] in "12" and line.strip()] == ["bike", "gym"]


def test_rules_are_compared_side_by_side(run):
    compared = run("compare")
    assert compared["rules"]["greedy"]["selected"] == ["bike", "gym"]
    assert compared["rules"]["shares"]["selected"] == ["bike", "play", "lib"]
    assert compared["rules"]["greedy"]["voters_with_a_funded_choice"] == 7
    assert compared["rules"]["shares"]["voters_with_a_funded_choice"] == 11
    assert run("compare", "--step", "1/4")["rules"]["shares-add1"]["rules"]["step"] == "1/4"
    assert "균등 몫" in run("compare", as_json=False)


@pytest.mark.parametrize("flags", [[], ["--rule", "best"], ["--rule", "greedy", "--completion", "add1"],
                                   ["--rule", "equal-shares", "--step", "0"], ["--rule", "equal-shares", "--step", "x"],
                                   ["--rule", "equal-shares", "--step", "1/0"],
                                   ["--rule", "greedy", "--threshold", "-1"]])
def test_wrong_usage_ends_with_two(run, flags):
    run("count", *flags, as_json=False, code=2)


def test_a_faulty_file_is_refused_with_its_line(run):
    with pytest.raises(Refusal, match="21번째 줄"):
        run("count", "--rule", "greedy", whole=text(votes=("voter_id;vote", "a;9", "b;", "c;", "d;")))


def test_the_weighted_rule_needs_a_committee(run):
    with pytest.raises(Refusal, match="위원회"):
        run("count", "--rule", "weighted")


def test_a_terminal_is_not_told_what_to_do(run):
    hostile = WORKED.replace("Bike path", "\x1b[2Jgone").replace("서울", "\x1b]0\x07서울")
    assert "\x1b" not in run("count", "--rule", "greedy", whole=hostile, as_json=False)


def command_line(tmp_path, *arguments):
    """As anybody runs it, on a machine that has neither a database nor a data directory of a site."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CIVIC_FORUM_")}
    environment |= {"CIVIC_FORUM_DATA": str(tmp_path / "nowhere"), "PYTHONPATH": str(config.ROOT),
                    "CIVIC_FORUM_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}
    return forks.Command(["budget", *arguments], environment, tmp_path).ended()


@pytest.mark.in_turns(of=10)
def test_nothing_but_the_file_is_needed(tmp_path):
    path = tmp_path / "election.pb"
    path.write_text(WORKED, "utf-8")
    done = command_line(tmp_path, "count", path, "--rule", "equal-shares", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["selected"] == ["bike", "play", "lib"]
    path.write_text(text(meta={"budget": "much"}), "utf-8")
    done = command_line(tmp_path, "compare", path)
    assert done.returncode == 1 and "번째 줄" in done.stderr and done.stdout == ""
    assert command_line(tmp_path, "count", path, "--rule", "none").returncode == 2
    assert not (tmp_path / "nowhere").exists()
