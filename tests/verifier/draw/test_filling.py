"""Filling and definitions of draws by the site's rules, the checker, and the text of the format alone."""

import json
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import combinations
from random import Random

import pytest

from civic_forum.ballots.box.closing import lottery_held_at
from civic_forum.draws.rules import filling
from civic_forum.draws.rules.filling import Passed, Reason
from civic_forum.draws.rules.lots import (Fault, Group, Lot, Quota, Refused, Seats, Trait, built, draw_id, folded,
                                          lottery_from, mark, round_from, rule)
from tests.running.turns import LONG, share
from tests.verifier.format2.running import VERIFIER

from . import definitions, from_the_text
from .definitions import AT
from .records import LOTTERY_AT, draw, example

VECTORS = json.loads((VERIFIER / "draw-vectors.json").read_text("utf-8"))
SOME = frozenset(("c1", "c2", "c3"))


def test_the_known_answers():
    known = VECTORS["seed"]
    typed = filling.values(**known["values"])
    assert filling.seed(bytes.fromhex(known["commit"]), typed, bytes.fromhex(known["signature"])).hex() == known["seed"]
    case = VECTORS["order"]
    numbers = [case["number"], *range(100_000, 100_050)]
    assert filling.order(bytes.fromhex(known["seed"]), case["lot"], numbers)[16] == case["number"]
    for case in VECTORS["fillings"]:
        lots, cells = list(map(Lot.read, case["lots"])), {number: f"c{(number - 100_001) // 5 + 1}"
                                                          for number in range(100_001, 100_016)}
        assert filling.drawn(lots, cells, bytes.fromhex(known["seed"]), set(case["without"])) == case["drawn"]
        assert from_the_text.all_filled(
            case["lots"], cells, bytes.fromhex(known["seed"]), case["without"], [(), ()], ()) == case["drawn"]
    case = VECTORS["mark"]
    assert mark(bytes(32), case["number"], bytes(16), f"{case['name']}\n{case['birth']}").hex() == case["mark"]
    assert from_the_text.mark(bytes(32), case["number"], bytes(16), [case["name"]], case["birth"]).hex() == case["mark"]
    case = VECTORS["mark_of_equal_points"]
    assert mark(bytes(32), case["number"], bytes(16), f"{folded(case['name'])}\n").hex() == case["mark"]
    for name in definitions.NAMES:
        names = name.rsplit(" / ", 1)
        bound = draw.mark_of("council-2026", 1, 482_913, bytes(16), name, "1980-01-01")
        assert bound == from_the_text.mark(draw_id("council-2026", 1), 482_913, bytes(16), names, "1980-01-01")
        assert bound == mark(draw_id("council-2026", 1), 482_913, bytes(16), "\n".join(
            [*map(folded, names), "1980-01-01"]))
    assert draw_id(**VECTORS["draw"]["of"]).hex() == VECTORS["draw"]["id"]
    for case in VECTORS["reckoned"]:
        number = lottery_from(datetime.fromisoformat(case["at"]))
        assert (number, round_from(number)) == (case["lottery"], case["round"])
    members = example().members()
    assert from_the_text.result_of_record(members) == json.loads(members["result.json"])


@pytest.mark.parametrize(("groups", "fault"), [
    ([(("c1", "c2"), 0, 3), (("c2", "c3"), 0, 3)], Fault.CROSSED), ([(("c1",), 0, 3), (("c1",), 1, 2)], Fault.CROSSED),
    ([(("c1", "c2", "c3"), 0, 3)], Fault.CROSSED), ([(("c4",), 0, 3)], Fault.CELLS), ([((), 0, 3)], Fault.CELLS),
    ([(("c1",), 4, 3)], Fault.LEAST), ([(("c1",), 3, 3), (("c2",), 3, 3)], Fault.LEAST),
    ([(("c1", "c2"), 0, 3), (("c1",), 2, 3), (("c2",), 2, 3)], Fault.LEAST)])
def test_groups_that_are_refused(groups, fault):
    with pytest.raises(Refused) as refused:
        Lot("", 5, SOME, tuple(Group(frozenset(cells), least, most) for cells, least, most in groups)).check()
    assert refused.value.fault is fault


def test_the_checker_and_the_text_draw_as_the_site_does():
    random = Random(59)
    for _time in range(share(10_000)):
        lots, cells = definitions.draw(random)
        seed, as_read = random.randbytes(32), [lot.to_json() for lot in lots]
        drawn = [number for own in filling.drawn(lots, cells, seed) for number in own]
        entries = definitions.leaving(random, random.choice([cells, {number: cells[number] for number in drawn}]))
        trees, passed = list(map(draw.tree_of, as_read)), [entry.to_json() for entry in entries]
        numbers = filling.result(lots, cells, seed, entries, 1253)
        assert draw.result_of(trees, cells, seed, passed, draw.lottery_at(1253)) == numbers
        assert from_the_text.result(as_read, cells, seed, passed, LOTTERY_AT) == numbers
        assert all(tree.can_hold() for tree in trees) and list(map(Lot.read, as_read)) == lots
        moment = AT + timedelta(seconds=random.randrange(10**9))
        number = lottery_from(moment)
        assert draw.reckoned(int(moment.timestamp())) == (number, round_from(number))
        assert from_the_text.lottery(moment) == (number, lottery_held_at(number))


def bounds(group, inside, people, groups):
    """Lowest and highest number of people in a group, from those right inside it."""
    inner = [bounds(one, [other for other in inside if other.cells < one.cells], people, groups) for one in inside
             if not any(one.cells < other.cells for other in inside)]
    own = sum(cell in group.cells and not any(cell in one.cells for one in inside) for cell in people)
    high = min(group.most, own + sum(pair[1] for pair in inner))
    groups[group.cells] = min(high, max(group.least, sum(pair[0] for pair in inner))), high
    return groups[group.cells]


