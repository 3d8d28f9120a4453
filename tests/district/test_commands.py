"""Lists of the district set up from the command line, and settings that the machine's file had before."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from civic_forum.district import cli, queries
from civic_forum.platform.base import db
from civic_forum.platform.errors import Invalid

LISTS = {"neighbourhoods": [{"name_ko": "가산동", "name_en": "Gasan-dong"},
                            {"name_ko": "독산1동", "name_en": "Doksan 1-dong"}],
         "departments": [{"name_ko": "교통행정과", "name_en": "Traffic"}],
         "audiences": [{"name_ko": "어르신", "name_en": "Older people"}]}


@pytest.fixture
def run(app, town, tmp_path):
    def command(*arguments, given=None):
        if given is not None:
            path = tmp_path / "district.json"
            path.write_text(given if isinstance(given, str) else json.dumps(given, ensure_ascii=False), "utf-8")
            arguments = (*arguments, str(path))
        result = app.test_cli_runner().invoke(cli.district, list(arguments))
        db.session.rollback()
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output

    return command


def test_a_new_district_gets_its_lists_in_their_order(run):
    assert run("add", given=LISTS) == "neighbourhoods: 2 added, departments: 1 added, audiences: 1 added\n"
    assert [place.name_ko for place in queries.neighbourhoods()] == ["가산동", "독산1동"]


def test_only_what_is_missing_is_added(run):
    run("add", given=LISTS)
    more = {"departments": [*LISTS["departments"], {"name_ko": "복지정책과", "name_en": "Welfare"}]}
    assert run("add", given=more) == "neighbourhoods: 0 added, departments: 1 added, audiences: 0 added\n"
    assert [one.name_ko for one in queries.departments()] == ["교통행정과", "복지정책과"]


@pytest.mark.both
def test_an_english_name_is_corrected_by_a_later_list(run):
    run("add", given=LISTS)
    run("add", given={"departments": [{"name_ko": "교통행정과", "name_en": "Transport"}]})
    assert [(one.name_ko, one.words["en"]) for one in queries.departments()] == [("교통행정과", "Transport")]


@pytest.mark.both
def test_a_listed_rule_can_be_read_again(run):
    run("add", given=LISTS)
    assert json.loads(run("list", "--json")) == LISTS
    assert "departments\t교통행정과\tTraffic\n" in run("list")


@pytest.mark.parametrize("given, sentence", [
    ("{", "is not JSON"), ([], "must be an object"), ({"streets": []}, "must be an object"),
    ({"audiences": {}}, "must be a list"), ({"audiences": ["어르신"]}, "needs a name_ko"),
    ({"audiences": [{"name_ko": "어르신"}]}, "needs a name_ko"),
    ({"audiences": [{"name_ko": "", "name_en": "x"}]}, "1 to 60"),
    ({"audiences": [{"name_ko": "가", "name_en": 7}]}, "1 to 80"), ({"audiences": LISTS["audiences"] * 2}, "twice")])
def test_a_file_that_is_no_such_list_changes_nothing(run, given, sentence):
    with pytest.raises(Invalid, match=sentence):
        run("add", given=given)
    assert queries.audiences() == []


@pytest.mark.in_turns(of=10)
def test_a_file_of_settings_from_before_is_taken_over_at_the_upgrade(tmp_path):
    root = Path(__file__).resolve().parents[2]
    file = tmp_path / "settings"
    file.write_text("SUPPORT_THRESHOLD=35\nSITE_NAME=한빛마을\n", "utf-8")
    environ = os.environ | {"CIVIC_FORUM_DATA": str(tmp_path / "data"), "CIVIC_FORUM_SETTINGS": str(file),
                            "CIVIC_FORUM_SECRET_KEY": "only for the tests " * 3}
    reading = ("from civic_forum.app import make_app; from civic_forum.platform import settings\n"
               "with make_app().app_context(): print(settings.value('SUPPORT_THRESHOLD'), settings.value('SITE_NAME'))")
    for _start in range(2):
        started = subprocess.run([sys.executable, "-m", "civic_forum.preparation", "--empty"], cwd=root, env=environ,
                                 capture_output=True, text=True, timeout=120)
        assert started.returncode == 0, started.stderr
    assert "CIVIC_FORUM_SUPPORT_THRESHOLD counts no more" in started.stderr
    file.write_text("SUPPORT_THRESHOLD=60\n", "utf-8")
    read = subprocess.run([sys.executable, "-c", reading], cwd=root, env=environ, capture_output=True, text=True,
                          timeout=120)
    assert read.stdout.split() == ["35", "한빛마을"], read.stderr
