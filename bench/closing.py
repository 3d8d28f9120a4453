"""Duration of the closing of a large vote, and waits of others for a page meanwhile."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import config
from civic_forum.app import create_app
from civic_forum.ballots import queries as boxes
from civic_forum.platform import migrations
from civic_forum.platform.base import db
from tests import factories
from tests.polls import making

from .casting import durable
from .counted_box import OVER_S, QUIET_PAGES, p95, waits
from .figures import Figure
from .servers import Server, free_port, serving
from .voters import MOST, OPTIONS, fill

VOTERS = 100_000
PATIENCE_S = 120


def closing(_districts: object) -> list[Figure]:
    """Both databases, each with its own vote."""
    return [figure for name in ("SQLite", "PostgreSQL") for figure in measured(name)]


def measured(database: str) -> list[Figure]:
    with TemporaryDirectory(prefix="civic-forum-bench-") as folder, ExitStack() as cluster:
        settings = {"DATABASE_URL": cluster.enter_context(durable())} if database == "PostgreSQL" else {}
        data = Path(folder) / "data"
        page = f"/polls/{over(data, **settings)}"
        with serving("empty", data, free_port()) as empty, \
                serving("standing", data, free_port(), CLOCK_OFFSET_S=str(OVER_S), **settings) as site:
            base = p95(waits(empty, "/", iter(range(QUIET_PAGES))))
            began = time.perf_counter()
            found = waits(site, page, until_closed(site, page))  # whoever reads it first has it closed
            took = time.perf_counter() - began
            quiet = p95(waits(site, page, iter(range(QUIET_PAGES))))
    return [
        Figure(f"{database}: closing of {VOTERS:,} ballots", round(took, 1), "s", "≤ 20"),
        Figure(f"{database}: p95 of a page meanwhile", round(p95(found), 1), "ms", "", round(base, 1),
               round(p95(found) / base, 1)),
        Figure(f"{database}: p95 of the same page afterwards", round(quiet, 1), "ms", "", round(base, 1),
               round(quiet / base, 1)),
        Figure(f"{database}: longest of {len(found)} pages", round(max(found)), "ms", "≤ 1000"),
    ]


def until_closed(site: Server, page: str) -> Iterator[None]:
    """Goes on until the closing head is published."""
    ends = time.monotonic() + PATIENCE_S
    yield
    while len(json.loads(site.get(f"{page}/heads.json")[2])) < 2:
        assert time.monotonic() < ends, "the vote is not closed"
        yield


def over(data: Path, **settings: str) -> str:
    """Make a database in this data directory with a vote whose time is over in a week; returns its slug."""
    config.mark_as_sample(data)
    app = create_app(config.load({}, DATA=str(data), LEAST_OFFICERS=0, **settings))
    with app.app_context():
        migrations.upgrade()
        poll = making.opened(factories.Town(), options=making.options(OPTIONS), kind="up_to_k", max_choices=MOST)
        rule, slug = boxes.rule_of(boxes.by_id(poll.box_id)), poll.slug
        kinds = [rule.encode(dict.fromkeys(range(first, first + MOST), 1)) for first in range(1, OPTIONS - MOST + 2)]
        fill(poll.box_id, list(islice(cycle(kinds), VOTERS)))
        db.session.remove()
        db.engine.dispose()
    return slug