def first_of_all(lot, ordered, cells):
    """The first set in the order, of all that fit every bound."""
    fits = {}
    bounds(Group(lot.cells, lot.places, lot.places), lot.groups, [cells[number] for number in ordered], fits)
    return next(list(chosen) for chosen in combinations(ordered, fits[lot.cells][1])
                if all(low <= sum(cells[number] in group for number in chosen) <= high
                       for group, (low, high) in fits.items()))


def test_a_filling_is_the_first_of_all_sets_that_fit():
    random = Random(56)
    for _time in range(6_000 if LONG else 100):
        names = ["c1", "c2", "c3", "c4"]
        lot = definitions.lot(random, names, most=6)
        lot.check()
        cells = {number: random.choice(names) for number in range(100_000, 100_000 + random.randint(0, 10))}
        ordered = filling.order(random.randbytes(32), 1, (number for number in cells if cells[number] in lot.cells))
        assert filling.filled(lot.nested, ordered, cells) == first_of_all(lot, ordered, cells)


def test_nobody_else_is_touched_by_who_leaves_or_comes_back():
    random = Random(57)
    for _time in range(1_500 if LONG else 40):
        lots, cells = definitions.draw(random)
        of_seed, gone, entries = random.randbytes(32), set(), []
        before = filling.drawn(lots, cells, of_seed)
        for day in range(1, 9):
            drawn = [number for own in before for number in own]
            if day % 3 == 0 and gone:
                at = random.choice([at for at, entry in enumerate(entries) if entry.number in gone])
                entries[at] = Passed(entries[at].number, Reason.MOVED, entries[at].at, AT + timedelta(days=day))
                gone.remove(entries[at].number)
                left = set()
            elif drawn:
                left = {random.choice(drawn)}
                entries.append(Passed(*left, Reason.SELF, AT + timedelta(days=day)))
                gone |= left
            after = filling.result(lots, cells, of_seed, entries, 1)
            now = {number for own in after for number in own}
            assert set(drawn) - left <= now and len(now - set(drawn)) <= 1 and not now & gone
            assert sum(map(len, after)) == len(now)
            for lot, own in zip(lots, after, strict=True):
                assert all(sum(cells[number] in group.cells for number in own) <= group.most for group in lot.nested)
            before = after


def test_the_newcomer_is_the_same_whoever_of_the_cell_leaves():
    random = Random(58)
    for _time in range(20):
        lots, cells = definitions.draw(random, 14, 3)
        of_seed = random.randbytes(32)
        now = filling.drawn(lots, cells, of_seed)
        told = {(place, cell): number for place, cell, number in filling.newcomers(lots, cells, of_seed)}
        for place, own in enumerate(now, 1):
            for number in own:
                after = {other for one in filling.drawn(lots, cells, of_seed, {number}) for other in one}
                assert after - {other for one in now for other in one} == {told[place, cells[number]]} - {None}


def test_quotas_of_cells_with_few_people_are_dropped_unless_each_of_them_agrees():
    traits = [Trait("first", ("yes", "no"), "form"), Trait("sex", ("f", "m"), "card")]
    seats = [Seats("first", 2, {"first": ["yes"]}), Seats("all", 10, quotas=(Quota({"sex": ["f"]}, 2),))]
    people = [{"first": "yes" if at < 7 else "no", "sex": "m" if at in (0, 1) or at > 12 else "f"} for at in range(20)]
    published = built(seats, traits)
    agreed = built(seats, traits, people, {0, 1})
    assert (agreed.dropped, [cell.agreed for cell in agreed.cells]) == ([], [False, True, False, False])
    assert rule(agreed.lots) == rule(published.lots)
    assert [cell.lines for cell in agreed.cells] == [5, 2, 6, 7] and agreed.cell_of[:3] == ["c2", "c2", "c1"]
    fewer = built(seats, traits, people, {0})
    assert fewer.dropped == ["sex"] and [cell.lines for cell in fewer.cells] == [7, 13]
    assert rule(fewer.lots) != rule(published.lots) and fewer.lots[1].groups == ()
    with pytest.raises(Refused):
        built(seats, traits, people[:4] + people[7:])
    with pytest.raises(Refused):
        built(seats, [Trait(name, tuple(map(str, range(11))), "form") for name in ("a", "b", "c")])


def test_chances_are_those_of_the_design(monkeypatch):
    """80 women and 33 men, at most 30 women of 50; 10 of 50 first for 40 of 113."""
    monkeypatch.setattr(filling, "seeds_of_chance", lambda _lines: 300)
    both = frozenset({"c1", "c2"})
    for lots, first, expected in (
            ([Lot("all", 50, both, (Group(frozenset({"c1"}), 0, 30),))], 80, (0.375, 0.606)),
            ([Lot("first", 10, frozenset({"c1"})), Lot("all", 40, both)], 40, (0.54, 0.39))):
        cells = {100_000 + at: "c1" if at < first else "c2" for at in range(113)}
        shares = filling.shares(filling.chance(lots, cells, bytes(32)), cells)
        assert tuple(map(float, shares.values())) == pytest.approx(expected, abs=0.02)
        assert filling.far_apart(shares)
    assert not filling.far_apart({"c1": Fraction(4, 10), "c2": Fraction(45, 100)}) and not filling.far_apart({})
    assert [filling.in_hundred(Fraction(*share)) for share in ((0, 1), (1, 999), (485, 1000), (998, 999), (1, 1))] == [
        0, 1, 49, 99, 100]
