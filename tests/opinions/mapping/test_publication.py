"""Publications: nothing small follows from one, or from several, and others come to the same figures."""

import importlib.util
import json
import random
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from civic_forum.opinions.formats import publication
from civic_forum.opinions.formats.faults import Unreadable
from civic_forum.opinions.formats.publication import Text
from civic_forum.opinions.formats.suppression import Shown, held, remembered, shown_sizes, suppressed
from civic_forum.opinions.mapping import Matrix, Settings, Statement, compute

from . import slow

VERIFIER = Path(__file__).parents[3] / "verifier" / "opinions.py"
TRIPLES = slow.made(150, 20, density=0.5)
MATRIX = Matrix.of(TRIPLES)
STATEMENTS = [Statement("3", taken_out=True), Statement("5", meta=True)]
FOUND = compute(MATRIX, STATEMENTS)
TEXTS = [Text(str(n), f"의견 {n}", taken_out=n == 3, meta=n == 5) for n in range(20)]
CELL = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)).map(lambda one: (one[0], one[1], sum(one)))


def as_read(**given):
    return json.loads(json.dumps(publication.make(FOUND, TEXTS, Settings(), **given), allow_nan=False))


def less(total, cells):
    return tuple(one - sum(parts) for one, *parts in zip(total, *cells))


def distance(one, other):
    apart = [(a, d, s - a - d) for a, d, s in (one, other)]
    return sum(abs(a - b) for a, b in zip(*apart))


def verified(data, tmp_path, *options):
    file = tmp_path / "publication.json"
    file.write_text(json.dumps(data))
    return subprocess.run([sys.executable, "-I", str(VERIFIER), str(file), *options], capture_output=True, text=True)


def checked(data):
    spec = importlib.util.spec_from_file_location("opinions_verifier", VERIFIER)
    verifier = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(verifier)
    return verifier.verify(data)


@given(st.lists(CELL, min_size=1, max_size=4), CELL, st.integers(0, 30))
def test_no_small_cell_is_shown_or_is_the_rest_of_a_total(cells, rest, others):
    named = {str(place): cell for place, cell in enumerate(cells)}
    total = tuple(map(sum, zip(rest, *cells)))
    shown = suppressed(total, named, others if rest[2] else 0)
    for cell in [shown.total, *shown.groups.values()]:
        assert cell is None or cell[2] == 0 or cell[2] >= 5
    if shown.total is not None:
        assert None not in shown.groups.values()
        left = less(shown.total, shown.groups.values())
        assert left[2] == 0 or left[2] >= 5 and others >= 10


@settings(max_examples=150)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=3, max_size=4), st.data())
def test_no_small_count_is_the_difference_of_publications(growth, data):
    """Counts by group grow and shrink from one publication to the next; every pair of publications is compared."""
    published = []
    cells, rest = [(0, 0, 0)] * 3, (0, 0, 0)
    for step in growth:
        names = data.draw(st.sampled_from([["0", "1"], ["0", "1"], ["0"]]))
        cells = [tuple(a + b for a, b in zip(cell, more)) for cell, more in zip(cells, step)]
        rest = cells[2] if len(names) == 2 else tuple(map(sum, zip(*cells[1:])))
        named = dict(zip(names, cells))
        total = tuple(map(sum, zip(rest, *named.values())))
        line = held(suppressed(total, named, 20), published)
        published = remembered(published, line)
    for one, other in combinations(published, 2):
        rows = [(one.total, other.total), *((one.groups.get(name), other.groups.get(name)) for name in "01")]
        for before, after in rows:
            if before is not None and after is not None:
                assert distance(before, after) == 0 or distance(before, after) >= 5
        if one.total is not None and other.total is not None and set(one.groups) == set(other.groups):
            rests = [less(line.total, line.groups.values()) for line in (one, other)]
            assert distance(*rests) == 0 or distance(*rests) >= 5


def test_a_change_of_few_waits_until_it_is_large():
    first = Shown((20, 10, 40), {"0": (10, 5, 20), "1": (10, 5, 20)})
    few = Shown((22, 10, 42), {"0": (11, 5, 21), "1": (11, 5, 21)})
    many = Shown((30, 15, 60), {"0": (15, 8, 30), "1": (15, 7, 30)})
    mind = Shown((19, 11, 40), {"0": (9, 6, 20), "1": (10, 5, 20)})
    assert held(few, [first]) == first and held(mind, [first]) == first
    assert held(many, [first]) == many and held(first, []) == first


