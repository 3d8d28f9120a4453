"""Wait of others for a page while an official counts a large box of a participatory budget."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import config
from civic_forum.app import create_app
from civic_forum.ballots.models import BallotBox
from civic_forum.ballots import queries as boxes
from civic_forum.budgets.counting.settings import Completion, CountingRules, Rule
from civic_forum.budgets.rules import Phase
from civic_forum.platform import clock, migrations
from civic_forum.platform.base import db
from tests import factories
from tests.budgets import making

from . import large_election
from .figures import Figure
from .servers import Server, free_port, serving
from .voters import fill, signed_in

VOTERS, PROJECTS = 10_000, 40
WON = 100
"""Of the unit in which the large election has its money."""
RULES = CountingRules(Rule.EQUAL_SHARES, completion=Completion.ADD1, fill_greedy=True, step=Fraction(1))
OVER_S = 8 * 24 * 3600
PAUSE_S = 0.02
"""Between two pages, so that the one who measures takes little of the two cores."""
QUIET_PAGES = 150


@dataclass(frozen=True)
class Closed:
    """A box whose voting is over, and an official who may count it."""

    page: str
    desk: str
    cookie: str
    csrf_token: str


def counted_box() -> list[Figure]:
    """p95 of a page made anew while the box is counted and its record written, over that of an empty page."""
    with TemporaryDirectory(prefix="civic-forum-bench-") as folder:
        data = Path(folder) / "data"
        box = closed(data)
        with serving("empty", data, free_port()) as empty, \
                serving("standing", data, free_port(), CLOCK_OFFSET_S=str(OVER_S)) as site:
            base = p95(waits(empty, "/", iter(range(QUIET_PAGES))))
            quiet = p95(waits(site, box.page, iter(range(QUIET_PAGES))))
            assert site.get(box.desk, Cookie=box.cookie)[0] == 200  # whoever reads it first closes it
            with _pressed(site, box) as goes_on:
                began = time.perf_counter()
                found = waits(site, box.page, goes_on)
                took = time.perf_counter() - began
    size = f"a box of {VOTERS:,} × {PROJECTS}"
    return [
        Figure("p95 of a page, nothing is counted", round(quiet, 1), "ms", "", round(base, 1), round(quiet / base, 1)),
        Figure(f"p95 of a page while {size} is counted", round(p95(found), 1), "ms", "≤ 5 × when nothing is",
               round(base, 1), round(p95(found) / base, 1)),
        Figure(f"longest of {len(found)} of them", round(max(found)), "ms", "≤ 1000"),
        Figure("until it is counted, recorded and verified", round(took, 1), "s", ""),
    ]


def p95(waits: list[float]) -> float:
    return quantiles(waits, n=20)[-1]


def waits(server: Server, path: str, while_there_is: Iterator) -> list[float]:
    """Milliseconds of each page, one after another."""
    connection, waits = server.connect(), []
    for _one in while_there_is:
        began = time.perf_counter()
        assert server.get(path, connection)[0] == 200
        waits.append((time.perf_counter() - began) * 1000)
        time.sleep(PAUSE_S)
    connection.close()
    return waits


@contextmanager
def _pressed(site: Server, box: Closed) -> Iterator[Iterator]:
    """The official presses; something to go through until the answer is there."""
    said: list[int] = []
    official = threading.Thread(target=lambda: said.append(
        site.post(f"{box.desk}/steps", {"csrf_token": box.csrf_token}, Cookie=box.cookie)[0]))
    official.start()
    yield iter(official.is_alive, False)
    official.join()
    assert said == [303], said


def closed(data: Path) -> Closed:
    """Make a database in this data directory with such a box."""
    config.mark_as_sample(data)
    app = create_app(config.load({}, DATA=str(data), LEAST_OFFICERS=0))
    with app.app_context():
        migrations.upgrade()
        town = factories.Town()
        budget_round = making.new_round(town, phase=Phase.VOTING, counting=RULES.to_json(), project_cap=10**12)
        envelope = budget_round.envelopes[0]
        envelope.amount, envelope.max_choices = large_election.BUDGET * WON, large_election.MOST_CHOICES
        db.session.commit()
        for cost in large_election.costs(PROJECTS).values():
            making.project(town, budget_round, cost=cost * WON)
        budget_round = making.opened(town, budget_round=budget_round)
        box = db.session.get(BallotBox, budget_round.envelopes[0].box_id)
        rule = boxes.rule_of(box)
        fill(box.id, [rule.encode({place + 1: 1 for place in chosen})
                      for chosen in large_election.ballots(VOTERS, PROJECTS)])
        clock.shift(OVER_S)
        [cookie], token = signed_in(app, [factories.signed_in(town.official())])
        made = Closed(f"/budgets/{budget_round.slug}", f"/desk/votes/{box.id.hex()}", cookie, token)
        clock.shift(0)
        db.session.remove()
        db.engine.dispose()
    return made
