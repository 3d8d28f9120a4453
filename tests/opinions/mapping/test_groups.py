"""Groups: who is in them, how many there are, and that they stay."""

import json
import random

import pytest

from civic_forum.opinions.mapping import Matrix, Previous, Settings, Statement, Steady, compute
from civic_forum.opinions.mapping.steady import settle

from . import slow

TRIPLES = slow.made(240, 30, density=0.5)
FOUND = compute(Matrix.of(TRIPLES), [])


def test_camps_are_found():
    assert (FOUND.k, FOUND.clear, len(FOUND.groups)) == (3, True, FOUND.grouped)
    assert slow.rand(FOUND.groups, {f"p{n}": str(n % 3) for n in range(240)}) > 0.9
    assert list(FOUND.silhouette) == [2, 3, 4, 5]


def test_the_same_responses_give_the_same_bytes():
    again = compute(Matrix.of(TRIPLES), [])
    assert json.dumps(again.contract()) == json.dumps(FOUND.contract())


def test_the_order_of_responses_does_not_matter():
    mixed = TRIPLES[:]
    random.Random(2).shuffle(mixed)
    assert compute(Matrix.of(mixed), []).contract() == FOUND.contract()


def test_other_names_of_participants_hardly_matter():
    names = [f"p{n}" for n in range(240)]
    random.Random(3).shuffle(names)
    other = {f"p{n}": name for n, name in enumerate(names)}
    found = compute(Matrix.of((other[person], line, value) for person, line, value in TRIPLES), [])
    assert slow.rand(FOUND.groups, {person: found.groups[other[person]] for person in FOUND.groups}) >= 0.95


def test_some_deleted_responses_hardly_matter():
    chance = random.Random(4)
    found = compute(Matrix.of(one for one in TRIPLES if chance.random() > 0.05), [])
    assert slow.rand(FOUND.groups, found.groups) >= 0.85


def test_a_later_run_keeps_signs_and_names():
    turned = Previous(tuple({one: -value for one, value in axis.items()} for axis in FOUND.components),
                      {one: {"0": "2", "1": "0", "2": "7"}[group] for one, group in FOUND.groups.items()},
                      FOUND.steady)
    found = compute(Matrix.of(TRIPLES), [], previous=turned)
    assert found.components[0]["3"] == pytest.approx(-FOUND.components[0]["3"])
    assert found.groups == turned.groups
    assert list(found.counts) == ["0", "2", "7"]


def test_another_number_is_adopted_after_four_updates():
    state = settle(None, 3)
    for wins, kept in ((1, 3), (2, 3), (3, 3), (0, 2)):
        state = settle(state, 2)
        assert (state.k, state.wins) == (kept, wins)


def test_an_update_that_another_number_wins_begins_anew():
    state = settle(settle(settle(settle(Steady(3, 3, 0), 2), 2), 2), 4)
    assert state == Steady(3, 4, 1)
    assert settle(state, 3) == Steady(3, 3, 0)


def test_the_number_in_force_is_computed_though_another_wins():
    found = compute(Matrix.of(TRIPLES), [], previous=Previous(FOUND.components, {}, Steady(2, 2, 0)))
    assert (found.k, found.steady) == (2, Steady(2, 3, 1))


@pytest.mark.in_turns(of=5)
def test_a_forced_number_is_kept():
    for k in (1, 2, 4, 7):
        assert len(set(compute(Matrix.of(TRIPLES), [], Settings(k=k)).groups.values())) == k


def test_groups_that_hardly_part_are_not_shown():
    found = compute(Matrix.of(TRIPLES), [], Settings(clear=0.99))
    assert (found.clear, found.k, found.groups, found.counts, found.representative) == (False, 0, {}, {}, {})
    assert found.gic["3"] == pytest.approx((found.totals["3"][0] + 1) / (found.totals["3"][2] + 2))
    assert found.projection == FOUND.projection


def test_people_who_answer_one_way_only_are_set_apart():
    lines = [f"{n}" for n in range(12)]
    alike = [(name, one, value) for name, value in (("yes", 1), ("no", -1), ("pass", 0)) for one in lines]
    few = [("nine", one, 1) for one in lines[:9]]
    found = compute(Matrix.of(TRIPLES + alike + few), [])
    assert found.apart == {"agree": ("yes",), "disagree": ("no",), "pass": ("pass",)}
    assert "nine" in found.groups and not {"yes", "no", "pass"} & set(found.groups)
    assert found.totals["0"][2] == FOUND.totals["0"][2] + 4
    assert compute(Matrix.of(alike), [], Settings(apart=None, k=1)).grouped == 3


def test_few_answers_are_not_grouped_unless_there_are_few_people():
    few = [("few", str(n), 1) for n in range(6)]
    assert "few" not in compute(Matrix.of(TRIPLES + few), []).groups
    small = [one for one in TRIPLES if int(one[0][1:]) < 9]
    assert "few" in compute(Matrix.of(small + few), [], Settings(k=2)).groups


def test_given_groups_need_their_people():
    with pytest.raises(ValueError, match="nobody"):
        compute(Matrix.of(TRIPLES), [], Settings(groups={"nobody": "0"}))


@pytest.mark.parametrize("triples", [
    [], [("p", "a", 1)], [("p", "a", 0)], [(f"p{n}", "a", 1) for n in range(30)],
    [(f"p{n}", "a", 1 - 2 * (n % 2)) for n in range(30)], [("p", str(n), 1 - n % 3) for n in range(30)],
    [(f"p{n}", str(m), 1 - 2 * (m % 2)) for n in range(30) for m in range(10)],
    [(f"p{n}", str(n), 1) for n in range(30)],
    [(f"p{n}", str(m), (-1) ** (n + m)) for n in range(30) for m in range(9)],
], ids=["nobody", "one", "pass", "one line alike", "one line", "one person", "alike", "diagonal", "rank one"])
def test_singular_matrices_have_a_map(triples):
    for settings in (Settings(), Settings(k=2), Settings(apart=None)):
        found = compute(Matrix.of(triples), [Statement("unseen")], settings)
        assert found.participants == len({one for one, _, _ in triples})
        assert found.statements == len({one for _, one, _ in triples} | {"unseen"})
        json.dumps(found.contract(), allow_nan=False)


def test_a_response_is_one_of_three():
    with pytest.raises(ValueError, match="2 is no response"):
        Matrix.of([("p", "a", 2)])


def test_the_last_response_of_a_pair_counts():
    assert list(Matrix.of([("p", "a", 1), ("p", "a", -1)]).triples()) == [("p", "a", -1)]