def test_a_total_of_before_does_not_bound_what_is_hidden_now():
    first = Shown((20, 10, 40), {"0": (12, 5, 20), "1": (8, 5, 20)})
    other = Shown(None, {"0": (18, 9, 36), "1": None})  # four of the hidden group: all of the total of before
    assert held(other, [first]) == first
    assert held(Shown(None, {"0": (24, 12, 60), "1": None}), [first]) != first
    assert held(first, [other]) == other


@pytest.mark.in_turns(of=5)
def test_few_versions_of_a_statement_follow_each_other():
    published = []
    for seen in range(15, 15_000, 10):
        now = Shown((seen, 0, seen), {})
        line = held(now, published)
        published = remembered(published, line)
    assert len(published) == 50 and published[-1].total[2] > 1_500
    assert all(10 * (b.total[2] - a.total[2]) >= a.total[2] for a, b in zip(published, published[1:]))
    assert held(now, published, is_last=True) == now, "the last publication tells how it ended"


def test_a_line_that_showed_nothing_is_not_remembered():
    first, blank, later = Shown((9, 9, 20), {}), Shown(None, {"0": None}), Shown((30, 9, 60), {})
    assert remembered(remembered([first], blank), later) == [first, later]


def test_a_cell_hidden_once_is_compared_with_the_last_shown():
    first = Shown((20, 10, 40), {"0": (20, 10, 40)})
    other = Shown(None, {"1": (9, 9, 20)})
    again = held(Shown((21, 10, 41), {"0": (21, 10, 41)}), remembered([first], other))
    assert again == Shown(None, {"0": None})


def test_sizes_do_not_tell_how_many_were_left_out():
    assert shown_sizes(108, {"0": 100, "1": 8}, ["0"]) == {"0": None}
    assert shown_sizes(130, {"0": 70, "1": 50, "2": 8}, ["0", "1"]) == {"0": 70, "1": 50}
    assert shown_sizes(120, {"0": 70, "1": 50}, ["0", "1"]) == {"0": 70, "1": 50}


def test_three_publications_of_growing_responses_tell_no_small_count():
    """Of real maps: twelve new people a time, whose responses are spread over the groups."""
    before, files = None, []
    for people in (60, 72, 84):
        found = compute(Matrix.of(one for one in TRIPLES if int(one[0][1:]) < people), STATEMENTS)
        before = json.loads(json.dumps(publication.make(found, TEXTS, Settings(), before=before)))
        files.append(before)
        assert not checked(before).wrong
    assert files[0]["statements"] != files[2]["statements"]
    for one, other in combinations(files, 2):
        for a, b in zip(one["statements"], other["statements"]):
            for before, after in [(a["total"], b["total"]), *((a["groups"].get(name), b["groups"].get(name))
                                                              for name in "01234")]:
                if before and after:
                    assert distance(before, after) == 0 or distance(before, after) >= 5


def test_nothing_by_group_below_fifteen_people():
    found = compute(Matrix.of(one for one in TRIPLES if int(one[0][1:]) < 14), [], Settings(k=2))
    made = publication.make(found, TEXTS, Settings(k=2))
    assert (made["groups"], made["k"], made["silhouette"], made["representative"]) == ({}, 0, {}, {})
    assert all(one["groups"] == {} and one["gic"] is None for one in made["statements"])
    assert any(one["total"] for one in made["statements"])


def test_a_small_group_is_left_out_with_all_that_tells_of_it():
    groups = {f"p{n}": "small" if n < 8 else "large" if n < 80 else "larger" for n in range(150)}
    found = compute(MATRIX, STATEMENTS, Settings(groups=groups))
    made = json.loads(json.dumps(publication.make(found, TEXTS, Settings())))
    assert made["groups"] == {"large": 72, "larger": None}
    assert "small" not in json.dumps(made)
    assert all(one["total"] is None and set(one["figures"]["large"]) == {"pa", "pd", "pat", "pdt"}
               for one in made["statements"])
    assert not checked(made).wrong


