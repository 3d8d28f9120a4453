"""The page that draws again, in a browser: agrees with the site's rules and says what differs from the letter."""

import json
from hashlib import sha256
from random import Random

import pytest
from flask import render_template_string

from civic_forum.draws.rules import filling

from . import definitions, records
from .records import Made, passed

pytestmark = [pytest.mark.one_database, pytest.mark.in_turns(of=10)]
HERE = "http://draw.test/"
PAGE = """<!doctype html><html lang="ko"><title>추첨</title><main><h1>추첨</h1>
{{ checker(definition, list, passed) }}</main>
<script type="module" src="/draw-check.js"></script>"""
FIGURES = "3 11 15 29 35 44 7"
AGREE = """async ([cases, names]) => {
  const { resultOf, sha256, markOf } = await import("/draw-check.js");
  const bytes = (digits) => Uint8Array.from(digits.match(/../g), (two) => parseInt(two, 16));
  return [cases.map(({ lots, cells, seed, entries }) => resultOf(lots, new Map(cells), bytes(seed), entries, 1253)),
    Array.from({ length: 130 }, (_, length) => [...sha256(new Uint8Array(length).fill(length))]),
    names.map((name) => markOf({ slug: "a", attempt: 1 }, 482913, "00".repeat(16), name, "1980-01-01"))];
}"""


@pytest.fixture
def opened(app, window):
    """The page with a record on it, which has been loaded and may ask for nothing any more."""
    made = Made(entries=[passed(100_012)])
    members = {name.partition(".")[0]: data.decode() for name, data in made.members().items()}
    with app.test_request_context():
        text = render_template_string("{% from 'draws/checker.html' import checker %}" + PAGE, **members)
    page, script = window(390), (records.VERIFIER.parent / "static/js/draw-check.js").read_text("utf-8")
    page.route(HERE, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    page.route(f"{HERE}draw-check.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    page.goto(HERE)
    page.context.set_offline(True)
    return page, made, members


def again(page, **typed):
    for name, value in typed.items():
        page.locator(f"[data-typed={name}]").evaluate("(field, value) => { field.value = value; }", value)
    page.get_by_role("button", name="다시 뽑기").click()
    return page.locator("[data-found]").inner_text()


def test_a_draw_is_repeated_offline_from_a_letter(opened):
    page, made, members = opened
    drawn = filling.result_json(records.LOTS, filling.result(
        records.LOTS, records.CELLS, filling.seed(made.commit, made.figures, bytes.fromhex(made.beacon)), made.entries,
        1253))
    mine = json.loads(drawn)[1]["numbers"][0]
    told = again(page, figures=FIGURES, beacon=made.beacon, commit=f"{made.commit.hex()[:8]} {made.commit.hex()[-8:]}",
                 number=str(mine), salt=records.SALT.hex(), name=f"사람 {mine}", birthday="1980-01-01")
    assert page.locator("[data-found] .ok").count() == 4 and page.locator("[data-found] li.no").count() == 0
    assert [[int(line.split()[0]) for line in page.locator("[data-found] ol.num").nth(lot).inner_text().splitlines()]
            for lot in (0, 1)] == [lot["numbers"] for lot in json.loads(drawn)]
    assert f"{mine} 나" in told and "로또 1253회" in told
    again(page, name="다른 사람", commit="0" * 64, list="100001 " + "0" * 64 + " c1")
    assert page.locator("[data-found] li.no").count() == 3
    assert "다시 확인해 주세요" in again(page, figures="3 11 15 29 35 44 44")
    later = again(page, list=members["list"], late="2026-12-24T00:00:00Z", figures=FIGURES, beacon="")
    assert filling.seed(made.commit, filling.values(1257, [3, 11, 15, 29, 35, 44], 7), b"").hex() in later
    assert "읽을 수 없어요" in again(page, list="100001 x")


def test_the_page_fills_as_the_site_and_the_checker_do(opened):
    random, cases, results = Random(60), [], []
    for _time in range(100):
        lots, cells = definitions.draw(random)
        seed, entries = random.randbytes(32), definitions.leaving(random, cells)
        cases.append({"lots": [lot.to_json() for lot in lots], "cells": list(cells.items()), "seed": seed.hex(),
                      "entries": [entry.to_json() for entry in entries]})
        results.append(filling.result(lots, cells, seed, entries, 1253))
    assert opened[0].evaluate(AGREE, [cases, definitions.NAMES]) == [
        results, [[*sha256(bytes([length]) * length).digest()] for length in range(130)],
        [records.draw.mark_of("a", 1, 482_913, bytes(16), name, "1980-01-01").hex() for name in definitions.NAMES]]
