"""Wide tables on a phone: row below row, each cell with the name of its column; nobody scrolls sideways to read one."""

import pytest

from tests.servers import axe, chromium

from ..trials.test_pages import brought_in
from .test_in_chromium import envelope  # noqa: F401

pytestmark = pytest.mark.one_database
OPEN = "() => document.querySelectorAll('details').forEach(one => { one.open = true })"
SIDEWAYS = """() => [...document.querySelectorAll('.scroll-x, .tb-wrap')]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.ariaLabel)"""
UNNAMED = """() => [...document.querySelectorAll('.by-row td')]
    .filter(one => one.textContent.trim() && !one.dataset.label).map(one => one.outerHTML)"""
LETTER_BELOW_LETTER = """() => [...document.querySelectorAll('.tb th[scope=row]')]
    .filter(one => one.textContent.trim().length > 9 && one.clientWidth < 90).length"""


def reads_well(page, path):
    page.evaluate(OPEN)
    assert page.evaluate(UNNAMED) == [], path
    assert page.evaluate(LETTER_BELOW_LETTER) == 0, path
    assert chromium.overflow(page) == 0, path
    if page.viewport_size["width"] < chromium.DESKTOP:
        assert page.evaluate(SIDEWAYS) == [], path


def roles(page) -> set[str]:
    """The things that the browser tells a screen reader."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        session.detach()
    return {node["role"]["value"] for node in nodes if "role" in node}


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.NARROWEST, chromium.PHONE, chromium.DESKTOP])
def test_tables_of_results(served, window, envelope, width):  # noqa: F811
    page = window(width, base_url=served)
    page.goto("/display?text=xl&back=/budgets")
    here = f"/budgets/{envelope.round.slug}"
    for path in (f"{here}/results", f"{here}/{envelope.slug}/results", f"{here}/{envelope.slug}/results/recount",
                 f"{here}/{envelope.slug}/results/A07"):
        page.goto(path)
        reads_well(page, path)
        assert {"table", "row", "rowheader", "columnheader", "cell"} <= roles(page), "it is still told as a table"


@pytest.mark.in_turns(of=10)
@pytest.mark.parametrize("width", [chromium.NARROWEST, chromium.PHONE])
def test_tables_of_a_trial(town, served, window, width):
    brought_in(town)
    page = window(width, base_url=served)
    page.goto("/display?text=xl&back=/budgets")
    page.goto("/budgets/trials/last-year")
    reads_well(page, "the trial")
    assert axe.violations(page) == []
