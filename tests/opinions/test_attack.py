"""Three publications of a consultation, and everything that the desk shows: no small number follows from them."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic_forum.opinions import computing, identities, operations, queries, rules
from civic_forum.opinions.formats import publication
from civic_forum.opinions.formats.publication import Text
from civic_forum.opinions.formats.suppression import Shown
from civic_forum.opinions.mapping import Matrix, Previous, Settings, Steady
from civic_forum.opinions.rules import Basis
from civic_forum.platform import subprocess_call
from civic_forum.platform.work import use_case

from .attacker import attack
from .making import consultation

STATEMENTS = [f"한 줄 의견 {number}번이에요." for number in range(1, 13)]
BASES = [Basis.PAPER, Basis.KIOSK, Basis.LINK, Basis.ACCOUNT]
PLACES = ("", "가산동", "독산1동", "시흥1동", "시흥2동")


def drawn(seed: int) -> tuple[list[tuple[Basis, dict[int, int]]], tuple[int, ...]]:
    """60 to 150 people of three camps, each with a basis and answers, and how many are there at each publication. Some
    statements hardly anybody has seen."""
    chance = Random(seed)
    camps = [[chance.choice((0.05, 0.1, 0.5, 0.9, 0.95)) for _one in STATEMENTS] for _camp in range(3)]
    seen = [chance.choice((0.02, 0.07, 0.2, 0.8, 1, 1, 1, 1)) for _one in STATEMENTS]
    weights = [chance.choice((1, 2, 5)) for _camp in range(3)]
    first = chance.randint(60, 90)
    times = first, first + chance.randint(1, 25), first + chance.randint(26, 60)
    people = []
    for _one in range(times[-1]):
        camp = chance.choices(camps, weights)[0]
        people.append((chance.choices(BASES, (60, 20, 4, 1))[0], {
            number: 0 if chance.random() < 0.1 else 1 if chance.random() < agrees else -1
            for number, (agrees, share) in enumerate(zip(camp, seen), 1) if chance.random() < share}))
    return people, times


def kinds(people: list[tuple[Basis, dict[int, int]]], seed: int) -> dict[str, dict[str, int]]:
    """Numbers of these people by basis, and by places and ages that most do not tell."""
    chance, found = Random(seed), {name: Counter() for name in computing.WHO}
    for basis, _answers in people:
        found["bases"][str(basis)] += 1
        found["neighbourhoods"][chance.choices(PLACES, (40, 20, 5, 2, 1))[0]] += 1
        found["age_bands"][chance.choices(("", *rules.AGES), (60, 1, 20, 10, 2))[0]] += 1
    return {name: dict(numbers) for name, numbers in found.items()}


def published(seed: int) -> list[dict]:
    """Three publications, each computed as the site does, from that before it; the third is the last."""
    people, times = drawn(seed)
    texts = [Text(str(number), text) for number, text in enumerate(STATEMENTS, 1)]
    before, previous, made, kept = None, None, [], None
    for there in times:
        matrix = Matrix.of([(str(who), str(number), value) for who, (_basis, answers) in enumerate(people[:there])
                            for number, value in answers.items()], map(str, range(there)), [one.id for one in texts])
        is_last = there == times[-1]
        found = computing.result(matrix, texts, Settings(seed=seed), previous, {}, before, False, is_last)
        computing.tell_who(found, kinds(people[:there], seed), kept, is_last)
        kept = found.kept
        first, second = found.kept["components"]
        previous = Previous((first, second), {one: point.group for one, point in found.places.items() if point.group},
                            Steady(**found.kept["steady"]))
        before = json.loads(json.dumps(found.published))
        made.append(before)
    return made


@pytest.mark.in_turns(of=10)
@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
def test_three_publications_tell_no_number_of_few(seed):
    assert attack(published(seed)) == []


@pytest.mark.long
@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**6))
def test_many_times_three_publications_tell_no_number_of_few(seed):
    assert attack(published(seed)) == []


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("weaker", [
    {"held": lambda now, _earlier, **_given: now},
    {"suppressed": lambda total, cells, _others: Shown(total, dict(cells))},
    {"suppressed": lambda total, cells, _others: Shown(total, {
        name: None if 0 < cell[2] < 5 else cell for name, cell in cells.items()})},
    {"steady": lambda now, _before: now}], ids=["no holding back", "no hiding", "only small cells", "people"])
def test_the_attack_finds_what_a_weaker_rule_gives_away(weaker, monkeypatch):
    for name, rule in weaker.items():
        monkeypatch.setattr(publication, name, rule)
    assert any(attack(published(seed)) for seed in range(40))


@pytest.mark.in_turns(of=10)
@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10**6))
def test_an_attacker_with_two_companions_learns_of_no_third(seed):
    """Cells of few, with what two people told the attacker."""
    people, times = drawn(seed)
    companions = Random(seed).sample(range(times[0]), 2)
    assert attack(published(seed), [people[one][1] for one in companions]) == []


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield first, *rest


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("names", [("", "나"), ("", "나", "다"), ("", "나", "다", "라"), ("", "나", "다", "라", "마")])
def test_no_kind_of_few_follows_from_those_that_are_shown(names, monkeypatch):
    """All ways in which so many people can be of these kinds, by what is shown of them to whoever knows the rule."""
    monkeypatch.setattr(rules, "KINDS_LEAST", 4 * len(names) + 1)  # as with 50 and ten neighbourhoods
    for people in range(rules.KINDS_LEAST, rules.KINDS_LEAST + (16 if len(names) < 5 else 6)):
        behind: dict[str, list[tuple[int, ...]]] = {}
        for numbers in compositions(people, len(names)):
            told = rules.not_few({name: number for name, number in zip(names, numbers) if number})
            behind.setdefault(str(sorted(told.items())), []).append(numbers)
        for told, possible in behind.items():
            for name, numbers in zip(names, zip(*possible)):
                assert len(set(numbers)) > 1 or not 0 < numbers[0] < 5, (people, told, name)


@pytest.mark.in_turns(of=5)
@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [4])
def test_the_site_itself_tells_no_number_of_few(town, browse, monkeypatch, seed):
    """The same by the pages: the file, the list, the consultation, its result, and the desk of a moderator."""
    monkeypatch.setattr(subprocess_call, "call_limited", lambda _s, _m, function, *given: function(*given))
    asked, (people, times) = consultation(STATEMENTS), drawn(seed)
    visitor, desk, made, begun = browse(), browse(town.moderator()), [], 0
    here, office = f"/consultations/{asked.slug}", f"/desk/consultations/{asked.slug}"
    for there in times:
        with use_case(None) as work:
            operations.bring_in(work, queries.locked(asked.id), [operations.BroughtIn(
                identities.made(asked.id, basis, str(who)).value, basis, answers)
                for who, (basis, answers) in enumerate(people[begun:there], begun)])
        begun = there
        assert computing.compute(asked.id)
        made.append(visitor.get(f"{here}/result.json").json)
        assert made[-1]["matrix"] is None and all(
            5 * len(of["points"]) <= (made[-1]["groups"][name] or there) for name, of in made[-1]["picture"].items())
        for page in (visitor.get("/consultations"), visitor.get(here), visitor.get(f"{here}/result"), desk.get(office),
                     desk.get("/desk/consultations")):
            assert {int(one) for one in re.findall(r"(\d+)명", page.text)} <= told(made[-1]), page.request.path
        shown = {tuple(map(int, one)) for one in re.findall(
            r"(\d+)\s*·\s*(\d+)\s*·\s*(\d+)", desk.get(f"{office}/moderation?show=published").text)}
        totals = [one["total"] for one in made[-1]["statements"] if one["total"]]
        assert shown == {(agrees, seen - agrees - disagrees, disagrees) for agrees, disagrees, seen in totals if seen}
    assert attack(made) == []


def told(published: dict) -> set[int]:
    """Numbers of people that the file tells."""
    sizes = [size for size in published["groups"].values() if size]
    apart = [number or 0 for number in published["apart"].values()]
    blocks = [number for name in ("bases", "neighbourhoods", "age_bands")
              for number in published["about"][name].values()]
    counts = [number for one in published["statements"] for cell in (one["total"], *one["groups"].values()) if cell
              for number in (*cell, cell[2] - cell[0] - cell[1])]
    return {published["participants"], *sizes, sum(apart), *blocks, *counts}
