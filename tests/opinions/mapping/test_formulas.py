"""Every formula against an independent slow reference."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from civic_forum.opinions.mapping import Matrix, Settings, Statement, compute, figures

from . import slow

RESPONSES = st.lists(st.tuples(st.sampled_from([f"p{n}" for n in range(20)]), st.sampled_from("0123456789"),
                               st.sampled_from([-1, 0, 1])), min_size=1, max_size=150)


def latest(triples):
    return [(*pair, value) for pair, value in {(person, line): value for person, line, value in triples}.items()]


def held(triples, groups, out=(), meta=()):
    """The map with given groups says what the reference says."""
    lines = sorted({line for _, line, _ in triples}, key=int)
    people = sorted({person for person, _, _ in triples})
    found = compute(Matrix.of(triples), [Statement(one, one in out, one in meta) for one in lines],
                    Settings(groups=groups))
    counted = slow.counts(triples, groups, lines)
    kept = [one for one in lines if one not in out and one not in meta]
    zeroed = {*out, *meta} & set(lines)
    near = lambda value: pytest.approx(value, abs=1e-9, rel=1e-9)
    assert found.totals == {one: tuple(cell) for one, cell in counted[None].items()}
    table = figures.Table(*np.array([[found.counts[group][one] for one in lines] for group in found.counts],
                                    int).reshape(-1, len(lines), 3).transpose(2, 0, 1))
    shares = figures.shares(table)
    for place, group in enumerate(found.counts):
        assert found.counts[group] == {one: tuple(cell) for one, cell in counted[group].items()}
        for number, one in enumerate(lines):
            assert {name: of[place, number] for name, of in shares._asdict().items()} == near(
                slow.figures(counted, group, one))
        assert found.representative[group] == slow.representative(counted, group, kept)
    assert found.majority == {"agree": slow.majority(counted, kept, 0), "disagree": slow.majority(counted, kept, 1)}
    assert found.center == near(slow.means(triples, lines, zeroed))
    projected = slow.projected(triples, people, lines, zeroed, found.components)
    for person in people:
        assert found.projection[person] == near(projected[person])
    for one in lines:
        pa = [slow.figures(counted, group, one)["pa"] for group in found.counts]
        if pa:
            assert found.gic[one] == near(math.prod(pa))
        several = [counted[group][one] for group in found.counts] or [counted[None][one]]
        a, d, s = (sum(cell[n] for cell in several) for n in range(3))
        far = math.sqrt(len(lines)) * abs(1 - found.center[one]) * math.hypot(*(axis[one] for axis in found.components))
        assert found.extremity[one] == near(far)
        weight = (1 - (s - a - d + 1) / (s + 2)) * (far + 1) * (a + 1) / (s + 2) * (1 + 8 * 2 ** (-s / 5))
        assert found.priority[one] == near(49 if one in meta else weight ** 2)
    return found


@pytest.mark.in_turns(of=5)
@settings(max_examples=60, deadline=None)
@given(RESPONSES, st.sets(st.sampled_from("0123456789"), max_size=3), st.sets(st.sampled_from("01234"), max_size=2))
def test_any_matrix_follows_the_formulas(triples, out, meta):
    triples = latest(triples)
    held(triples, {person: str(int(person[1:]) % 3) for person, _, _ in triples if person != "p7"}, out, meta)


def test_a_larger_matrix_follows_the_formulas():
    triples = slow.made(80, 25)
    held(triples, {f"p{n}": str(n % 3) for n in range(75)}, out=("3", "17"), meta=("5",))


def test_components_are_eigenvectors_of_the_slow_covariance():
    triples = slow.made(50, 12)
    lines, people = [str(n) for n in range(12)], sorted({one for one, _, _ in triples})
    found = compute(Matrix.of(triples), [Statement("4", taken_out=True)])
    square = slow.covariance(triples, people, lines, {"4"})
    whole = sum(square[n][n] for n in range(12))
    for axis, explained in zip(found.components, found.explained):
        vector = [axis[one] for one in lines]
        for row, value in zip(square, vector):
            assert sum(a * b for a, b in zip(row, vector)) == pytest.approx(explained * whole * value, abs=1e-8)
        assert math.hypot(*vector) == pytest.approx(1)
        assert max(vector, key=abs) > 0
    assert found.explained[0] >= found.explained[1]
    assert found.components[0]["4"] == 0 == found.center["4"]


def test_dropping_is_another_choice_than_setting_to_zero():
    matrix = Matrix.of(slow.made(50, 12))
    out = [Statement("4", taken_out=True)]
    zeroed, dropped = (compute(matrix, out, Settings(k=2, drop=drop)) for drop in (False, True))
    assert zeroed.components == dropped.components
    assert zeroed.projection != dropped.projection


def test_wilson_bound_is_below_the_share_and_nothing_without_answers():
    found = compute(Matrix.of([(f"p{n}", "a", 1) for n in range(8)] + [("p0", "b", 1)], statements=["c"]), [],
                    Settings(groups={f"p{n}": "x" for n in range(8)}))
    z = 1.2816
    assert found.lower["a"] == pytest.approx((1 + z * z / 16 - z * math.sqrt(z * z / (4 * 64))) / (1 + z * z / 8))
    assert found.lower["b"] < found.lower["a"]
    assert found.lower["c"] == 0.0


def test_division_is_the_variance_between_groups():
    triples = [(f"p{n}", "a", 1 if n < 5 else -1) for n in range(10)]
    found = compute(Matrix.of(triples), [], Settings(groups={f"p{n}": str(n // 5) for n in range(10)}))
    assert found.divisive["a"] == pytest.approx((6 / 7 - 1 / 7) ** 2 / 4)
