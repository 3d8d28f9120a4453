"""bin/civic-forum opinions compute, and what it loads."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from civic_forum.opinions.cli import opinions
from civic_forum.opinions.formats import polis_writing
from civic_forum.opinions.formats.polis import Comment, Conversation
from civic_forum.opinions.mapping import Matrix
from civic_forum.platform.errors import Refusal

from . import slow

KEYS = {"participants", "statements", "grouped", "k", "silhouette", "center", "components", "explained", "projection",
        "groups", "counts", "gic", "extremity", "priority", "representative", "majority"}


@pytest.fixture
def folder(tmp_path):
    triples = slow.made(60, 10)
    given = Conversation(Matrix.of(triples), tuple(Comment(str(n), f"의견 {n}", moderated=-1 if n == 4 else 1)
                                                   for n in range(10)), {f"p{n}": "xy"[n % 2] for n in range(50)})
    for name, chunks in polis_writing.files(given).items():
        (tmp_path / name).write_bytes(b"".join(chunks))
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(opinions, ["compute", *map(str, arguments)])


def test_json_has_every_key_of_the_contract(folder):
    found = json.loads(run(folder, "--json").stdout)
    assert KEYS <= set(found) and found["participants"] == 60 and found["statements"] == 10
    assert found["center"]["4"] == 0 and len(found["components"][0]) == 10
    assert all(len(cell) == 3 for cell in found["counts"]["0"].values())


def test_published_groups_keep_their_names(folder):
    found = json.loads(run(folder, "--groups", "published", "--json").stdout)
    assert (found["k"], set(found["counts"]), found["grouped"]) == (2, {"x", "y"}, 50)
    assert found["groups"]["p3"] == "y" and "p55" not in found["groups"]
    assert set(found["silhouette"]) == {"2", "3", "4"}


def test_a_number_of_groups_is_forced(folder):
    assert json.loads(run(folder, "--k", "4", "--json").stdout)["k"] == 4
    assert run(folder, "--k", "0").exit_code == 2


def test_words_name_groups_and_statements(folder):
    said = run(folder).stdout
    assert "60 participants, 10 statements" in said and "Group 0" in said and "의견" in said


def test_a_wrong_file_is_refused_in_one_sentence(folder):
    (folder / "comments.csv").write_text("comment-id\n1\n1\n")
    refused = run(folder).exception
    assert isinstance(refused, Refusal) and str(refused) == "comments.csv, line 3: says 1 a second time."
    (folder / "participants-votes.csv").write_text("participant,1\n1,1\n")
    (folder / "comments.csv").unlink()
    assert isinstance(run(folder, "--groups", "published").exception, Refusal)


@pytest.mark.in_turns(of=10)
def test_the_site_loads_no_numerical_library():
    code = ("import sys; from civic_forum import app, cli; from civic_forum.opinions.formats import polis_writing; "
            "cli.collect(); [app.module_of(one, name) for one in app.FEATURES for name in app.MODULES]; "
            "print([one for one in ('scipy', 'sklearn', 'threadpoolctl') if one in sys.modules])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