@pytest.mark.in_turns(of=5)
def test_a_publication_agrees_with_the_verifier(tmp_path):
    for matrix in (None, MATRIX):
        result = verified(as_read(matrix=matrix), tmp_path, "--json")
        said = json.loads(result.stdout)
        assert (result.returncode, said["agrees"], said["wrong"]) == (0, True, []), result.stderr
        assert said["compared"] > 400
        assert any("need the matrix" in one for one in said["not_recomputed"]) == (matrix is None)


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("change", [
    lambda data: data["statements"][0].update(gic=0.123),
    lambda data: data["statements"][0].update(total=[1, 1, 50]),
    lambda data: data["statements"][0]["figures"]["0"].update(rat=9),
    lambda data: data["representative"].update({"0": []}),
    lambda data: data["majority"]["agree"].append("3"),
    lambda data: data["statements"][1].update(components=[0.9, 0.9]),
    lambda data: data["matrix"][0]["responses"].clear(),
    lambda data: random.Random(1).shuffle(groups := [one["group"] for one in data["matrix"]]) or [
        one.update(group=group) for one, group in zip(data["matrix"], groups)],
], ids=["gic", "total", "rat", "representative", "majority", "components", "responses", "groups"])
def test_a_changed_publication_is_found(change):
    data = as_read(matrix=MATRIX)
    change(data)
    assert checked(data).wrong


def test_a_file_that_is_no_publication_is_said(tmp_path):
    assert verified({"format": "other"}, tmp_path).returncode == 2
    assert verified({}, tmp_path).returncode == 2


def test_a_matrix_has_fresh_numbers_each_time():
    one, other = as_read(matrix=MATRIX), as_read(matrix=MATRIX)
    assert one["matrix"] != other["matrix"]
    assert as_read()["matrix"] is None
    numbers = [row["participant"] for row in one["matrix"]]
    assert len(set(numbers)) == 150 and not set(numbers) & set(MATRIX.participants)
    assert "author" not in json.dumps(one) and "time" not in json.dumps(one)
    with pytest.raises(ValueError, match="100 participants"):
        few = Matrix.of(one for one in TRIPLES if int(one[0][1:]) < 99)
        publication.make(compute(few, []), TEXTS, Settings(), matrix=few)


def test_a_publication_is_read_again(tmp_path):
    file = tmp_path / "publication.json"
    file.write_text(json.dumps(as_read(matrix=MATRIX)))
    read = publication.read(file)
    again = compute(read.matrix, read.statements(), Settings(groups=read.groups))
    assert again.counts == FOUND.counts and again.representative == FOUND.representative
    assert again.priority == pytest.approx(FOUND.priority)
    assert compute(read.matrix, read.statements(), read.settings).k == FOUND.k
    file.write_text(json.dumps(as_read(matrix=MATRIX) | {"settings": as_read()["settings"] | {"seed": 2**31}}))
    assert publication.read(file).settings == Settings(seed=2**31)
    file.write_text(json.dumps(as_read(matrix=MATRIX) | {"settings": as_read()["settings"] | {"base": 10**9}}))
    with pytest.raises(Unreadable, match="out of range"):
        publication.read(file)
    file.write_text(json.dumps(as_read()))
    with pytest.raises(Unreadable, match="holds no responses"):
        publication.read(file)


@pytest.mark.parametrize("text", [
    "", "[]", "nonsense", "[" * 100_000, '{"format": 1}', '{"format": "civic_forum.opinions/1"}',
    '{"format": "civic_forum.opinions/1", "statements": [], "matrix": [{"participant": 1, "responses": {}}]}',
    '{"format": "civic_forum.opinions/1", "statements": [], "matrix": [{"participant": "1", "group": null, '
    '"responses": {"9": 1}}]}',
    '{"format": "civic_forum.opinions/1", "statements": [{"id": "9", "text": "", "taken_out": false, "meta": false}],'
    ' "matrix": [{"participant": "1", "group": null, "responses": {"9": NaN}}]}',
    '{"format": "civic_forum.opinions/1", "statements": [{"id": "9", "text": "", "taken_out": false, "meta": false}],'
    ' "matrix": [{"participant": "1", "group": null, "responses": {"9": true}}]}',
])
def test_a_hostile_publication_is_refused(text, tmp_path):
    file = tmp_path / "publication.json"
    file.write_text(text)
    with pytest.raises(Unreadable):
        publication.read(file)
