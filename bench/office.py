"""The office's side with a great deal to do: what its pages cost, ask and weigh."""

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

import config
from civic_forum.app import create_app
from civic_forum.platform.base import db

from . import office_rows
from .districts import Districts
from .figures import Figure
from .pages import MANY, sign_in, whole_cost
from .servers import Server, free_port, serving

LIST, DETAIL = "≤ 15", "≤ 25"
VISITOR, SIGNED_IN = "≤ 6", "≤ 9"
PAGE_KB = 60
THERE = "of them there"
COUNT = re.compile(r'모든 일\s*<span class="n">([\d,]+)')
"""Of everything that waits, as a desk says it."""
PROPOSAL = re.compile(r'href="(/proposals/\d{4}-\d+)"')


def office(districts: Districts) -> list[Figure]:
    """Each page, all of it made, for whom it is: CPU over the empty page of the same run, statements, compressed."""
    data = office_rows.busy(districts.of(MANY), districts.folder)
    figures = []
    with serving("empty", data, free_port()) as empty, serving("made", data, free_port()) as site:
        for name, path, who, goal in _pages(data):
            sign_in(site, who)
            figures += whole_cost(site, empty, name, path, goal, SIGNED_IN if who else VISITOR)
            figures.append(Figure(name, _weight(site, path), "kB", f"≤ {PAGE_KB}", column=f"kB (goal {PAGE_KB})"))
            figures += _held(site, name, path)
    return figures


def _pages(data: Path) -> Iterable[tuple[str, str, str | None, str]]:
    """Name, address, who looks at it (None: a visitor), goal."""
    yield "desk of a moderator", "/desk", "moderator1", LIST
    yield "desk of a moderator, late", "/desk?due=late", "moderator1", LIST
    yield "desk of an official", "/desk", "official1", LIST
    yield "desk of a clerk", "/desk", "clerk1", LIST
    yield "queue of answers", "/desk/answers", "official1", LIST
    yield "queue of reports", "/desk/reports", "moderator1", LIST
    yield "ledger of 100,000", "/moderation/ledger", None, LIST
    yield "agenda of 200 proposals", f"/agendas/{office_rows.SLUG}", None, LIST
    yield "outcomes, 10,000", "/outcomes", None, LIST
    yield "proposal with everything", f"/proposals/{_fullest(data)}", None, DETAIL


def _fullest(data: Path) -> str:
    """The number of the proposal of the sample that has gone the longest way."""
    app = create_app(config.load(DATA=str(data)))
    with app.app_context():
        number = office_rows.fullest()
        db.session.remove()
        db.engine.dispose()
    return number


def _weight(site: Server, path: str) -> float:
    body = site.get(path, **{"Accept-Encoding": "gzip"})[2]
    assert gzip.decompress(body).startswith(b"<!doctype html>"), path
    return round(len(body) / 1000, 1)


def _held(site: Server, name: str, path: str) -> list[Figure]:
    """Amount that really stands behind a page: a desk that misses what waits, or an agenda that shows a part, is
    quick."""
    if path not in ("/desk", f"/agendas/{office_rows.SLUG}"):
        return []
    page = site.get(path)[2].decode()
    if path == "/desk":
        return [Figure(name, int(COUNT.search(page)[1].replace(",", "")), "items", "", column=THERE)]
    return [Figure(name, len(set(PROPOSAL.findall(page))), "proposals", f"{office_rows.LONG_AGENDA}", column=THERE)]
